"""The passcode by post: ask for the letter, follow it, enter its passcode."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from mypost.common.clock import now
from mypost.common.transactions import writes
from mypost.entrypoints.member_web.auth import MemberRequest, members_only
from mypost.entrypoints.member_web.forms import PasscodeForm
from mypost.entrypoints.member_web.redirects import see_other
from mypost.members import queries as members
from mypost.members.models import AssuranceLevel, Member
from mypost.proofing import passcodes, queries
from mypost.proofing.errors import (
    AddressNotDeclared,
    NoPasscodeAwaited,
    PasscodeExpired,
    PasscodeLocked,
    PasscodeMalformed,
    PasscodeNotNeeded,
    PasscodeUnderWay,
    PasscodeWrong,
    SamePersonElsewhere,
    TooManyPasscodes,
)
from mypost.proofing.models import PasscodeRequest
from mypost.proofing.reasons import ReturnReason, VoidReason

State = PasscodeRequest.State
STEPS: list[Promise] = [
    gettext_lazy("Asked for"),
    gettext_lazy("Printed"),
    gettext_lazy("With the carrier"),
    gettext_lazy("Notice left"),
    gettext_lazy("Handed over"),
    gettext_lazy("Passcode entered"),
]
# What happens next to a letter, as the number of the step that it waits for.
NEXT_STEP = {
    State.REQUESTED: 2,
    State.COMPOSED: 2,
    State.PRINTED: 3,
    State.ACCEPTED: 4,
    State.NOTICE_LEFT: 5,
    State.HANDED_OVER: 6,
}


@require_http_methods(["GET", "HEAD", "POST"])
@writes
@members_only
def passcode(request: MemberRequest) -> HttpResponse:
    """Show where the letter is, and take its code."""
    if request.method != "POST":
        return _page(request, PasscodeForm())
    form = PasscodeForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        entered = passcodes.enter(request.member, form.cleaned_data["code"], at=now())
    except PasscodeWrong as refusal:
        form.add_error("code", _why_wrong(refusal))
        return _page(request, form, status=422)
    except (PasscodeLocked, PasscodeExpired, NoPasscodeAwaited):
        return see_other("passcode")  # its page says why, and what next
    except SamePersonElsewhere:
        return see_other("same_person")
    return _done(request, entered)


@require_POST
@writes
@members_only
def ask_passcode(request: MemberRequest) -> HttpResponse:
    """Put a letter with a code on the way to the declared address."""
    try:
        passcodes.request(request.member, at=now())
    except AddressNotDeclared:
        return see_other("profile")
    except TooManyPasscodes:
        messages.warning(request, _("You had three letters within thirty days. Please wait."))
    except (PasscodeNotNeeded, PasscodeUnderWay):
        pass  # the page shows what there is
    return see_other("passcode")


def _why_wrong(refusal: PasscodeWrong) -> str:
    if isinstance(refusal, PasscodeMalformed):
        return _("The passcode has twelve characters. Please look at it again; this cost no try.")
    return _("This is not the passcode. Tries left: %(tries)s.") % {"tries": refusal.tries_left}


def _done(request: MemberRequest, entered: PasscodeRequest) -> HttpResponse:
    if entered.state == State.CONFIRMED:
        messages.success(request, _("Your address is confirmed: you are at level 2 now."))
        return see_other("me")
    return see_other("passcode")


def _page(request: MemberRequest, form: PasscodeForm, *, status: int = 200) -> HttpResponse:
    member = request.member
    asked = queries.current_passcode(member)
    shown = {
        "place": "me",
        "form": form,
        "asked": asked,
        "declared": members.declared(member),
        "is_confirmed": member.level >= AssuranceLevel.POSTED_PASSCODE,
        **_where_it_is(asked, member),
    }
    return render(request, "member_web/passcode/passcode.html", shown, status=status)


def _where_it_is(asked: PasscodeRequest | None, member: Member) -> dict[str, object]:
    """Return how far a letter is, or why it came to nothing.

    A code whose thirty days are over counts no more, even before the night has made it void.
    """
    if asked is None or member.level >= AssuranceLevel.POSTED_PASSCODE:
        return {}
    if asked.state == State.RETURNED:
        return {"returned": ReturnReason(asked.return_reason)}
    if asked.state == State.VOID:
        return {"void": VoidReason(asked.void_reason)}
    if asked.state == State.CONFIRMED:
        return {}
    if asked.code_entered_at is None and asked.expires_at <= now():
        return {"void": VoidReason.EXPIRED}
    return _on_its_way(asked)


def _on_its_way(asked: PasscodeRequest) -> dict[str, object]:
    return {
        "is_on_its_way": True,
        "steps": STEPS,
        "current": NEXT_STEP[State(asked.state)],
        "takes_code": bool(asked.code_hash) and asked.code_entered_at is None,
        "reports": queries.postal_reports(asked),
    }
