"""The first page: what is being delivered, what was opened, and the figures of the month."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from mypost.common.clock import now
from mypost.common.transactions import reads
from mypost.entrypoints.sender_web.auth import StaffRequest, staff_data_only, staff_only
from mypost.entrypoints.sender_web.composition import MOST_RECIPIENTS
from mypost.entrypoints.sender_web.fields import LARGEST_MB
from mypost.intake import queries
from mypost.intake.items_file import MOST_ITEMS
from mypost.letters.queries import figures_since, last_openings
from mypost.subscriptions.queries import count_relations

OPENINGS_SHOWN = 5


@staff_only
@require_safe
@reads
def start(request: StaffRequest) -> HttpResponse:
    """Show today's work."""
    facts = {
        "place": "start",
        "running": queries.running_consignments(request.sender.id),
        "members": count_relations(request.sender.id),
        **_figures(request),
        "openings": _openings(request),
        "limits": {
            "megabytes": LARGEST_MB,
            "recipients": MOST_RECIPIENTS,
            "items": MOST_ITEMS,
        },
    }
    return render(request, "sender_web/start/start.html", facts)


def _figures(request: StaffRequest) -> dict[str, object]:
    this_month = localtime(now()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    figures = figures_since(request.sender.id, this_month)
    share = round(100 * figures.opened / figures.delivered) if figures.delivered else None
    return {"month": this_month, "figures": figures, "opened_share": share}


def _openings(request: StaffRequest) -> list[dict[str, object]]:
    newest = last_openings(request.sender.id, limit=OPENINGS_SHOWN)
    items = queries.items_of_letters(request.sender.id, [letter_id for letter_id, _ in newest])
    return [{"item": items[letter_id], "at": at} for letter_id, at in newest if letter_id in items]


@staff_data_only
@require_safe
@reads
def running(request: StaffRequest) -> HttpResponse:
    """Give the part of the page that changes while something is delivered."""
    found = queries.running_consignments(request.sender.id)
    return render(request, "sender_web/start/_running.html", {"running": found})


@staff_only
@require_safe
@reads
def more(request: StaffRequest) -> HttpResponse:
    """List the places that have no room in a phone's bar."""
    return render(request, "sender_web/start/more.html", {"place": "more"})
