"""Services of a house, forked from a process that has imported everything (`zygote.py`)."""

import os
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sandbox.processes import Service, signal_group
from tests.journeys.asking import Asked
from tests.patience import PATIENCE


@dataclass
class Fork:
    """A running service, in a group of its own."""

    zygote: Asked
    pid: int
    end: int  # a descriptor that turns readable when the process has ended

    def status(self) -> int:
        """Wait for its end and say how it came: -9 after kill -9."""
        assert select.select([self.end], [], [], PATIENCE)[0], "it runs on"
        status: int = self.zygote.ask("status", self.pid)
        return status


@contextmanager
def forked(zygote: Asked, service: Service, failpoint: str = "") -> Iterator[Fork]:
    """Let a service run until the end of the block, where kill -9 ends it and all its children.

    failpoint: where it shall fail before that, and how.
    """
    pid = zygote.ask("fork", service.command, failpoint)
    end = os.pidfd_open(pid)  # nobody has waited for it yet, so the number is still its own
    try:
        yield Fork(zygote, pid, end)
    finally:
        signal_group(pid, signal.SIGKILL)
        os.close(end)
