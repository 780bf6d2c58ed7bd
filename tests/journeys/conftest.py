"""A house of its own for stories told through real processes, sockets and browsers."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from sandbox.house import House
from sandbox.neighbours import Ports

# Not the seeded one: two processes with one seed would choose the same ports at the same time.
CHANCE = random.SystemRandom()


def free_ports() -> Ports:
    """Return neighbouring ports that nobody uses."""
    while True:
        ports = Ports(CHANCE.randrange(20_000, 32_000, 10))
        if all(_is_free(port) for port in ports.all()):
            return ports


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture(scope="session")
def empty_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with its database and keys, without a demo world, with nothing running yet."""
    os.environ["MYPOST_STALLED_AFTER"] = "2"
    house = House(tmp_path_factory.mktemp("house"), free_ports())
    house.prepare(demo=False)
    yield house
    house.postgres.stop()


@pytest.fixture(scope="session")
def store_files(empty_house: House) -> Path:
    """Where the house keeps its encrypted objects."""
    return empty_house.folder / "store"


@dataclass(frozen=True)
class Demo:
    """A house that runs, with its demo world."""

    folder: Path
    ports: Ports

    @property
    def member(self) -> str:
        return f"http://localhost:{self.ports.member}"

    @property
    def sender(self) -> str:
        return f"http://localhost:{self.ports.sender}"

    @property
    def operator(self) -> str:
        return f"http://localhost:{self.ports.operator}"

    @property
    def mail(self) -> str:
        return f"http://localhost:{self.ports.mail_page}"

    @property
    def cards(self) -> str:
        return f"http://localhost:{self.ports.card_office}"

    @property
    def print_shop(self) -> str:
        return f"http://localhost:{self.ports.print_shop}"

    @property
    def carrier(self) -> str:
        return f"http://localhost:{self.ports.carrier}"

    @property
    def log_key(self) -> Path:
        return self.folder / "keys" / "log.vkey"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """What `make run` gives a newcomer, in a folder of its own."""
    running = Demo(tmp_path_factory.mktemp("demo"), free_ports())
    command = ["-m", "sandbox.house", "--folder", running.folder, "--port", running.ports.first]
    told = (running.folder / "told.txt").open("w+b")
    house = subprocess.Popen([sys.executable, *map(str, command)], stdout=told, stderr=told)
    try:
        _await_ready(house, running.folder / "told.txt")
        yield running
    finally:
        house.send_signal(signal.SIGINT)
        house.wait(60)
        told.close()


def _await_ready(house: "subprocess.Popen[bytes]", told: Path) -> None:
    for _attempt in range(900):
        if b"Ctrl-C ends everything" in told.read_bytes():
            return
        if house.poll() is not None:
            break
        time.sleep(0.1)
    pytest.fail(told.read_text(encoding="utf-8")[-3000:])


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless.

    One a test: Playwright keeps an event loop in this thread, and while it runs Django's
    connections of other tests would be lost to it.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()
