"""Jobs through the real worker: what fails is tried again, and what was left behind is too."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from mypost.common.clock import now
from mypost.entrypoints import worker
from mypost.entrypoints.worker import watch
from mypost.intake import commands as intake
from mypost.intake.commands import Origin
from mypost.intake.items_file import NDJSON
from mypost.intake.models import Consignment
from mypost.members.models import Member
from mypost.notifications import commands as notifications
from mypost.notifications.models import Notice, NoticeKind
from mypost.senders.models import Staff
from tests.conftest import NOW
from tests.entrypoints.worker.conftest import do_jobs, make_due, working

pytestmark = pytest.mark.usefixtures("queue")

EXAMINE, DELIVER = "intake.examine_consignment", "intake.deliver_chunk"
# Where each task fails, and what it then leaves waiting.
FAILING = [("examine.before_commit:raise", EXAMINE), ("deliver.before_commit:raise", DELIVER)]


@pytest.fixture
def consignment(clerk: Staff) -> Consignment:
    """One item, handed in: its first job waits."""
    origin = Origin(clerk.sender, live=True, staff=clerk)
    opened = intake.open_consignment(origin, reference="C-1", at=NOW)
    line = b'{"recipient": "nobody", "reference": "R-1", "subject": "s"}'
    intake.put_items(clerk.sender_id, opened.id, line, form=NDJSON, at=NOW)
    return intake.submit(clerk.sender_id, opened.id, at=NOW)


def job_of(task: str) -> ProcrastinateJob:
    job: ProcrastinateJob = ProcrastinateJob.objects.get(task_name=task)
    return job


def is_completed(consignment: Consignment) -> bool:
    consignment.refresh_from_db()
    return consignment.state == "completed"


@pytest.mark.parametrize(("place", "task"), FAILING)
def test_what_fails_once_is_tried_again_and_then_succeeds(
    consignment: Consignment, settings: Settings, place: str, task: str
) -> None:
    settings.FAILPOINT = place
    do_jobs()
    job = job_of(task)
    assert (job.status, job.attempts) == ("todo", 1)
    assert not is_completed(consignment)
    settings.FAILPOINT = ""
    make_due(job.id)
    do_jobs()
    assert is_completed(consignment)
    assert not ProcrastinateJob.objects.filter(task_name=task).exists()


# After how many failures, and for how many seconds it waits then: a scanner that is away for a
# minute costs two minutes, and one that is away for a week is still waited for.
WAITS = [(1, 2), (2, 4), (3, 8), (10, 1024), (20, 1_048_576)]


@pytest.mark.parametrize(("place", "task"), FAILING)
def test_it_waits_twice_as_long_each_time_and_is_given_up_after_twenty_one(
    consignment: Consignment, settings: Settings, place: str, task: str
) -> None:
    settings.FAILPOINT = place
    do_jobs()
    job = job_of(task)
    for failures, seconds in WAITS:
        make_due(job.id, attempts=failures - 1)
        before = now()
        do_jobs()
        job.refresh_from_db()
        assert (job.status, job.attempts) == ("todo", failures)
        assert job.scheduled_at is not None
        pause = timedelta(seconds=seconds)
        # procrastinate cuts off the microseconds
        assert before + pause - timedelta(seconds=1) <= job.scheduled_at <= now() + pause
    make_due(job.id, attempts=20)
    do_jobs()
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("failed", 21)
    assert not is_completed(consignment)


def test_what_is_put_off_is_not_tried_before_its_time(consignment: Consignment) -> None:
    job = job_of(EXAMINE)
    make_due(job.id, at=now() + timedelta(hours=1))
    do_jobs()
    assert job_of(EXAMINE).status == "todo"
    make_due(job.id)
    do_jobs()
    assert is_completed(consignment)


def test_a_notice_whose_job_failed_is_woken_by_the_watch_and_sent(
    hanako: Member, settings: Settings
) -> None:
    right, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "no.such.Backend"
    notifications.tell(hanako.mailbox_id, NoticeKind.LEVEL_CHANGED, at=now())
    do_jobs()
    assert ProcrastinateJob.objects.get().status == "failed"  # stays, for the back office to see
    settings.EMAIL_BACKEND = right
    told_at = Notice.objects.get().due_at
    log, _paper, _hourly = worker.works_by_watch(working())
    for seconds, woken in ((28, 0), (30, 1), (60, 1)):
        at = told_at + timedelta(seconds=seconds)
        asyncio.run(watch.beat(log[2:], clock=lambda at=at: at))  # type: ignore[misc]
        assert ProcrastinateJob.objects.filter(status="todo").count() == woken
    do_jobs()
    assert [sent.to for sent in mail.outbox] == [["hanako@example.jp"]]
    assert Notice.objects.get().state == "sent"


def test_one_left_behind_whose_work_waits_already_does_not_hold_up_the_others() -> None:
    task = "notifications.send_alerts"
    left = [leave_behind(task, lock) for lock in ("alerts 1", None)]
    again = app.configure_task(task, queueing_lock="alerts 1")
    again.defer(batch_id=str(uuid4()))

    async def look() -> None:
        night = working()
        async with night.open_async():
            await worker._return_stalled(night, at=NOW)

    asyncio.run(look())
    states = [ProcrastinateJob.objects.get(id=job_id).status for job_id in left]
    assert states == ["doing", "todo"]
    do_jobs()  # the one that waited
    asyncio.run(look())
    assert ProcrastinateJob.objects.get().status == "todo"


def test_whose_worker_was_heard_of_lately_goes_on() -> None:
    """Ten seconds of silence, docs/environment.md: MYPOST_STALLED_AFTER."""
    jobs = [leave_behind("notifications.send_alerts", None) for _ in range(2)]
    with connection.cursor() as cursor:
        for job_id, seconds in zip(jobs, (8, 11), strict=True):
            cursor.execute(
                """
                  WITH worker AS (
                    INSERT INTO procrastinate_workers (last_heartbeat)
                    VALUES (now() - make_interval(secs => %s)) RETURNING id)
                UPDATE procrastinate_jobs SET worker_id = worker.id FROM worker
                 WHERE procrastinate_jobs.id = %s
                """,
                [seconds, job_id],
            )

    async def look() -> None:
        night = working()
        async with night.open_async():
            await worker._return_stalled(night, at=NOW)

    asyncio.run(look())
    states = [ProcrastinateJob.objects.get(id=job_id).status for job_id in jobs]
    assert states == ["doing", "todo"]


def leave_behind(task: str, lock: str | None) -> int:
    """Enqueue a job, and let a worker that is gone have begun it."""
    job_id: int = app.configure_task(task, queueing_lock=lock).defer(batch_id=str(uuid4()))
    ProcrastinateJob.objects.filter(id=job_id).update(status="doing")
    return job_id
