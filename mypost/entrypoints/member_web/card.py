"""The member's card: proof of who they are, signing in with it, stopping it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mypost.common.clock import now
from mypost.common.transactions import reads, writes
from mypost.entrypoints.confirming import confirmed_again
from mypost.entrypoints.member_web.auth import MemberRequest, members_only
from mypost.entrypoints.member_web.card_answers import (
    LINK,
    PROVE,
    ask,
    comes_back,
    read_answer,
    session_of,
)
from mypost.entrypoints.member_web.card_verdicts import REFUSALS, refused
from mypost.entrypoints.member_web.redirects import see_other
from mypost.members import queries as members
from mypost.members.models import Member
from mypost.members.reasons import LAPSE_REASONS
from mypost.proofing import cards, watch
from mypost.proofing.challenges import LIFETIME
from mypost.proofing.errors import SamePersonElsewhere
from mypost.proofing.models import LinkedCard

HELD = "stopped_by_holder"
PROVED_AT = "card_proved_at"  # in the session, ISO 8601


@dataclass(frozen=True)
class Certificate:
    """One certificate of a card, as its page shows it. why: it stopped, in words."""

    serial: str
    expires_at: datetime | None
    stopped_at: datetime | None
    why: str

    @property
    def counts(self) -> bool:
        return bool(self.serial) and self.stopped_at is None


@dataclass(frozen=True)
class MyCard:
    """One card of the member. proves: its certificate for signatures. signs_in: the other one."""

    card: LinkedCard
    proves: Certificate
    signs_in: Certificate

    @property
    def counts(self) -> bool:
        return self.proves.counts or self.signs_in.counts


@require_safe
@reads
@members_only
def my_cards(request: MemberRequest) -> HttpResponse:
    """List the member's cards, and what each is good for."""
    shown = {"place": "me", "cards": _cards_of(request.member), "member": request.member}
    return render(request, "member_web/card/cards.html", shown)


@require_POST
@writes
@members_only
def stop_card(request: MemberRequest, card_id: UUID) -> HttpResponse:
    """Let a card of the member's sign nobody in any more, and prove nothing new."""
    card = LinkedCard.objects.select_for_update().filter(member=request.member, id=card_id).first()
    if card is None:
        raise Http404
    watch.stop(card, watch.HALVES, reason=HELD, at=now())
    end_other_sessions(request, request.user)  # whoever has found the card may be in one
    messages.success(
        request,
        _("The card is stopped: it signs in nobody here. Your other devices are signed out."),
    )
    return see_other("my_cards")


def _cards_of(member: Member) -> list[MyCard]:
    linked = LinkedCard.objects.filter(member=member).order_by("-linked_at", "-id")
    return [MyCard(card, _certificate(card, "sign"), _certificate(card, "auth")) for card in linked]


def _certificate(card: LinkedCard, half: watch.Half) -> Certificate:
    serial, expires_at, stopped_at, reason = (
        getattr(card, f"{half}_{name}")
        for name in ("serial", "expires_at", "stopped_at", "stop_reason")
    )
    return Certificate(serial, expires_at, stopped_at, _why(reason) if stopped_at else "")


def _why(reason: str) -> str:
    if reason == HELD:
        return _("You stopped it yourself.")
    return _(LAPSE_REASONS.get(reason, LAPSE_REASONS["unspecified"]))


@require_http_methods(["GET", "HEAD", "POST"])
@writes
@members_only
def prove(request: MemberRequest) -> HttpResponse:
    """Say what the proof does, and begin it."""
    if request.method == "POST":
        return ask(request, PROVE)
    shown = {
        "place": "me",
        "member": request.member,
        "certified": members.certified(request.member),
        "has_reader": bool(settings.CARD_CLIENT_URL),
    }
    return render(request, "member_web/card/prove.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@comes_back(PROVE)
@writes
@members_only
def prove_answer(request: MemberRequest) -> HttpResponse:
    """Take the signed proof: level 3, and the attributes as certified."""
    try:
        answer = read_answer(request)
        cards.prove(request.member, answer, session=session_of(request), at=now())
    except SamePersonElsewhere:
        return see_other("same_person")
    except REFUSALS as refusal:
        return refused(request, PROVE, refusal)
    request.session[PROVED_AT] = now().isoformat()
    messages.success(request, _("Your identity is confirmed: you are at level 3 now."))
    return see_other("card_link")


@require_http_methods(["GET", "HEAD", "POST"])
@writes
@members_only
def link(request: MemberRequest) -> HttpResponse:
    """Offer to sign in with the card from now on, and begin it.

    A card that signs in is a key to the mailbox: whoever adds one confirms who they are, unless
    their card has said so just now.
    """
    if request.method == "POST":
        return ask(request, LINK) if _has_just_proved(request) else _ask_who_confirmed(request)
    shown = {
        "place": "me",
        "is_linked": any(card.signs_in.counts for card in _cards_of(request.member)),
        "has_reader": bool(settings.CARD_CLIENT_URL),
    }
    return render(request, "member_web/card/link.html", shown)


@confirmed_again
def _ask_who_confirmed(request: MemberRequest) -> HttpResponse:
    return ask(request, LINK)


def _has_just_proved(request: MemberRequest) -> bool:
    proved_at = request.session.get(PROVED_AT)
    return proved_at is not None and now() - datetime.fromisoformat(proved_at) < LIFETIME


@require_http_methods(["GET", "HEAD", "POST"])
@comes_back(LINK)
@writes
@members_only
def link_answer(request: MemberRequest) -> HttpResponse:
    """Take the answer that links the card for signing in."""
    try:
        answer = read_answer(request)
        cards.link_sign_in(request.member, answer, session=session_of(request), at=now())
    except SamePersonElsewhere:
        return see_other("same_person")
    except REFUSALS as refusal:
        return refused(request, LINK, refusal)
    messages.success(request, _("From now on you can sign in with this card."))
    return see_other("my_cards")
