"""Consignments: hand one in from files, follow it, take its results home."""

from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from mypost.common.clock import now
from mypost.common.transactions import reads, writes
from mypost.entrypoints.sender_web.auth import (
    StaffRequest,
    origin_of,
    staff_data_only,
    staff_only,
)
from mypost.entrypoints.sender_web.checking import put_files
from mypost.entrypoints.sender_web.forms import ConsignmentForm, PageForm
from mypost.entrypoints.sender_web.previews import place_in_words
from mypost.entrypoints.sender_web.steps import FILE_STEPS
from mypost.intake import commands as intake
from mypost.intake import queries
from mypost.intake.errors import SenderSuspended
from mypost.intake.models import Consignment
from mypost.intake.results import csv_lines
from mypost.letters.queries import count_opened

ON_A_PAGE = 25
REFUSED_SHOWN = 100
Kind, State = Consignment.Kind, Consignment.State


@staff_only
@require_safe
@reads
def list_consignments(request: StaffRequest) -> HttpResponse:
    """List the sender's consignments, newest first."""
    form = PageForm(request.GET)
    before = form.cleaned_data["before"] if form.is_valid() else None
    found = queries.consignments_of(
        request.sender.id, before=before, kind=Kind.BATCH, limit=ON_A_PAGE + 1
    )
    page = found[:ON_A_PAGE]
    opened = count_opened([consignment.id for consignment in page])
    facts = {
        "place": "consignments",
        "rows": [{"consignment": row, "opened": opened.get(row.id, 0)} for row in page],
        "newer_url": request.path if before else "",
        "older_url": f"?before={page[-1].id}" if len(found) > ON_A_PAGE else "",
    }
    return render(request, "sender_web/consignments/list.html", facts)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
@writes
def new_consignment(request: StaffRequest) -> HttpResponse:
    """Take in the files of a consignment; nothing is kept until all of them are understood."""
    if not request.sender.may_send:
        raise SenderSuspended
    posted = request.method == "POST"
    files = (request.POST, request.FILES) if posted else ()
    form = ConsignmentForm(*files, sender=request.sender)
    if form.is_valid():
        return redirect("sender_web:check", _open(request, form).id)
    facts = {"form": form, "place": "consignments", "steps": FILE_STEPS, "current": 1}
    page = "sender_web/consignments/new.html"
    return render(request, page, facts, status=422 if posted else 200)


def _open(request: StaffRequest, form: ConsignmentForm) -> Consignment:
    data = form.cleaned_data
    consignment = intake.open_consignment(
        origin_of(request), reference=data["reference"], topic=data["topic"], at=now()
    )
    put_files(request.sender.id, consignment.id, form)
    return consignment


@staff_only
@require_safe
@reads
def show_consignment(request: StaffRequest, consignment_id: UUID) -> HttpResponse:
    """Follow one consignment."""
    facts = {**_followed(request, consignment_id), "place": "consignments"}
    return render(request, "sender_web/consignments/consignment.html", facts)


@staff_data_only
@require_safe
@reads
def progress(request: StaffRequest, consignment_id: UUID) -> HttpResponse:
    """Give the part of the page that changes while the consignment is delivered."""
    facts = _followed(request, consignment_id)
    return render(request, "sender_web/consignments/_progress.html", facts)


def _followed(request: StaffRequest, consignment_id: UUID) -> dict[str, object]:
    consignment = queries.consignment_of(request.sender.id, consignment_id)
    return {
        "consignment": consignment,
        "opened": count_opened([consignment.id]).get(consignment.id, 0),
        "refusals": _refusals(consignment),
        "is_running": consignment.state in (State.SUBMITTED, State.DELIVERING),
    }


def _refusals(consignment: Consignment) -> list[dict[str, object]]:
    refused = queries.refused_items(consignment, limit=REFUSED_SHOWN)
    return [{"item": item, "place": place_in_words(consignment, item.place)} for item in refused]


@staff_data_only
@require_safe
@reads
def results(request: StaffRequest, consignment_id: UUID) -> StreamingHttpResponse:
    """Stream what became of each item, as CSV."""
    consignment = queries.consignment_of(request.sender.id, consignment_id)
    lines = csv_lines(consignment)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="results-{consignment.id}.csv"'
    return response
