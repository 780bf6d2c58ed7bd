"""The night work: jobs of the rooms, and the watch that keeps the log and the queue going.

This process holds the intake key and the log key, and no key that opens a mailbox.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from django.conf import settings
from django.db import close_old_connections
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job

from mypost.accounts import commands as accounts
from mypost.common.clock import now
from mypost.evidence import commands as evidence
from mypost.intake import answers
from mypost.members import closing
from mypost.notifications import commands as notifications
from mypost.printing import commands as printing
from mypost.proofing import passcodes
from mypost.vault import commands as vault

log = logging.getLogger("mypost.worker")


def run(*, concurrency: int) -> int:
    """Work until told to stop by SIGTERM or SIGINT."""
    asyncio.run(_work(concurrency))
    return 0


async def _work(concurrency: int) -> None:
    working = app.with_connector(DjangoConnector().get_worker_connector())
    async with working.open_async():
        watches = [asyncio.create_task(_watch(working)), asyncio.create_task(_watch_paper())]
        try:
            await working.run_worker_async(
                concurrency=concurrency,
                fetch_job_polling_interval=2.0,
                delete_jobs="successful",
                update_heartbeat_interval=settings.STALLED_AFTER / 5,
                stalled_worker_timeout=settings.STALLED_AFTER,
                shutdown_graceful_timeout=20.0,
                task_middleware=[_fresh_connection],
            )
        finally:
            for watch in watches:
                watch.cancel()


def _fresh_connection(work: Callable[[], object], *_context: object) -> object:
    # Threads keep their connection; one that PostgreSQL has closed must not fail the next job.
    close_old_connections()
    return work()


async def _watch(working: App) -> None:
    """Every second the log, every other one what got stuck. What fails is tried again."""
    beat = 0
    while True:
        await _try(asyncio.to_thread(_integrate))
        if beat % 2 == 0:
            await _try(_return_stalled(working))
            await _try(asyncio.to_thread(_wake_alerts))
        if beat % 3600 == 0:
            await _try(asyncio.to_thread(_forget))
        beat += 1
        await asyncio.sleep(1.0)


async def _watch_paper() -> None:
    """Every other second paper. Those outside may be slow; the log does not wait for them."""
    while True:
        for work in (printing.compose_due, printing.hand_to_printer, printing.take_events):
            await _try(asyncio.to_thread(_at_now, work))
        await asyncio.sleep(2.0)


def _at_now(work: Callable[..., object]) -> None:
    close_old_connections()
    work(at=now())


async def _try(work: Awaitable[object]) -> None:
    try:
        await work
    except Exception as error:  # whatever one beat meets, the watch must see the next one
        log.warning("night watch: %s", type(error).__name__)


def _integrate() -> None:
    close_old_connections()
    evidence.integrate(at=now())


def _wake_alerts() -> None:
    close_old_connections()
    notifications.wake(at=now() - timedelta(seconds=30))


def _forget() -> None:
    close_old_connections()
    answers.forget_old_answers(at=now())
    accounts.forget_old_sign_ins(at=now())
    closing.close_due(at=now())
    vault.sweep(at=now())
    passcodes.void_expired(at=now())


async def _return_stalled(working: App) -> None:
    """Give a killed worker's jobs back to the queue; procrastinate leaves them as doing."""
    silence = settings.STALLED_AFTER
    for job in await working.job_manager.get_stalled_jobs(seconds_since_heartbeat=silence):
        await _retry(working, job)


async def _retry(working: App, job: Job) -> None:
    log.warning("night watch: job %s was left behind and goes back to the queue", job.id)
    await working.job_manager.retry_job(job)
