"""What the night watch does: every work, at its time, seen by what it leaves."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import pytest
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob

from mypost.common.clock import now
from mypost.entrypoints import worker
from mypost.entrypoints.worker import watch
from mypost.entrypoints.worker.watch import Work
from mypost.senders.models import Sender
from tests.conftest import NOW
from tests.entrypoints.worker import night

# Each watch with its works, and how many seconds lie between two beginnings of each.
# Source: the log every second (ARCHITECTURE.md, step 8); a killed worker is noticed after
# MYPOST_STALLED_AFTER (docs/operations.md); what is forgotten has days, an hour more is nothing.
WATCHES = [
    {"evidence.commands.integrate": 1, "worker._return_stalled": 2, "worker._wake_alerts": 2},
    {
        "printing.commands.compose_due": 2,
        "printing.commands.hand_to_printer": 2,
        "printing.commands.take_events": 2,
    },
    {
        "intake.answers.forget_old_answers": 3600,
        "accounts.commands.forget_old_sign_ins": 3600,
        "members.closing.close_due": 3600,
        "vault.commands.sweep": 3600,
        "proofing.passcodes.void_expired": 3600,
    },
]


def name_of(work: Work) -> str:
    command = work.command.func if isinstance(work.command, partial) else work.command
    module = command.__module__.removeprefix("mypost.").removeprefix("entrypoints.")
    return f"{module}.{command.__name__}"


def test_these_works_and_no_others_are_done_at_these_periods() -> None:
    found = worker.works_by_watch(app)
    assert [
        {name_of(work): work.every.total_seconds() for work in works} for works in found
    ] == WATCHES


def test_how_the_queue_is_worked_at() -> None:
    """What an hour would be needed to see. Source: docs/operations.md, killed workers and stops."""
    said: dict[str, object] = {}

    class Queue:
        async def run_worker_async(self, **how: object) -> None:
            said.update(how)

    asyncio.run(worker.do_jobs(Queue(), 3))  # type: ignore[arg-type]
    assert said == {
        "concurrency": 3, "wait": True, "fetch_job_polling_interval": 2.0,
        "delete_jobs": "successful", "update_heartbeat_interval": 2.0,
        "stalled_worker_timeout": 10, "shutdown_graceful_timeout": 20.0,
        "task_middleware": [watch.on_fresh_connection],
    }  # fmt: skip


async def beats(*moments: datetime, watching: list[list[Work]], working: App) -> None:
    async with working.open_async():
        for moment in moments:
            for works in watching:
                await watch.beat(works, clock=lambda at=moment: at)  # type: ignore[misc]


@pytest.mark.usefixtures("queue")
def test_every_work_is_done_at_the_start_not_before_its_period_and_again_after_it(
    city: Sender,
) -> None:
    working = app.with_connector(DjangoConnector().get_worker_connector())
    watching = worker.works_by_watch(working)

    def until(*moments: datetime) -> None:
        asyncio.run(beats(*moments, watching=watching, working=working))

    first = night.prepare(city, at=NOW)
    assert night.done(first) == set()
    until(NOW)
    assert night.done(first) == {*night.FAST, *night.HOURLY}
    hour = NOW + timedelta(hours=1)
    second = night.prepare(city, at=hour - timedelta(minutes=10))
    until(NOW + timedelta(seconds=2), hour - timedelta(seconds=1))
    assert night.done(second) == set(night.FAST)
    until(hour)
    assert night.done(second) == {*night.FAST, *night.HOURLY}


@pytest.mark.usefixtures("queue")
def test_the_worker_keeps_all_its_watches_while_it_does_jobs(city: Sender) -> None:
    """The one test that lets the whole worker run, by the machine's clock."""
    seen = night.prepare(city, at=now())
    seen["a job"] = a_job_is_done

    def is_left() -> bool:
        return bool(watch.on_fresh_connection(lambda: set(seen) - night.done(seen)))

    async def until_all_is_done() -> None:
        working = asyncio.create_task(worker._work(1, clock=now))
        async with asyncio.timeout(60):
            while await asyncio.to_thread(is_left):
                await asyncio.sleep(0.05)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

    asyncio.run(until_all_is_done())


def a_job_is_done() -> bool:
    return not ProcrastinateJob.objects.filter(task_name="notifications.send_notice").exists()
