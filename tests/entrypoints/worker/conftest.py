"""The queue, and the worker that empties it."""

import asyncio
from datetime import datetime, timedelta

import pytest
from django.db import connection
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.periodic import PeriodicRegistry

from mypost.common.clock import now
from mypost.entrypoints import worker


@pytest.fixture
def queue(transactional_db: None) -> None:
    """Nothing waits, nobody works, and what is put into it is committed."""


def working() -> App:
    """Return the queue as the worker opens it."""
    return app.with_connector(DjangoConnector().get_worker_connector())


def do_jobs() -> None:
    """Let the real worker do what is due, and end. The machine's clock begins nothing here."""

    async def work() -> None:
        night = working()
        night.periodic_registry = PeriodicRegistry()  # type: ignore[no-untyped-call]
        async with night.open_async():
            await worker.do_jobs(night, 1, wait=False)

    asyncio.run(work())


def make_due(job_id: int, *, at: datetime | None = None, attempts: int | None = None) -> None:
    """Turn the clock for one job: it is due at another time, now if none is said."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs"
            " SET scheduled_at = %s, attempts = coalesce(%s, attempts) WHERE id = %s",
            [at or now() - timedelta(seconds=1), attempts, job_id],
        )
