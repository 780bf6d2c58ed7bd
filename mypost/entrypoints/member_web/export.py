"""Taking everything away: one archive, streamed, never written to disk."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from mypost.common.clock import now
from mypost.common.transactions import reads, writes
from mypost.entrypoints.confirming import confirmed_again
from mypost.entrypoints.member_web.archive import Archive
from mypost.entrypoints.member_web.auth import MemberRequest, members_only
from mypost.entrypoints.member_web.downloads import as_stream
from mypost.entrypoints.session_level import session_aal
from mypost.evidence import commands as evidence
from mypost.kernel.evidence_entry import Event
from mypost.letters import queries as letters


@require_safe
@reads
@members_only
@confirmed_again
def export(request: MemberRequest) -> HttpResponse:
    """Say what the archive holds, and what is left out of it now."""
    shown = {
        "place": "me",
        "member": request.member,
        "aal": session_aal(request),
        "unread": letters.count_unread(request.member),
    }
    return render(request, "member_web/security/export.html", shown)


@require_POST  # it may open letters
@writes
@members_only
@confirmed_again
def download_archive(request: MemberRequest) -> HttpResponseBase:
    """Give the archive. That it was taken is on record before its first byte leaves."""
    at = now()
    for mailbox_id in request.member.mailboxes:
        evidence.record(Event.CONTENT_EXPORTED, subject_id=mailbox_id, mailbox_id=mailbox_id, at=at)
    archive = Archive(
        request.member, aal=session_aal(request), opens_unread="unread" in request.POST,
        language=get_language() or request.user.language, at=at,
    )  # fmt: skip
    name = f"mypost-{localdate(at)}.zip"
    return as_stream(archive.chunks(), name=name, media_type="application/zip")
