"""The night work: jobs of the rooms, and the watch that keeps the log and the queue going.

This process holds the intake key and the log key, and no key that opens a mailbox.
"""

import asyncio
import logging
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import UniqueViolation

from mypost.accounts import commands as accounts
from mypost.common.clock import now
from mypost.entrypoints.worker.watch import Clock, Work, keep, on_fresh_connection
from mypost.evidence import commands as evidence
from mypost.intake import answers
from mypost.members import closing
from mypost.notifications import commands as notifications
from mypost.printing import commands as printing
from mypost.proofing import passcodes
from mypost.vault import commands as vault

LEFT_BEHIND = timedelta(seconds=30)  # what is due for longer has lost its job
log = logging.getLogger("mypost.worker")


def run(*, concurrency: int) -> int:
    """Work until told to stop by SIGTERM or SIGINT."""
    asyncio.run(_work(concurrency, clock=now))
    return 0


async def _work(concurrency: int, *, clock: Clock) -> None:
    working = app.with_connector(DjangoConnector().get_worker_connector())
    async with working.open_async():
        watches = [asyncio.create_task(keep(w, clock=clock)) for w in works_by_watch(working)]
        try:
            await do_jobs(working, concurrency)
        finally:
            for watch in watches:
                watch.cancel()


async def do_jobs(working: App, concurrency: int, *, wait: bool = True) -> None:
    """Do the jobs in the queue. wait: also those to come, until told to stop."""
    await working.run_worker_async(
        concurrency=concurrency,
        wait=wait,
        fetch_job_polling_interval=2.0,
        delete_jobs="successful",
        update_heartbeat_interval=settings.STALLED_AFTER / 5,
        stalled_worker_timeout=settings.STALLED_AFTER,
        shutdown_graceful_timeout=20.0,
        task_middleware=[on_fresh_connection],
    )


def works_by_watch(working: App) -> list[list[Work]]:
    """Return what is done again and again; no watch waits for another.

    1. The log, every second, and what got stuck, every other one. 2. Paper: those outside may be
    slow. 3. What ends or is forgotten, every hour: sweeping a large store takes its time.
    """
    second, hour = timedelta(seconds=1), timedelta(hours=1)
    return [
        [
            Work(evidence.integrate, every=second),
            Work(partial(_return_stalled, working), every=2 * second),
            Work(_wake_alerts, every=2 * second),
        ],
        [
            Work(printing.compose_due, every=2 * second),
            Work(printing.hand_to_printer, every=2 * second),
            Work(printing.take_events, every=2 * second),
        ],
        [
            Work(answers.forget_old_answers, every=hour),
            Work(accounts.forget_old_sign_ins, every=hour),
            Work(closing.close_due, every=hour),
            Work(vault.sweep, every=hour),
            Work(passcodes.void_expired, every=hour),
        ],
    ]


def _wake_alerts(*, at: datetime) -> None:
    notifications.wake(at=at - LEFT_BEHIND)


async def _return_stalled(working: App, *, at: datetime) -> None:
    """Give a killed worker's jobs back to the queue; procrastinate leaves them as doing.

    Who is silent for how long the database tells, by its own clock.
    """
    silence = settings.STALLED_AFTER
    for job in await working.job_manager.get_stalled_jobs(seconds_since_heartbeat=silence):
        log.warning("night watch: job %s was left behind and goes back to the queue", job.id)
        with suppress(UniqueViolation):  # the same work waits in the queue already, before it
            await working.job_manager.retry_job(job)
