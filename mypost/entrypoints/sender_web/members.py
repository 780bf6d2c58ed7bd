"""The members who chose this sender: a pseudonym and a day, and nothing more of anybody."""

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from mypost.common.transactions import reads
from mypost.entrypoints.sender_web.auth import StaffRequest, staff_data_only, staff_only
from mypost.entrypoints.sender_web.forms import MemberSearch
from mypost.intake.results import as_csv, harmless
from mypost.subscriptions.queries import count_relations, relations_of

ON_A_PAGE = 50
AT_ONCE = 1_000
HEAD = ["recipient", "since"]


@staff_only
@require_safe
@reads
def list_members(request: StaffRequest) -> HttpResponse:
    """List pseudonyms, in their own order, which says nothing about their members."""
    search = MemberSearch(request.GET)
    status = 200 if search.is_valid() else 422
    words, after = search.cleaned_data.get("words", ""), search.cleaned_data.get("after", "")
    found = relations_of(request.sender.id, part=words, after=after, limit=ON_A_PAGE + 1)
    page, following = found[:ON_A_PAGE], ""
    if len(found) > ON_A_PAGE:
        following = f"?{urlencode({'words': words, 'after': page[-1].pseudonym})}"
    facts = {
        "place": "members",
        "search": search,
        "words": words,
        "total": count_relations(request.sender.id),
        "members": page,
        "next_url": following,
        "first_url": f"?{urlencode({'words': words})}" if after else "",
    }
    return render(request, "sender_web/members/list.html", facts, status=status)


@staff_data_only
@require_safe
@reads
def download(request: StaffRequest) -> StreamingHttpResponse:
    """Stream all pseudonyms as CSV; its first column is that of a file of letters."""
    lines = as_csv(_rows(request.sender.id))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="members.csv"'
    return response


def _rows(sender_id: UUID) -> Iterator[list[str]]:
    yield HEAD
    after = ""
    while page := relations_of(sender_id, after=after, limit=AT_ONCE):
        for relation in page:
            day = localdate(relation.started_at).isoformat()
            yield [harmless(relation.pseudonym), day]
        after = page[-1].pseudonym
