"""A mail server in a process of its own, on ports of its own, for the tests of one file."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.patience import PATIENCE

_READY = re.compile(r"ready: smtp 127\.0\.0\.1:(\d+), page (http://127\.0\.0\.1:\d+)/")
_COMMAND = [sys.executable, "-W", "error", "-m", "sandbox.mail_server"]


@dataclass
class MailServer:
    process: subprocess.Popen[str]
    smtp_port: int
    page: str
    folder: Path

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def start_mail_server(folder: Path) -> MailServer:
    ports = ["--smtp-port", "0", "--http-port", "0", "--slow-seconds", "0.3"]
    process = subprocess.Popen(
        [*_COMMAND, *ports, "--folder", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert process.stdout
    ready = _READY.search(process.stdout.readline())
    assert ready
    return MailServer(process, int(ready[1]), ready[2], folder)


@pytest.fixture(scope="module")
def mail_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    server = start_mail_server(tmp_path_factory.mktemp("mail"))
    with server.process:
        yield server
        server.stop()
