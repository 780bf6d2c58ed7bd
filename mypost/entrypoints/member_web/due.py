"""Letters with a date by which something is to be done."""

from collections.abc import Iterable
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from mypost.common.clock import now
from mypost.common.transactions import reads
from mypost.entrypoints.member_web.auth import MemberRequest, members_only
from mypost.entrypoints.member_web.rows import LetterRow, as_rows
from mypost.entrypoints.session_level import session_aal
from mypost.letters import queries as letters

AT_ONCE = 100


@require_safe
@reads
@members_only
def due(request: MemberRequest) -> HttpResponse:
    """List letters by due date: what is ahead, soonest first, or what is past, latest first."""
    today, past, aal = localdate(now()), request.GET.get("show") == "past", session_aal(request)
    if past:
        listed = letters.overdue_letters(request.member, aal=aal, before=today, limit=AT_ONCE)
    else:
        listed = letters.due_letters(request.member, aal=aal, since=today, limit=AT_ONCE)
    months = _by_month(as_rows(listed, reader=request.member, today=today))
    shown = {"place": "due", "past": past, "months": months, "is_cut": len(listed) == AT_ONCE}
    return render(request, "member_web/due/due.html", shown)


def _by_month(rows: Iterable[LetterRow]) -> list[list[LetterRow]]:
    """Group rows that stand in the order of their due dates."""
    return [list(month) for _, month in groupby(rows, key=_month_of)]


def _month_of(row: LetterRow) -> tuple[int, int]:
    due_on = row.letter.due
    assert due_on is not None
    return due_on.year, due_on.month
