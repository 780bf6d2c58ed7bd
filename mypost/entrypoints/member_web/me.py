"""The member's own page: who they are here, how sure we are of it, how they sign in."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mypost.accounts.models import Account
from mypost.common.clock import now
from mypost.common.transactions import reads, writes
from mypost.entrypoints.member_web.auth import MemberRequest, members_only
from mypost.entrypoints.member_web.forms import NameForm
from mypost.entrypoints.member_web.redirects import see_other
from mypost.members import queries as members
from mypost.members.models import AssuranceLevel, Member
from mypost.notifications import queries as notifications
from mypost.proofing import queries as proofs

NOTICES_SHOWN = timedelta(days=90)
HIGHEST = AssuranceLevel.NATIONAL_ID_CARD


@require_safe
@reads
@members_only
def me(request: MemberRequest) -> HttpResponse:
    """Show what we hold about the member, and what they may change."""
    return _page(request, NameForm({"name": request.user.name}))


@require_safe
@reads
@members_only
def history(request: MemberRequest) -> HttpResponse:
    """Show how level, name and address came to be what they are, the newest first."""
    shown = {
        "place": "me",
        "changes": members.level_changes(request.member),
        "declarations": members.declarations(request.member),
        "certifications": members.certifications(request.member),
        "notices": notifications.notices_since(request.member.mailboxes, now() - NOTICES_SHOWN),
    }
    return render(request, "member_web/me/history.html", shown)


@require_POST
@writes
@members_only
def rename(request: MemberRequest) -> HttpResponse:
    """Address the member as they say."""
    form = NameForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    Account.objects.filter(pk=request.user.pk).update(name=form.cleaned_data["name"])
    messages.success(request, _("Your name is changed."))
    return see_other("me")


def _page(request: MemberRequest, form: NameForm, *, status: int = 200) -> HttpResponse:
    member = request.member
    shown = {
        "place": "me",
        "member": member,
        "form": form,
        "change": next(iter(members.level_changes(member)), None),
        "declared": members.declared(member),
        "certified": members.certified(member),
        **_ways_up(member),
    }
    return render(request, "member_web/me/me.html", shown, status=status)


def _ways_up(member: Member) -> dict[str, object]:
    """Return which ways lead to a higher level, or back to a certified address."""
    certified = members.certified(member)
    has_lapsed = certified is not None and certified.lapsed_at is not None
    can_prove = member.level < HIGHEST or has_lapsed
    return {
        "can_ask_for_passcode": member.level < AssuranceLevel.POSTED_PASSCODE,
        "awaited": proofs.open_passcode(member),
        "can_prove": can_prove,
        "can_use_app": can_prove and bool(settings.AUTH_APP_URL),
    }
