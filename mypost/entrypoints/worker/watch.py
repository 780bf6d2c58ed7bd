"""Works that are begun again and again, each at its own period, by a clock that is given."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from inspect import iscoroutinefunction

from django.db import close_old_connections

BEAT = 0.25  # seconds between two looks at the clock
Clock = Callable[[], datetime]
log = logging.getLogger("mypost.worker")


@dataclass
class Work:
    """One command, which takes the time as `at`. every: from one beginning to the next."""

    command: Callable[..., object]
    every: timedelta
    begun_at: datetime | None = None

    def is_due(self, at: datetime) -> bool:
        """Say whether to begin it: after the start, after its period, and by a clock set back."""
        return self.begun_at is None or not timedelta(0) <= at - self.begun_at < self.every


async def keep(works: Sequence[Work], *, clock: Clock) -> None:
    """Do works whenever they are due, one after the other, for ever."""
    while True:
        await beat(works, clock=clock)
        await asyncio.sleep(BEAT)


async def beat(works: Sequence[Work], *, clock: Clock) -> None:
    """Do what is due now. What fails keeps nobody waiting, and is done again after its period."""
    for work in works:
        at = clock()  # asked anew: the one before may have taken long
        if work.is_due(at):
            work.begun_at = at
            await _try(work.command, at=at)


async def _try(command: Callable[..., object], *, at: datetime) -> None:
    try:
        if iscoroutinefunction(command):
            await command(at=at)
        else:
            await asyncio.to_thread(on_fresh_connection, lambda: command(at=at))
    except Exception as error:  # whatever one beat meets, the watch must see the next one
        log.warning("night watch: %s", type(error).__name__)


def on_fresh_connection(work: Callable[[], object], *_context: object) -> object:
    """Do work in a thread. One keeps its connection, and PostgreSQL may have closed that."""
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()
