"""Signing in with the card, and making a session as strong as the card that was used now.

Source: NIST SP 800-63B-4 §2.
"""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from allauth.mfa.internal.constants import LoginStageKey
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mypost.accounts.models import SignIn
from mypost.common.clock import now
from mypost.common.transactions import writes
from mypost.entrypoints.access import public
from mypost.entrypoints.member_web.auth import MemberRequest, members_only
from mypost.entrypoints.member_web.card_answers import (
    SIGN_IN,
    STEP_UP,
    afterwards_of,
    ask,
    comes_back,
    is_ours,
    read_answer,
    session_of,
)
from mypost.entrypoints.member_web.card_verdicts import REFUSALS, refused
from mypost.entrypoints.member_web.redirects import SeeOther, see_other
from mypost.members.models import Member
from mypost.proofing import cards


@require_http_methods(["GET", "HEAD", "POST"])
@public
@writes
def sign_in(request: HttpRequest) -> HttpResponse:
    """Say what signing in with the card needs, and begin it."""
    if request.user.is_authenticated:
        return see_other("start")
    if request.method == "POST":
        # Each question is a row and a session: whoever asks too often waits.
        waits: HttpResponse | None = ratelimit.consume_or_429(request, action="login")
        return waits or ask(request, SIGN_IN, afterwards=_next(request))
    shown = {"next": _next(request), "has_reader": bool(settings.CARD_CLIENT_URL)}
    return render(request, "member_web/card/sign_in.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@comes_back(SIGN_IN)
@public
@writes
def sign_in_answer(request: HttpRequest) -> HttpResponse:
    """Take the answer of a card and sign its member in."""
    if request.user.is_authenticated:
        return see_other("start")
    try:
        answer = read_answer(request)
        member = cards.sign_in(answer, session=session_of(request), at=now())
    except REFUSALS as refusal:
        return refused(request, SIGN_IN, refusal)
    target = afterwards_of(request, answer.challenge_id, otherwise="start")
    return admit(request, member, target, method=SignIn.Method.CARD)


@require_http_methods(["GET", "HEAD", "POST"])
@writes
@members_only
def step_up(request: MemberRequest) -> HttpResponse:
    """Say why the card is asked for now, and begin it."""
    if request.method == "POST":
        return ask(request, STEP_UP, afterwards=_next(request))
    shown = {"place": "me", "next": _next(request), "has_reader": bool(settings.CARD_CLIENT_URL)}
    return render(request, "member_web/card/step_up.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@comes_back(STEP_UP)
@writes
@members_only
def step_up_answer(request: MemberRequest) -> HttpResponse:
    """Take the answer of this member's own card: the session counts as signed in with it."""
    try:
        answer = read_answer(request)
        cards.step_up(request.member, answer, session=session_of(request), at=now())
    except REFUSALS as refusal:
        return refused(request, STEP_UP, refusal)
    target = afterwards_of(request, answer.challenge_id, otherwise="start")
    record_authentication(request, request.user, method=SignIn.Method.CARD)
    messages.success(request, _("Your card has confirmed that it is you."))
    return SeeOther(target)


def admit(request: HttpRequest, member: Member, target: str, *, method: str) -> HttpResponse:
    """Sign in through allauth, which changes the session's key and keeps out closed accounts.

    method: card or auth_app. The card is two factors in one, so that no further one is asked for.
    """
    if member.closed_at is not None or member.merged_into_id is not None:
        return see_other("account_inactive")
    account = member.account
    record_authentication(request, account, method=method)
    stages = {"stages": {LoginStageKey.MFA_AUTHENTICATE.value: {"handled": True}}}
    response: HttpResponse = perform_login(
        request, Login(user=account, redirect_url=target, state=stages)
    )
    return response


def _next(request: HttpRequest) -> str:
    """Return the page of our own to go to afterwards; none for an address elsewhere."""
    target = request.POST.get("next") or request.GET.get("next", "")
    return target if is_ours(request, target) else ""
