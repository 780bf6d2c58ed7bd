"""Watching an examiner at work: its processes, and an examination that is under way.

Nothing here counts on the machine's speed: a child that is watched is stopped where it is.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from time import monotonic, sleep

from mypost.intake.examiner import Examiner, ExaminerUnavailable
from mypost.kernel.pdf import Examination
from tests.pdf_makers import by_fpdf2, slow

ACCEPTED = Examination(code=None, pages=2, detail="")
MEGABYTE = 1024**2
FOR_EVER = 120.0  # seconds, where a test waits for something else


@cache
def good() -> bytes:
    return by_fpdf2("お知らせ", pages=2)


@cache
def lengthy() -> bytes:
    """A good document of one page that takes long enough to be met while it is read."""
    return slow(1)


@cache
def endless() -> bytes:
    """Many seconds of processor time on any machine, if it is allowed to."""
    return slow(100)


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def descriptors_of(pid: int) -> set[str]:
    return set(os.listdir(f"/proc/{pid}/fd"))


def status_of(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def limits_of(pid: int) -> str:
    return Path(f"/proc/{pid}/limits").read_text()


def lives(pid: int) -> bool:
    return _state_of(pid) not in "ZX"


def eventually(fact: Callable[[], object], *, seconds: float = 60) -> bool:
    """Wait for a fact. seconds: only so that a test that fails does not hang."""
    deadline = monotonic() + seconds
    while not fact():
        if monotonic() > deadline:
            return False
        sleep(0.002)
    return True


def started(examiner: Examiner) -> int:
    """Start the zygote, however often its specimen is too slow for a narrow cage; its pid."""
    pids: list[int] = []

    def starts() -> bool:
        with suppress(ExaminerUnavailable):
            pids.append(examiner.zygote_pid)
        return bool(pids)

    assert eventually(starts)
    return pids[0]


@contextmanager
def held(examiner: Examiner, data: bytes) -> Iterator[tuple[list[Examination], int]]:
    """Yield the answers of an examination that was stopped under way, and its child's pid.

    The examination goes on, if it still can, at the latest when the block ends.
    """
    thread, answers, child = _caught(examiner, data)
    try:
        yield answers, child
    finally:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGCONT)
        thread.join()


def _caught(examiner: Examiner, data: bytes) -> tuple[threading.Thread, list[Examination], int]:
    """Begin examinations until one is caught before it is over."""
    zygote = examiner.zygote_pid
    while True:
        others, answers = set(children_of(zygote)), list[Examination]()
        thread = threading.Thread(target=_examine, args=(examiner, data, answers))
        thread.start()
        while thread.is_alive():
            for child in set(children_of(zygote)) - others:
                if _is_limited(child, zygote) and _is_stopped(child):
                    return thread, answers, child
            sleep(0.001)
        thread.join()


def _examine(examiner: Examiner, data: bytes, answers: list[Examination]) -> None:
    answers.append(examiner.examine(data))


def _is_limited(child: int, zygote: int) -> bool:
    """Say whether it is a process of its own: before that it holds the zygote's door open."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return limits_of(child) != limits_of(zygote)
    return False


def _is_stopped(child: int) -> bool:
    """Stop it. Returns False when it had ended before."""
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGSTOP)
        return eventually(lambda: _state_of(child) in "TZX") and _state_of(child) == "T"
    return False


def _state_of(pid: int) -> str:
    try:
        return status_of(pid)["State"][0]
    except (FileNotFoundError, ProcessLookupError):
        return "X"
