"""Watching an examiner at work: its processes, and an examination that is under way."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from mypost.intake.examiner import Examiner
from mypost.kernel.pdf import Examination
from tests.pdf_makers import by_fpdf2, slow

GOOD = by_fpdf2("お知らせ", pages=2)
ACCEPTED = Examination(code=None, pages=2, detail="")
MEGABYTE = 1024**2
ENDLESS = slow(40)
LONG = slow(4)


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def descriptors_of(pid: int) -> set[str]:
    return set(os.listdir(f"/proc/{pid}/fd"))


def status_of(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def lives(pid: int) -> bool:
    try:
        return not status_of(pid)["State"].startswith(("Z", "X"))
    except (FileNotFoundError, ProcessLookupError):
        return False


def ticks_of(pid: int) -> int:
    """Hundredths of a second of processor time that the process has used."""
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11])


def eventually(fact: Callable[[], object], *, seconds: float = 10) -> bool:
    deadline = monotonic() + seconds
    while not fact():
        if monotonic() > deadline:
            return False
        sleep(0.005)
    return True


@contextmanager
def examining(examiner: Examiner, data: bytes) -> Iterator[tuple[list[Examination], int]]:
    """Yield the answers of an examination that goes on in another thread, and its child's pid."""
    zygote, answers = examiner.zygote_pid, list[Examination]()
    assert eventually(lambda: not children_of(zygote))  # it begins with a specimen of its own
    thread = threading.Thread(target=lambda: answers.append(examiner.examine(data)))
    thread.start()
    try:
        assert eventually(lambda: children_of(zygote))
        (child,) = children_of(zygote)
        assert eventually(lambda: ticks_of(child) > 5)
        yield answers, child
    finally:
        thread.join()
