"""The Digital Authentication App (デジタル認証アプリ): out to it, and back from it.

It comes back by GET, as its protocol says. That page only shows a button: what counts is the POST
behind it, so that no prefetch and no link from elsewhere can sign anybody in.
"""

from datetime import datetime

from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mypost.accounts.models import SignIn
from mypost.common.clock import now
from mypost.common.problems import Refusal
from mypost.common.transactions import writes
from mypost.entrypoints.access import public
from mypost.entrypoints.member_web.auth import MemberRequest, member_of, members_only
from mypost.entrypoints.member_web.auth_app_words import ADVICE, ANEW, WORDS
from mypost.entrypoints.member_web.card_answers import is_ours
from mypost.entrypoints.member_web.card_sign_in import admit
from mypost.entrypoints.member_web.redirects import SeeOther, see_other
from mypost.members.models import Member
from mypost.proofing import auth_app as proofing
from mypost.proofing.errors import CardNotYours, CardUnknown, SamePersonElsewhere
from mypost.verification import auth_app
from mypost.verification.auth_app import AppIdentity, Errand
from mypost.verification.errors import AppAnswerForeign, AppError, AppUnavailable

KEPT = "auth_app_errand"  # in the session
ANSWER = ("code", "state", "iss", "error")  # what the provider brings
LONGEST = 2_000  # characters of each
PAGES = {"sign_in": "auth_app_sign_in", "prove": "auth_app_prove", "step_up": "auth_app_step_up"}


@require_http_methods(["GET", "HEAD", "POST"])
@public
@writes
def app_sign_in(request: HttpRequest) -> HttpResponse:
    """Say what signing in with the app needs, and begin it."""
    if request.user.is_authenticated:
        return see_other("start")
    if request.method == "POST":
        waits: HttpResponse | None = ratelimit.consume_or_429(request, action="login")
        return waits or _begin(request, "sign_in")
    return _explain(request, "sign_in")


@require_http_methods(["GET", "HEAD", "POST"])
@writes
@members_only
def app_prove(request: MemberRequest) -> HttpResponse:
    """Say what the app tells us, and begin the proof."""
    return _begin(request, "prove") if request.method == "POST" else _explain(request, "prove")


@require_http_methods(["GET", "HEAD", "POST"])
@writes
@members_only
def app_step_up(request: MemberRequest) -> HttpResponse:
    """Say why the app is asked now, and begin it."""
    return _begin(request, "step_up") if request.method == "POST" else _explain(request, "step_up")


@require_http_methods(["GET", "HEAD", "POST"])
@public
@writes
def app_return(request: HttpRequest) -> HttpResponse:
    """Show that the app has answered; when that is confirmed here, take the answer."""
    if not settings.AUTH_APP_URL:
        raise Http404
    if request.method != "POST":
        fields = [(name, request.GET[name][:LONGEST]) for name in ANSWER if name in request.GET]
        return render(request, "member_web/app/answered.html", {"fields": fields})
    answer = {name: request.POST[name][:LONGEST] for name in ANSWER if name in request.POST}
    kept = request.session.pop(KEPT, None)  # once, whatever comes of it
    errand = Errand(**kept["errand"]) if kept else None
    try:
        return _take(request, errand, answer, target=kept["next"] if kept else "", at=now())
    except SamePersonElsewhere:
        return see_other("same_person")
    except (AppError, CardUnknown, CardNotYours) as refusal:
        return _refused(request, errand, refusal)


def _explain(request: HttpRequest, purpose: str) -> HttpResponse:
    if not settings.AUTH_APP_URL:
        raise Http404
    shown = {"place": "me", "purpose": purpose, "next": _next(request)}
    return render(request, f"member_web/app/{purpose}.html", shown)


def _begin(request: HttpRequest, purpose: str) -> HttpResponse:
    if not settings.AUTH_APP_URL:
        raise Http404
    return_to = f"{settings.MEMBER_URL}{reverse('auth_app_return')}"
    try:
        errand, address = auth_app.begin(purpose, redirect_uri=return_to, at=now())
    except AppUnavailable as refusal:
        return _refused(request, None, refusal, page=PAGES[purpose])
    request.session[KEPT] = {"errand": errand.as_session(), "next": _next(request)}
    return SeeOther(address)


def _take(
    request: HttpRequest,
    errand: Errand | None,
    answer: dict[str, str],
    *,
    target: str,
    at: datetime,
) -> HttpResponse:
    identity = auth_app.finish(errand, answer, at=at)
    assert errand is not None, "finish refuses an answer without an errand"
    if errand.purpose == "sign_in":
        if request.user.is_authenticated:  # somebody signed in here meanwhile
            return see_other("start")
        member = proofing.sign_in(identity)
        way_back = target if is_ours(request, target) else reverse("start")
        return admit(request, member, way_back, method=SignIn.Method.AUTH_APP)
    signed_in = member_of(request)
    if signed_in is None:
        raise AppAnswerForeign
    if errand.purpose == "prove":
        return _proved(request, signed_in, identity, at=at)
    return _stepped_up(request, signed_in, identity, target)


def _proved(
    request: HttpRequest, member: Member, identity: AppIdentity, *, at: datetime
) -> HttpResponse:
    proofing.prove(member, identity, at=at)
    record_authentication(request, request.user, method=SignIn.Method.AUTH_APP)
    messages.success(request, _("Your identity is confirmed: you are at level 3 now."))
    return see_other("me")


def _stepped_up(
    request: HttpRequest, member: Member, identity: AppIdentity, target: str
) -> HttpResponse:
    proofing.step_up(member, identity)
    record_authentication(request, request.user, method=SignIn.Method.AUTH_APP)
    messages.success(request, _("Your card has confirmed that it is you."))
    return SeeOther(target) if is_ours(request, target) else see_other("start")


def _refused(
    request: HttpRequest, errand: Errand | None, refusal: Refusal, *, page: str = ""
) -> HttpResponse:
    otherwise = "auth_app_prove" if request.user.is_authenticated else "auth_app_sign_in"
    again = page or (PAGES[errand.purpose] if errand else otherwise)
    shown = {
        "place": "me",
        "refusal": refusal,
        "sentence": WORDS[refusal.code],
        "advice": ADVICE.get(refusal.code, ANEW),
        "again_url": reverse(again),
    }
    status = 422 if refusal.permanent else 503
    return render(request, "member_web/app/refused.html", shown, status=status)


def _next(request: HttpRequest) -> str:
    """Return the page of our own to go to afterwards; none for an address elsewhere."""
    target = request.POST.get("next") or request.GET.get("next", "")
    return target if is_ours(request, target) else ""
