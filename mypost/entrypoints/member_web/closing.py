"""Closing the mailbox: what happens, the wish, and taking it back."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from mypost.common.clock import now
from mypost.common.transactions import reads, writes
from mypost.entrypoints.confirming import confirmed_again
from mypost.entrypoints.member_web.auth import MemberRequest, members_only
from mypost.entrypoints.member_web.redirects import see_other
from mypost.members import closing as mailboxes
from mypost.members.errors import MemberNotFound
from mypost.notifications import commands as notifications
from mypost.notifications.models import NoticeKind


@require_safe
@reads
@members_only
def closing(request: MemberRequest) -> HttpResponse:
    """Say what closing means, and offer the export first."""
    shown = {"place": "me", "member": request.member, "grace": mailboxes.GRACE.days}
    return render(request, "member_web/security/closing.html", shown)


@require_POST
@writes
@members_only
@confirmed_again
def close_mailbox(request: MemberRequest) -> HttpResponse:
    """Begin the days of grace, and tell the member by mail too."""
    at = now()
    if request.member.closing_at is None:
        try:
            mailboxes.ask_to_close(request.member, at=at)
        except MemberNotFound:  # merged a moment ago, and signed out by that
            return see_other("closing")
        notifications.tell(request.member.mailbox_id, NoticeKind.MAILBOX_CLOSING, at=at)
    return see_other("closing")


@require_POST
@writes
@members_only
def keep_mailbox(request: MemberRequest) -> HttpResponse:
    """Keep the mailbox after all."""
    mailboxes.take_back(request.member, at=now())
    return see_other("closing")
