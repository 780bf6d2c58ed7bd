"""What the processors did meanwhile: our processes, and everybody else's. Linux only.

Source: Linux proc(5), /proc/[pid]/stat and /proc/stat.
"""

import os
import platform
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

_PROC = Path("/proc")
_TICK = 1 / os.sysconf("SC_CLK_TCK")  # seconds
_IDLE = (3, 4)  # columns of /proc/stat: idle, waiting for a disk
_GUEST = 8  # from here on the columns repeat time that is counted before


def descendants(roots: Iterable[int]) -> set[int]:
    """Return these processes and all that live below them."""
    children: dict[int, list[int]] = {}
    for folder in _PROC.glob("[0-9]*"):
        pid = int(folder.name)
        if (fields := _stat(pid)) is not None:
            children.setdefault(int(fields[1]), []).append(pid)
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        found.add(pid)
        waiting += children.get(pid, [])
    return found


def cpu_seconds(roots: Iterable[int]) -> float:
    """Return the processor time of these processes, of all below them, and of their dead."""
    known = (_stat(pid) for pid in descendants(roots))
    ticks = sum(sum(map(int, fields[11:15])) for fields in known if fields is not None)
    return ticks * _TICK


def _stat(pid: int) -> list[str] | None:
    """Return a process's state, parent and so on; None when it has ended."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rpartition(")")[2].split()  # a name may hold spaces and brackets


def busy_seconds() -> float:
    """Return the processor time of the whole machine, also what a hypervisor took from it."""
    first = (_PROC / "stat").read_text(encoding="utf-8").split("\n", 1)[0]
    ticks = [int(field) for field in first.split()[1 : 1 + _GUEST]]
    return sum(count for column, count in enumerate(ticks) if column not in _IDLE) * _TICK


@dataclass(frozen=True)
class Span:
    """What passed during one run. All in seconds.

    wall: of the clock. cpu: of the processes that do the work. ours: of all that belong to the
    bench. busy: of the whole machine.
    """

    wall: float
    cpu: float
    ours: float
    busy: float


def strangers(spans: Iterable[Span]) -> float:
    """Return how many cores other people's processes kept busy meanwhile."""
    spans = list(spans)
    others = sum(span.busy - span.ours for span in spans)
    return max(0.0, others) / sum(span.wall for span in spans)


class Watch:
    """Measures runs. belonging: tells the roots of every process of the bench."""

    def __init__(self, belonging: Callable[[], Iterable[int]]) -> None:
        self._belonging = belonging

    def repeat(
        self,
        runs: int,
        work: Callable[[], T],
        *,
        workers: Callable[[], Iterable[int]] = tuple,
        prepare: Callable[[], object] = tuple,
    ) -> tuple[list[T], list[Span]]:
        """Do the work some times; return what each run gave, and what passed meanwhile.

        workers: tells the roots of the processes whose time is the work's. prepare: is done
        before each run and not counted.
        """
        results, spans = [], []
        for _ in range(runs):
            prepare()
            before = self._now(workers())
            results.append(work())
            after = self._now(workers())
            spans.append(Span(*(now - then for then, now in zip(before, after, strict=True))))
        return results, spans

    def _now(self, workers: Iterable[int]) -> tuple[float, float, float, float]:
        ours = cpu_seconds(self._belonging())
        return time.perf_counter(), cpu_seconds(workers), ours, busy_seconds()


def describe(folder: Path) -> str:
    """Return one line about the machine. folder: where the database and the store lie."""
    model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    processor = model[1].strip() if model else platform.machine()
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores, {processor}, Python {platform.python_version()}, {file_system(folder)}"


def file_system(folder: Path) -> str:
    """Return the type of the file system that holds a folder, as "ext4"."""
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text("utf-8").splitlines()]
    holding = [fields for fields in mounts if folder.resolve().is_relative_to(fields[1])]
    return max(holding, key=lambda fields: len(fields[1]))[2]
