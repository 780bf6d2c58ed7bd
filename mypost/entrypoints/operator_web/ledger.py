"""The ledger of all senders: where every letter is, in counts and codes."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render

from mypost.common.transactions import reads
from mypost.entrypoints.operator_web.auth import OperatorRequest, operators_only
from mypost.entrypoints.operator_web.forms import PageForm
from mypost.entrypoints.operator_web.paging import page_of
from mypost.intake import ledger, queries
from mypost.intake.errors import ConsignmentNotFound
from mypost.letters.queries import count_opened


@operators_only
@reads
def show_ledger(request: OperatorRequest) -> HttpResponse:
    """List the consignments of all senders, newest first, under their sums."""
    place = PageForm(request.GET)
    place.is_valid()
    page = page_of(queries.consignments_of_all, place.cleaned_data)
    content = {"place": "ledger", "page": page, "totals": queries.totals()}
    return render(request, "operator_web/ledger/list.html", content)


@operators_only
@reads
def check_ledger(request: OperatorRequest) -> HttpResponse:
    """Say of each rule whether it holds. It asks about every letter, so pages load it by itself."""
    broken = ledger.check()
    rules = [(rule, broken.get(rule, 0)) for rule in ledger.RULES]
    page = "_check.html" if request.htmx else "check.html"
    content = {"place": "ledger", "rules": rules, "is_whole": not broken}
    return render(request, f"operator_web/ledger/{page}", content)


@operators_only
@reads
def show_consignment(request: OperatorRequest, consignment_id: UUID) -> HttpResponse:
    """Show one consignment: its counts, its times, and why items were refused."""
    try:
        consignment = queries.any_consignment(consignment_id)
    except ConsignmentNotFound:
        raise Http404 from None
    content = {
        "place": "ledger",
        "consignment": consignment,
        "refusals": queries.refusals_of(consignment),
        "opened": count_opened([consignment.id]).get(consignment.id, 0),
    }
    return render(request, "operator_web/ledger/consignment.html", content)
