"""The queue of night work in the back office."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app
from pytest_django import Settings

from mypost.common.clock import now
from mypost.entrypoints.operator_web import queue
from mypost.members.models import Member
from mypost.notifications import commands as notifications
from mypost.notifications.models import NoticeKind
from tests.conftest import LATER, NOW
from tests.entrypoints.operator_web.conftest import page
from tests.entrypoints.worker.conftest import do_jobs

TASK = "notifications.send_alerts"


def enqueue(lock: str | None = None) -> int:
    task = app.configure_task(TASK, queue="alerts", queueing_lock=lock)
    job_id: int = task.defer(batch_id="01933f5a-0000-7000-8000-00000000b0c5")
    return job_id


def set_status(job_id: int, *statuses: str) -> None:
    """Walk a job through its states, as a worker would."""
    with connection.cursor() as cursor:
        for status in statuses:
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status WHERE id = %s",
                [status, job_id],
            )


@pytest.fixture
def failed(db: None) -> int:
    """A job that was given up."""
    job_id = enqueue()
    set_status(job_id, "doing", "failed")
    return job_id


@pytest.fixture(autouse=True)
def _empty_queue(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def status_of(job_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job_id])
        (status,) = cursor.fetchone()
        return str(status)


def test_it_lists_a_hundred_that_were_given_up(office: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts)
            SELECT 'alerts', %s, '{}', 'failed', 1 FROM generate_series(1, 101)
            """,
            [TASK],
        )
    assert len(office.get("/jobs/").context["failed"]) == 100


def test_an_empty_queue_says_so(office: Client) -> None:
    assert "No jobs." in page(office, "/jobs/")


def test_jobs_are_counted_by_queue_and_task(failed: int) -> None:
    enqueue()
    set_status(enqueue(), "doing")
    set_status(enqueue(), "cancelled")
    (work,) = queue.work_in_queues(at=now() + timedelta(seconds=1))
    assert (work.queue, work.task) == ("alerts", TASK)
    assert (work.waiting, work.running, work.failed, work.ended) == (1, 1, 1, 1)


def test_the_oldest_that_is_due_tells_since_when(db: None) -> None:
    enqueue()
    later = now() + timedelta(hours=1)
    app.configure_task(TASK, queue="alerts", schedule_at=later).defer(batch_id="x")
    (work,) = queue.work_in_queues(at=now() + timedelta(seconds=1))
    assert work.waiting == 2
    assert work.waiting_since is not None
    assert work.waiting_since < later
    assert queue.pressure_of([work]).waiting_since == work.waiting_since


def test_what_waits_is_told_by_queue_and_task_and_summed_over_all(failed: int) -> None:
    earlier, at = now() - timedelta(hours=2), now() + timedelta(seconds=1)
    app.configure_task(TASK, queue="alerts", schedule_at=earlier).defer(batch_id="x")
    enqueue()
    other = app.configure_task("notifications.send_notice", queue="alerts")
    set_status(other.defer(notice_id="x"), "doing")
    app.configure_task(TASK, queue="zebras").defer(batch_id="x")
    work = queue.work_in_queues(at=at)
    assert [(w.queue, w.task, w.waiting, w.running, w.failed, w.ended) for w in work] == [
        ("alerts", "notifications.send_alerts", 2, 0, 1, 0),
        ("alerts", "notifications.send_notice", 0, 1, 0, 0),
        ("zebras", "notifications.send_alerts", 1, 0, 0, 0),
    ]
    assert queue.pressure_of(work) == queue.Pressure(3, 1, 1, earlier)
    assert queue.pressure_of(work[1:2]) == queue.Pressure(0, 1, 0, None)
    assert queue.pressure_of([]) == queue.Pressure(0, 0, 0, None)


def test_a_job_is_due_from_its_moment_on(db: None) -> None:
    due = now() + timedelta(hours=1)
    app.configure_task(TASK, queue="alerts", schedule_at=due).defer(batch_id="x")
    for at, since in ((due, due), (due - timedelta(microseconds=1), None)):
        assert queue.pressure_of(queue.work_in_queues(at=at)).waiting_since == since


def test_those_given_up_are_told_the_latest_first_with_when_and_how_often(failed: int) -> None:
    later = enqueue()
    set_status(later, "doing", "failed")
    with connection.cursor() as cursor:
        for job_id, days in ((failed, 3), (later, 1)):
            cursor.execute(
                "UPDATE procrastinate_events SET at = %s WHERE job_id = %s AND type = 'failed'",
                [NOW - timedelta(days=days), job_id],
            )
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 7 WHERE id = %s", [later])
    told = [(job.id, job.queue, job.task, job.attempts, job.failed_at)
            for job in queue.failed_jobs(limit=9)]  # fmt: skip
    assert told == [
        (later, "alerts", TASK, 7, NOW - timedelta(days=1)),
        (failed, "alerts", TASK, 0, NOW - timedelta(days=3)),
    ]
    assert [job.id for job in queue.failed_jobs(limit=1)] == [later]


def test_a_job_that_failed_twice_is_told_with_the_last_time(failed: int) -> None:
    queue.retry(failed, at=now())
    set_status(failed, "doing", "failed")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE procrastinate_events SET at = CASE id
                   WHEN (SELECT min(id) FROM procrastinate_events WHERE type = 'failed') THEN %s
                   ELSE %s END
             WHERE type = 'failed'
            """,
            [LATER, NOW],
        )
    assert [job.failed_at for job in queue.failed_jobs(limit=9)] == [LATER]


def test_a_failed_job_shows_its_task_and_no_argument(office: Client, failed: int) -> None:
    text = page(office, "/jobs/")
    assert f"Put job {failed} back" in text
    assert TASK in text
    assert "00000000b0c5" not in text


def test_a_failed_job_goes_back_to_its_queue(office: Client, failed: int) -> None:
    answer = office.post(f"/jobs/{failed}/retry/", follow=True)
    assert f"Job {failed} is back in its queue." in answer.content.decode()
    assert status_of(failed) == "todo"


@pytest.mark.parametrize("status", ["todo", "doing", "cancelled"])
def test_only_a_failed_job_goes_back(office: Client, status: str) -> None:
    job_id = enqueue()
    set_status(job_id, status)
    assert office.post(f"/jobs/{job_id}/retry/").status_code == 404
    assert status_of(job_id) == status


@pytest.mark.parametrize("job_id", [0, 10**18, 10**30])
def test_a_job_that_does_not_exist_is_not_found(office: Client, job_id: int) -> None:
    assert office.post(f"/jobs/{job_id}/retry/").status_code == 404


def test_work_that_waits_already_is_not_put_back_twice(office: Client) -> None:
    given_up = enqueue("batch")
    set_status(given_up, "doing", "failed")
    enqueue("batch")
    answer = office.post(f"/jobs/{given_up}/retry/", follow=True)
    assert "waits in the queue already" in answer.content.decode()
    assert status_of(given_up) == "failed"


def test_a_link_puts_nothing_back(office: Client, failed: int) -> None:
    assert office.get(f"/jobs/{failed}/retry/").status_code == 405
    assert status_of(failed) == "failed"


@pytest.mark.usefixtures("transactional_db")  # the worker has connections of its own
def test_what_failed_for_good_calls_for_a_look_and_is_done_once_put_back(
    office: Client, hanako: Member, settings: Settings
) -> None:
    right, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "no.such.Backend"
    notifications.tell(hanako.mailbox_id, NoticeKind.LEVEL_CHANGED, at=now())
    do_jobs()
    assert office.get("/").context["jobs_are_bad"]
    assert page(office, "/").count("look here") == 1
    (given_up,) = queue.failed_jobs(limit=9)
    assert (given_up.task, given_up.attempts) == ("notifications.send_notice", 1)
    assert f"Put job {given_up.id} back" in page(office, "/jobs/")
    settings.EMAIL_BACKEND = right
    office.post(f"/jobs/{given_up.id}/retry/")
    do_jobs()
    assert not office.get("/").context["jobs_are_bad"]
    assert "No jobs." in page(office, "/jobs/")
    assert len(mail.outbox) == 1
