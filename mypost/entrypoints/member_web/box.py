"""The mailbox: its list, newest first."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from mypost.common.clock import now
from mypost.common.transactions import reads
from mypost.entrypoints.member_web.auth import MemberRequest, members_only
from mypost.entrypoints.member_web.paging import read_page
from mypost.entrypoints.member_web.rows import as_rows
from mypost.entrypoints.session_level import session_aal


@require_safe
@reads
@members_only
def box(request: MemberRequest) -> HttpResponse:
    """List the mailbox. Showing a row opens no letter."""
    asked, unread = request.GET, request.GET.get("show") == "unread"
    newer, older = asked.get("newer", ""), asked.get("older", "")
    page = read_page(
        request.member, aal=session_aal(request), newer=newer, older=older, unread=unread
    )
    rows = as_rows(page.letters, reader=request.member, today=localdate(now()))
    shown = {"place": "box", "page": page, "rows": rows, "unread": unread}
    return render(request, "member_web/box/box.html", shown)
