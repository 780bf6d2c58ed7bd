"""Receipts: the member's own, and how anybody checks one."""

import json
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mypost.common.problems import Refusal
from mypost.common.transactions import reads
from mypost.entrypoints.access import public
from mypost.entrypoints.member_web.auth import MemberRequest, members_only
from mypost.entrypoints.member_web.downloads import as_download
from mypost.entrypoints.member_web.letters import own_letter
from mypost.entrypoints.session_level import session_aal
from mypost.evidence import queries as evidence
from mypost.evidence.errors import ReceiptNotReady
from mypost.letters import queries
from mypost.letters.models import Letter
from mypost.members.models import Member

SOON = "10"  # seconds; the log grows every few


@require_safe
@reads
@members_only
def receipt(request: MemberRequest, letter_id: UUID) -> HttpResponse:
    """Give the member's receipt of an opened letter, once every line of it can be proved."""
    letter, aal = own_letter(request.member, letter_id), session_aal(request)
    if not letter.is_opened or not letter.opens_to(request.member, aal=aal):
        raise Http404
    try:
        bundle = _whole_receipt(request.member, letter, aal=aal)
    except ReceiptNotReady as refusal:
        return _not_ready(request, letter, refusal)
    content = json.dumps(bundle, ensure_ascii=False, indent=2).encode()
    name = f"mypost-receipt-{letter.number}.json"
    return as_download(content, name=name, media_type="application/json")


@public
@require_safe
@reads
def receipts(request: HttpRequest) -> HttpResponse:
    """Explain how anybody checks a receipt without us."""
    shown = {"verifier_key": settings.LOG_VERIFIER_KEY}
    return render(request, "member_web/receipts/receipts.html", shown)


def _whole_receipt(member: Member, letter: Letter, *, aal: int) -> dict[str, object]:
    """Return the receipt. Raises ReceiptNotReady while the newest line is not in the log."""
    # Without its last line a receipt proves less than has happened, and nobody would notice.
    story = evidence.lines_of(letter.mailbox_id, letter.id)
    if any(line.leaf_index is None for line in story):
        raise ReceiptNotReady
    return queries.receipt_of_reader(member, letter, aal=aal)


def _not_ready(request: HttpRequest, letter: Letter, refusal: Refusal) -> HttpResponse:
    shown = {"place": "box", "letter": letter, "code": refusal.code}
    page = render(request, "member_web/letters/receipt_not_ready.html", shown, status=503)
    page["Retry-After"] = SOON
    return page
