"""The process from which the examiner's children are forked. Run as a module, by the examiner.

It has the PDF readers loaded and never parses a document itself: for each one it forks a child,
which limits itself, examines, writes its verdict and ends. It kills the late and speaks for the
dead, so that every document gets a verdict while the zygote lives. It ends with its door.
Imports only the kernel and the standard library: it starts in a third of a second, and nothing
in it knows a key, a setting or a database.
"""

import io
import json
import os
import resource
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import astuple, dataclass
from typing import NoReturn

import pikepdf

from mypost.kernel.pdf import Examination, Finding, Limits, examine

VERDICT_SIZE = 4096  # bytes; a pipe takes that much in one piece, so no reader sees half a verdict
_NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Cage:
    """What one child may use: bytes of address space, seconds of processor and of wall time."""

    memory: int = 1024**3
    cpu: int = 10
    wall: float = 10.0


DEFAULT_CAGE = Cage()


@dataclass(frozen=True, slots=True)
class _Child:
    pid: int
    pen: int
    deadline: float


class _Zygote:
    def __init__(self, door: socket.socket, limits: Limits, cage: Cage) -> None:
        self._door, self._limits, self._cage = door, limits, cage
        self._children: dict[int, _Child] = {}  # by a descriptor that turns readable at the end

    def serve(self) -> None:
        """Give every document from the door a child of its own, until the door closes."""
        while True:
            ready = self._wait()
            for ended in self._children.keys() & ready:
                self._bury(ended)
            self._kill_the_late()
            if self._door.fileno() in ready and not self._take_in():
                break
        for child in self._children.values():
            os.kill(child.pid, signal.SIGKILL)

    def _wait(self) -> set[int]:
        first = min((child.deadline for child in self._children.values()), default=None)
        seconds = None if first is None else max(0.0, first - time.monotonic())
        ready, _, _ = select.select([self._door.fileno(), *self._children], [], [], seconds)
        return set(ready)

    def _take_in(self) -> bool:
        """Fork a child for the next document. Returns False when the door has closed."""
        with suppress(ConnectionResetError):
            request, received, _, _ = socket.recv_fds(self._door, 1, 2)
            if request:
                self._fork(*received)
                return True
        return False

    def _fork(self, document: int, pen: int) -> None:
        pid = os.fork()
        if pid == 0:
            _live(document, pen, self._limits, self._cage)
        os.close(document)
        deadline = time.monotonic() + self._cage.wall
        self._children[os.pidfd_open(pid)] = _Child(pid, pen, deadline)

    def _kill_the_late(self) -> None:
        for child in self._children.values():
            if child.deadline <= time.monotonic():
                os.kill(child.pid, signal.SIGKILL)

    def _bury(self, ended: int) -> None:
        child = self._children.pop(ended)
        _, status = os.waitpid(child.pid, 0)
        if status != 0:
            with suppress(BrokenPipeError):  # nobody waits for it any more
                os.write(child.pen, _verdict_of_death(status, child.deadline))
        os.close(child.pen)
        os.close(ended)


def _verdict_of_death(status: int, deadline: float) -> bytes:
    cause = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    late = cause == signal.SIGKILL and deadline <= time.monotonic()
    slow = late or cause == signal.SIGXCPU
    return _line(Finding.TOO_SLOW if slow else Finding.BREAKS_READERS)


def _line(verdict: Examination | Finding) -> bytes:
    examination = verdict.examination if isinstance(verdict, Finding) else verdict
    return json.dumps(astuple(examination)).encode()


# In the child


def _live(document: int, pen: int, limits: Limits, cage: Cage) -> NoReturn:
    """Examine one document and end the process, with status 0 when the verdict is written."""
    status = 1
    try:
        _keep_only(document, pen)
        _enter(cage)
        os.write(1, _line(_examine(limits)))
        status = 0
    finally:
        os._exit(status)  # no clean-up: what the document made of this memory must not run


def _keep_only(document: int, pen: int) -> None:
    """Leave the document as descriptor 0, the pen as 1, and no way to the door or to siblings."""
    os.dup2(document, 0)
    os.dup2(pen, 1)
    os.closerange(2, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _enter(cage: Cage) -> None:
    _limit(resource.RLIMIT_AS, cage.memory)
    _limit(resource.RLIMIT_CPU, cage.cpu, cage.cpu + 1)  # the soft limit kills by its own signal
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)  # a dump would leave the document on the disk
    _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_NOFILE, 0)  # no new file and no socket; 0 and 1 stay open


def _limit(kind: int, soft: int, hard: int | None = None) -> None:
    _, allowed = resource.getrlimit(kind)
    wanted = (soft, soft if hard is None else hard)
    if allowed != resource.RLIM_INFINITY:  # only root may ask for more than it was given
        wanted = (min(wanted[0], allowed), min(wanted[1], allowed))
    resource.setrlimit(kind, wanted)


def _examine(limits: Limits) -> Examination | Finding:
    try:
        # One byte more than allowed is enough to tell that it is too much.
        return examine(os.pread(0, limits.size + 1, 0), limits=limits)
    except MemoryError:
        return Finding.TOO_HEAVY


# At the start


def _make_specimen(encryption: pikepdf.Encryption | None = None) -> bytes:
    """Return a small document with a line of text."""
    with pikepdf.new() as pdf, io.BytesIO() as file:
        page = pdf.add_blank_page().obj
        page.Contents = pdf.make_stream(b"BT /F 9 Tf (a) Tj ET")
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        pdf.save(file, encryption=encryption)
        return file.getvalue()


def _load_readers() -> bytes:
    """Read two specimens, for what a child could not open: modules, fonts, the random device.

    Returns the good one.
    """
    specimen = _make_specimen()
    examine(specimen)
    examine(_make_specimen(pikepdf.Encryption(owner="owner")))
    return specimen


def _give_up_root() -> None:
    """Where we are root, become nobody: RLIMIT_NPROC and the hard limits do not bind root."""
    if os.geteuid() == 0:
        with suppress(OSError):  # a container may not know another user; the limits still hold
            os.setgroups([])
            os.setgid(_NOBODY)
            os.setuid(_NOBODY)


def _fall_silent() -> None:
    """From here on the readers' complaints, which may quote a document, go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def main(orders: str) -> None:
    """Be the zygote: say so by sending the specimen, then serve.

    orders: JSON, the fields of Limits and of Cage. The door is descriptor 0.
    """
    limits, cage = json.loads(orders)
    specimen = _load_readers()
    _give_up_root()
    _fall_silent()
    with socket.socket(fileno=0) as door:
        door.send(specimen)
        _Zygote(door, Limits(**limits), Cage(**cage)).serve()


if __name__ == "__main__":
    main(sys.argv[1])
