"""The back office's first page: is everything well, and if not, what."""

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render

from mypost.common.clock import now
from mypost.common.transactions import reads
from mypost.entrypoints.operator_web import queue
from mypost.entrypoints.operator_web.auth import OperatorRequest, operators_only
from mypost.evidence import queries as evidence
from mypost.intake import queries as intake
from mypost.notifications import queries as notifications

LONGEST_WAIT = timedelta(minutes=5)  # of a job that is due
LONGEST_BACKLOG = timedelta(minutes=1)  # of evidence; the worker looks every second


@operators_only
@reads
def show_health(request: OperatorRequest) -> HttpResponse:
    """Show what waits, what is late and what has failed, as of now."""
    at = now()
    pending_items, pending_consignments = intake.count_pending()
    work, backlog = queue.work_in_queues(at=at), evidence.backlog()
    pressure = queue.pressure_of(work)
    content = {
        "place": "health",
        "at": at,
        "pending_items": pending_items,
        "pending_consignments": pending_consignments,
        "alerts": notifications.count_alerts(at=at),
        "work": work,
        "pressure": pressure,
        "jobs_are_bad": pressure.failed or _is_before(pressure.waiting_since, at - LONGEST_WAIT),
        "head": evidence.newest_checkpoint(),
        "backlog": backlog,
        "log_is_late": _is_before(backlog.since, at - LONGEST_BACKLOG),
    }
    return render(request, "operator_web/health/health.html", content)


def _is_before(since: datetime | None, limit: datetime) -> bool:
    return since is not None and since < limit
