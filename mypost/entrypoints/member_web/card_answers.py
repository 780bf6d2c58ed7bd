"""Questions to a card and their answers: how they leave this door, and how they come back.

The reader is a page of its own, perhaps of another house. We send the browser there with what
the card shall sign; the reader sends it back here with a POST. That POST may come from another
site: then the browser keeps our session cookie back, and the person repeats it from our own page.
"""

import re
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from mypost.common.clock import now
from mypost.entrypoints.member_web.redirects import SeeOther, see_other
from mypost.proofing import challenges
from mypost.proofing.cards import CardAnswer
from mypost.proofing.challenges import Purpose
from mypost.proofing.errors import ChallengeForeign
from mypost.proofing.models import CardChallenge

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

FIELDS = ("challenge_id", "certificate", "signature")
LONGEST_FIELD = 20_000  # characters; a certificate of a card has some 3,000
AFTERWARDS = "card_afterwards"  # in the session: which challenge leads where
_PASTED = re.compile(r'"?(challenge_id|certificate|signature)"?\s*[:=]\s*"?([\w+/=-]+)')


@dataclass(frozen=True)
class Errand:
    """What a card is asked for: page names the question, answer takes what it signed (url names).

    The reader signs with the key that the purpose needs.
    """

    purpose: Purpose
    page: str
    answer: str


SIGN_IN = Errand(Purpose.SIGN_IN, "card_sign_in", "card_sign_in_answer")
STEP_UP = Errand(Purpose.STEP_UP, "card_step_up", "card_step_up_answer")
LINK = Errand(Purpose.LINK, "card_link", "card_link_answer")
PROVE = Errand(Purpose.PROVE, "card_prove", "card_prove_answer")


def ask(request: HttpRequest, errand: Errand, *, afterwards: str = "") -> HttpResponse:
    """Put a question to the card: send the browser to the reader, or show it to be copied.

    afterwards: the path of our own to go to when the card has answered.
    """
    challenge = challenges.make(errand.purpose, session=session_of(request), at=now())
    request.session[AFTERWARDS] = [str(challenge.id), afterwards]
    if "by_hand" in request.POST or not settings.CARD_CLIENT_URL:
        return _by_hand(request, errand, challenge)
    return SeeOther(_reader_url(errand, challenge))


def session_of(request: HttpRequest) -> str:
    """Return what names this browser's session; whoever has none gets one."""
    if request.session.session_key is None:
        request.session.create()
    return str(request.session.session_key)


def read_answer(request: HttpRequest) -> CardAnswer:
    """Return what the reader sent, or what was pasted from it.

    What is no base64 becomes empty bytes, which the judge refuses as malformed.
    Raises ChallengeForeign for an answer that names no question.
    """
    fields = {name: request.POST.get(name, "") for name in FIELDS}
    if "answer" in request.POST:
        fields |= dict(_PASTED.findall(request.POST["answer"][: 3 * LONGEST_FIELD]))
    try:
        challenge_id = UUID(fields["challenge_id"])
    except ValueError:
        raise ChallengeForeign from None
    return CardAnswer(challenge_id, _bytes(fields["certificate"]), _bytes(fields["signature"]))


def afterwards_of(request: HttpRequest, challenge_id: UUID, *, otherwise: str) -> str:
    """Return the path that this question leads to, once; only paths of our own."""
    asked, target = request.session.pop(AFTERWARDS, ["", ""])
    if asked != str(challenge_id) or not is_ours(request, target):
        return reverse(otherwise)
    return str(target)


def is_ours(request: HttpRequest, target: str) -> bool:
    """Say whether an address leads to a page of this door."""
    return bool(target) and url_has_allowed_host_and_scheme(target, {request.get_host()})


def comes_back(errand: Errand) -> Callable[[View[P]], View[P]]:
    """Let an answer in only with the session that asked: else it is to be sent once more from here.

    The view is exempt from the usual token: a challenge is one, single-use and bound to a session.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method != "POST":  # somebody turned round at the reader
                return see_other(errand.page)
            if settings.SESSION_COOKIE_NAME in request.COOKIES:
                return view(request, *args, **kwargs)
            if "again" in request.POST:  # there was no session to begin with
                return see_other(errand.page)
            return _again(request, errand)

        wrapped.csrf_exempt = True  # type: ignore[attr-defined]
        return wrapped

    return decorate


def _by_hand(request: HttpRequest, errand: Errand, challenge: CardChallenge) -> HttpResponse:
    shown = {
        "place": "me",
        "text": _encoded(challenges.text_of(challenge)),
        "words": challenges.text_of(challenge).decode(),
        "challenge": challenge,
        "answer_url": reverse(errand.answer),
        "page_url": reverse(errand.page),
    }
    return render(request, "member_web/card/by_hand.html", shown)


def _reader_url(errand: Errand, challenge: CardChallenge) -> str:
    question = {
        "challenge": _encoded(challenges.text_of(challenge)),
        "purpose": errand.purpose,
        "return_to": f"{settings.MEMBER_URL}{reverse(errand.answer)}",
    }
    return f"{settings.CARD_CLIENT_URL}/card?{urlencode(question)}"


def _again(request: HttpRequest, errand: Errand) -> HttpResponse:
    fields = [(name, request.POST.get(name, "")[:LONGEST_FIELD]) for name in FIELDS]
    shown = {"fields": fields, "answer_url": reverse(errand.answer)}
    return render(request, "member_web/card/again.html", shown)


def _encoded(text: bytes) -> str:
    return urlsafe_b64encode(text).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    """Return what base64 says, with either alphabet; nothing for what is none."""
    plain = re.sub(r"\s", "", text[:LONGEST_FIELD]).replace("-", "+").replace("_", "/")
    try:
        return b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (NotBase64, ValueError):
        return b""
