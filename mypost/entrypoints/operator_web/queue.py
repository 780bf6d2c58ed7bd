"""The queue of night work, as procrastinate keeps it: counts, failures, and another try."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob
from procrastinate.exceptions import UniqueViolation


class JobNotFailed(Exception):
    """No such job, or it has not failed."""


class JobWaitsAlready(Exception):
    """The same work stands in the queue a second time, and will be done from there."""


@dataclass(frozen=True)
class Work:
    """The jobs of one task in one queue. ended: done, and kept; or called off."""

    queue: str
    task: str
    waiting: int
    running: int
    failed: int
    ended: int
    waiting_since: datetime | None


@dataclass(frozen=True)
class Pressure:
    """All jobs together."""

    waiting: int
    running: int
    failed: int
    waiting_since: datetime | None


WORK = """
    SELECT job.queue_name, job.task_name,
           count(*) FILTER (WHERE job.status = 'todo'),
           count(*) FILTER (WHERE job.status = 'doing'),
           count(*) FILTER (WHERE job.status = 'failed'),
           count(*) FILTER (WHERE job.status NOT IN ('todo', 'doing', 'failed')),
           min(due.at) FILTER (WHERE job.status = 'todo' AND due.at <= %s)
      FROM procrastinate_jobs AS job
      LEFT JOIN procrastinate_events AS deferred
        ON deferred.job_id = job.id AND deferred.type = 'deferred'
     CROSS JOIN LATERAL (SELECT coalesce(job.scheduled_at, deferred.at) AS at) AS due
     GROUP BY job.queue_name, job.task_name
     ORDER BY job.queue_name, job.task_name
"""


def work_in_queues(*, at: datetime) -> list[Work]:
    """Return what waits, runs and has failed, by queue and task.

    A job that is put off until later waits, but does not count as waiting since.
    """
    with connection.cursor() as cursor:
        cursor.execute(WORK, [at])
        return [Work(*row) for row in cursor.fetchall()]


def pressure_of(work: list[Work]) -> Pressure:
    """Return the sums over all queues."""
    return Pressure(
        waiting=sum(w.waiting for w in work),
        running=sum(w.running for w in work),
        failed=sum(w.failed for w in work),
        waiting_since=min((w.waiting_since for w in work if w.waiting_since), default=None),
    )


@dataclass(frozen=True)
class FailedJob:
    """A job that was given up. Its arguments are ids, and of no use to a reader."""

    id: int
    queue: str
    task: str
    attempts: int
    failed_at: datetime | None


def failed_jobs(*, limit: int) -> list[FailedJob]:
    """Return the jobs that were given up, the latest first."""
    jobs = ProcrastinateJob.objects.filter(status="failed").order_by("-id")[:limit]
    failures = ProcrastinateEvent.objects.filter(job__in=[job.id for job in jobs], type="failed")
    failed_at = dict(failures.order_by("at").values_list("job_id", "at"))
    return [
        FailedJob(job.id, job.queue_name, job.task_name, job.attempts, failed_at.get(job.id))
        for job in jobs
    ]


@transaction.atomic
def retry(job_id: int, *, at: datetime) -> None:
    """Put a failed job back into its queue. Raises JobNotFailed, JobWaitsAlready."""
    # Locked, since procrastinate would also restart a job that is running by now.
    job = ProcrastinateJob.objects.select_for_update().filter(id=job_id).first()
    if job is None or job.status != "failed":
        raise JobNotFailed
    try:
        app.job_manager.retry_job_by_id(job_id, retry_at=at)
    except UniqueViolation:
        raise JobWaitsAlready from None
