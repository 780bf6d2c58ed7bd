"""The virus scanner of tests: the sandbox's clamd on a real socket, and others that are no help.

A conftest takes the fixtures in by their names; then every document of its tests is scanned.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from socketserver import StreamRequestHandler, TCPServer, ThreadingUnixStreamServer
from typing import Any

import pytest
from pytest_django import Settings

from sandbox import clamd
from tests.pdf_makers import ONE_PAGE, by_hand, stream

# Both are good PDFs that the examiner lets pass: only the scanner can tell them apart.
CLEAN = by_hand()
INFECTED = by_hand({**ONE_PAGE, 4: stream(clamd.EICAR)})

NO_HELP = ["away", "silent", "slow"]


class _Silent(StreamRequestHandler):
    """Takes the document and hangs up without a word."""

    def handle(self) -> None:
        self.rfile.read(len(b"zINSTREAM\0"))
        with suppress(ConnectionError):
            while length := int.from_bytes(self.rfile.read(4), "big"):
                self.rfile.read(length)


class _Slow(StreamRequestHandler):
    """Says that all is well when the asker, with a patience of 0.05 s, has long given up."""

    def handle(self) -> None:
        self.connection.settimeout(20)
        with suppress(ConnectionError):
            try:
                self.rfile.read()  # ends when the asker hangs up
            except TimeoutError:
                self.wfile.write(b"stream: OK\0")


@dataclass
class Scanner:
    """Which scanner documents are shown to now. Begins with one that works."""

    folder: Path
    settings: Settings

    def __post_init__(self) -> None:
        self.works()

    def works(self) -> None:
        """Let it be there, and give it all the time that it is given in earnest."""
        self.settings.CLAMD_ADDRESS, self.settings.CLAMD_PATIENCE = self._at("works"), 30

    def is_no_help(self, how: str) -> None:
        """Let it be away, silent or slow. Nobody listens for the first of these."""
        assert how in NO_HELP
        self.settings.CLAMD_ADDRESS = self._at(how)
        if how == "slow":
            self.settings.CLAMD_PATIENCE = 0.05

    def _at(self, name: str) -> str:
        return f"unix://{self.folder}/{name}"


class _Server(ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def serving(server: TCPServer) -> Iterator[None]:
    """Serve in a thread until the block ends."""
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="session")
def scanners(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the sockets behind which they all are, for as long as the tests run."""
    folder = tmp_path_factory.mktemp("clamd")
    silent: Any = _Server(f"{folder}/silent", _Silent)
    slow: Any = _Server(f"{folder}/slow", _Slow)
    with serving(clamd.listen(f"unix://{folder}/works")), serving(silent), serving(slow):
        yield folder


@pytest.fixture
def scanner(scanners: Path, settings: Settings) -> Scanner:
    return Scanner(scanners, settings)
