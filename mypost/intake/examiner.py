"""Examine documents where a hostile one harms only itself: each in a limited child of its own.

    door or worker ── an `Examiner`, called by many threads at once
      └─ zygote        started at the first document; has the PDF readers loaded
           └─ child    forked per document; limited; examines, writes a verdict, ends

The document travels in a memory file and the verdict in a pipe, both made for this one document
and handed to the zygote over a socket. The zygote keeps the pipe's other end until the child is
gone and speaks for a child that died. So a pipe that ends empty means that the zygote died, and
the document is given to a new one. When the door dies the socket ends, and the zygote with it.
"""

import atexit
import io
import json
import os
import select
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Self

from mypost.intake.errors import IntakeError
from mypost.intake.examiner_zygote import DEFAULT_CAGE, VERDICT_SIZE, Cage
from mypost.kernel.pdf import DEFAULT_LIMITS, Examination, Finding, Limits

_HOUSE = Path(__file__).resolve().parents[2]
_START_PATIENCE = 30.0  # seconds; a cold disk under load, usually 0.3
_GRACE = 5.0  # seconds past a child's wall time after which the zygote counts as stuck
_ATTEMPTS = 3
_SPECIMEN_SIZE = 65_536


class ExaminerUnavailable(IntakeError):
    """No examination took place, through no fault of the document. Try again later."""

    code = "examiner_unavailable"
    permanent = False


class Examiner:
    """Hands documents to a zygote, which it starts at the first one and again whenever it dies.

    limits, cage: the same for every document. parallel: children alive at once; further callers
    wait, so that many threads together use no more than `parallel` times the cage's memory.
    """

    def __init__(
        self,
        *,
        limits: Limits = DEFAULT_LIMITS,
        cage: Cage = DEFAULT_CAGE,
        parallel: int = max(2, os.cpu_count() or 2),
    ) -> None:
        self._limits, self._cage = limits, cage
        self._places = threading.BoundedSemaphore(parallel)
        self._lock = threading.Lock()
        self._zygote: _Zygote | None = None

    def examine(self, data: bytes) -> Examination:
        """Decide on one document; see `examine_document`."""
        with self._places:
            try:
                return self._examine(data)
            except OSError as shortage:  # of processes, descriptors or memory
                raise ExaminerUnavailable from shortage

    def _examine(self, data: bytes) -> Examination:
        for _ in range(_ATTEMPTS):
            zygote = self._living_zygote()
            if verdict := zygote.ask(data):
                return _read_verdict(verdict)
            self._discard(zygote)
        raise ExaminerUnavailable

    @property
    def zygote_pid(self) -> int:
        """The process id of the zygote, started when there is none."""
        return self._living_zygote().process.pid

    def close(self) -> None:
        """End the zygote and its children. The next document would start another."""
        with self._lock:
            zygote, self._zygote = self._zygote, None
        if zygote is not None:
            zygote.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _living_zygote(self) -> "_Zygote":
        with self._lock:
            if self._zygote is None:
                self._zygote = _Zygote(self._limits, self._cage)
            return self._zygote

    def _discard(self, zygote: "_Zygote") -> None:
        with self._lock:
            if self._zygote is zygote:  # else another thread was faster
                self._zygote = None
                zygote.end()


class _Zygote:
    """The door's end of one zygote process."""

    def __init__(self, limits: Limits, cage: Cage) -> None:
        orders = json.dumps([asdict(limits), asdict(cage)])
        self._patience = cage.wall + _GRACE
        # Packets, because threads write at once and each request must stay whole.
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 (our own module and numbers)
                [sys.executable, "-P", "-m", "mypost.intake.examiner_zygote", orders],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env={"PYTHONPATH": str(_HOUSE), "LC_ALL": "C.UTF-8"},  # ours holds secrets
                cwd="/",
                start_new_session=True,  # Ctrl-C is for the door, which then ends us
            )
        self._socket.settimeout(_START_PATIENCE)
        if not self._proves_itself():
            self.end()
            raise ExaminerUnavailable

    def _proves_itself(self) -> bool:
        """Have it examine the specimen that it sends when it is ready.

        A machine where no child can live would otherwise put the blame on every document.
        """
        try:
            specimen = self._socket.recv(_SPECIMEN_SIZE)
        except OSError:
            return False
        verdict = self.ask(specimen)
        return bool(verdict) and _read_verdict(verdict) not in _DEATHS

    def ask(self, data: bytes) -> bytes:
        """Have one document examined. Returns the verdict's line, or nothing if the zygote died."""
        answer, pen = os.pipe()
        with open(answer, "rb", buffering=0) as reader:
            with open(pen, "wb", buffering=0):
                self._hand_over(data, pen)
            return _read_within(reader, self._patience)

    def _hand_over(self, data: bytes, pen: int) -> None:
        with open(os.memfd_create("document"), "wb") as document:
            document.write(data)
            document.flush()
            with suppress(OSError):  # it died: the pipe will end empty
                socket.send_fds(self._socket, [b"d"], [document.fileno(), pen])

    def end(self) -> None:
        """Let it end with its socket; by force when it is stuck."""
        self._socket.close()
        try:
            self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _read_within(reader: io.FileIO, seconds: float) -> bytes:
    poller = select.poll()
    poller.register(reader, select.POLLIN)
    return reader.read(VERDICT_SIZE) if poller.poll(seconds * 1000) else b""


_REFUSALS = frozenset(finding.examination for finding in Finding)
_DEATHS = frozenset(
    finding.examination for finding in (Finding.TOO_SLOW, Finding.TOO_HEAVY, Finding.BREAKS_READERS)
)


def _read_verdict(line: bytes) -> Examination:
    """Believe only what an honest child can say: a known refusal, or the pages of a good one."""
    with suppress(ValueError, TypeError):
        examination = Examination(*json.loads(line))
        if examination in _REFUSALS:
            return examination
        if examination.code is None and isinstance(examination.pages, int):
            return Examination(code=None, pages=examination.pages, detail="")
    return Finding.BREAKS_READERS.examination


_examiner = Examiner()
atexit.register(_examiner.close)


def examine_document(data: bytes) -> Examination:
    """Decide whether the bytes are a document that may be delivered, with this process's examiner.

    Safe to call from any thread. A document that crashes, stalls or swells its reader is refused.
    Raises ExaminerUnavailable.
    """
    return _examiner.examine(data)
