"""Processes of the house: each in a group of its own, and none outlives the house."""

import ctypes
import os
import select
import signal
import subprocess
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PDEATHSIG = 1  # prctl: tell me when my parent is gone


@dataclass
class Service:
    """One process of the house, and how to start it again."""

    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    deaths: int = field(default=0)

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            env={**os.environ, **self.environment},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is ours to answer, in order
            preexec_fn=end_with_parent,
        )

    def is_dead(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def clear_up(self) -> None:
        """End what a killed process has left of its group."""
        if self.process is not None:
            signal_group(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self, seconds: float = 15.0) -> None:
        if self.process is None:
            return
        signal_group(self.process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        self.clear_up()


def await_an_end(pids: Iterable[int], news: int, *, seconds: float) -> None:
    """Wait until one of the processes ends, or something comes by the descriptor, or so long."""
    with ExitStack() as opened:
        waiting = [news]
        for pid in pids:
            try:
                end = os.pidfd_open(pid)
            except ProcessLookupError:
                return  # it is gone already
            opened.callback(os.close, end)
            waiting.append(end)
        select.select(waiting, [], [], seconds)


def end_with_parent() -> None:
    """Let this process be told to end when its parent is gone, however that went."""
    ctypes.CDLL(None).prctl(PDEATHSIG, signal.SIGTERM)


def signal_group(group: int, number: signal.Signals) -> None:
    """Signal every process of a group; one that has ended needs none."""
    with suppress(ProcessLookupError):
        os.killpg(group, number)
