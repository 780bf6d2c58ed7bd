"""The real house in processes of its own, from its first start to Ctrl-C, in a temporary folder."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from config.embedded_postgres import EmbeddedPostgres
from sandbox.neighbours import Ports
from tools.bench.machine import descendants

ROOT = Path(__file__).resolve().parents[2]
READY = "Ctrl-C ends everything."
PATIENCE = 120.0  # seconds
OURS = ("MYPOST_", "DATABASE_URL", "SECRET_KEY", "DJANGO_")


class House:
    """`python -m sandbox.house`, as a person starts it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = EmbeddedPostgres(folder)
        self.ports = _free_ports()
        self._log = folder / "house.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None

    @property
    def sender_address(self) -> str:
        return f"http://127.0.0.1:{self.ports.sender}"

    def start(self) -> float:
        """Start everything; return the seconds until it says that it is ready."""
        command = [sys.executable, "-m", "sandbox.house", "--folder", str(self.folder)]
        with self._log.open("wb") as log:
            began = time.perf_counter()
            self._process = subprocess.Popen(
                [*command, "--port", str(self.ports.first)],
                env={k: v for k, v in os.environ.items() if not k.startswith(OURS)},
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        self._await_ready(began + PATIENCE)
        return time.perf_counter() - began

    def stop(self) -> None:
        """Press Ctrl-C and wait for the end."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(PATIENCE)
            self._process = None

    def pids(self, door: str) -> list[int]:
        """Return the processes that stand for one door, as "sender" or "worker"."""
        assert self._process is not None
        mark = f"MYPOST_DOOR={door}".encode()
        return [pid for pid in descendants([self._process.pid]) if mark in _environment(pid)]

    def postmaster(self) -> list[int]:
        """Return the process above every backend, while there is one."""
        with suppress(FileNotFoundError):
            lock = (self.postgres.data / "postmaster.pid").read_text(encoding="utf-8")
            return [int(lock.split("\n", 1)[0])]
        return []

    def _await_ready(self, deadline: float) -> None:
        assert self._process is not None
        while READY.encode() not in self._log.read_bytes():
            if self._process.poll() is not None or time.perf_counter() > deadline:
                raise SystemExit(f"The house does not start:\n{self._log.read_text('utf-8')}")
            time.sleep(0.02)


def _environment(pid: int) -> list[bytes]:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path("/proc", str(pid), "environ").read_bytes().split(b"\0")
    return []


def _free_ports() -> Ports:
    for first in range(20_100, 32_000, 10):
        ports = Ports(first)
        if not any(map(_is_taken, ports.all())):
            return ports
    raise SystemExit("No five neighbouring ports are free.")


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False
