"""The queue of night work: what waits, what runs, and what was given up."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mypost.common.clock import now
from mypost.common.transactions import reads, writes
from mypost.entrypoints.operator_web import queue
from mypost.entrypoints.operator_web.auth import OperatorRequest, operators_only

MOST_SHOWN = 100


@operators_only
@reads
def list_jobs(request: OperatorRequest) -> HttpResponse:
    """Count jobs by queue and task, and list those that were given up."""
    work = queue.work_in_queues(at=now())
    content = {
        "place": "jobs",
        "work": work,
        "pressure": queue.pressure_of(work),
        "failed": queue.failed_jobs(limit=MOST_SHOWN),
    }
    return render(request, "operator_web/jobs/list.html", content)


@operators_only
@require_POST
@writes
def retry_job(request: OperatorRequest, job_id: int) -> HttpResponse:
    """Put a job that was given up back into its queue; every job may run twice."""
    try:
        queue.retry(job_id, at=now())
    except queue.JobNotFailed:
        raise Http404 from None
    except queue.JobWaitsAlready:
        messages.info(request, _("The same work waits in the queue already."))
    else:
        messages.success(request, _("Job %(job)s is back in its queue.") % {"job": job_id})
    return redirect("operator_web:jobs")
