"""A house of its own for stories told through real processes, sockets and browsers."""

import inspect
import os
import random
import socket
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from sandbox.house import House
from sandbox.neighbours import Ports
from tests.journeys.asking import Asked
from tests.journeys.shared import shared
from tests.journeys.stage import stage_in
from tests.patience import PATIENCE, await_it

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
    """What `make run` gives a newcomer, in a folder of its own; one for all test processes."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with shared(folder / "demo", _run_house) as told:
        yield Demo(folder / "demo" / "house", Ports(told["port"]))


def _run_house(folder: Path) -> dict[str, int]:
    port, said = free_ports().first, folder / "said.txt"
    command = [sys.executable, "-m", "sandbox.house", "--folder", folder / "house", "--port", port]
    output = (os.POSIX_SPAWN_OPEN, 1, str(said), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    errors = (os.POSIX_SPAWN_DUP2, 1, 2)
    # No Popen: whoever ends the house may be another process than the one that started it.
    pid = os.posix_spawn(
        sys.executable, list(map(str, command)), os.environ, file_actions=[output, errors]
    )
    await_it(lambda: _is_ready(pid, said), "the house")
    return {"pid": pid, "port": port}


def _is_ready(house: int, said: Path) -> bool:
    if os.waitpid(house, os.WNOHANG) != (0, 0):
        pytest.fail(said.read_text(encoding="utf-8")[-3000:])
    return b"Ctrl-C ends everything" in said.read_bytes()


@pytest.fixture(scope="session")
def demo_stage(demo: Demo) -> Iterator[Asked]:
    """Where things are done in the demo's house that nobody does through a page."""
    with stage_in(House(demo.folder, demo.ports)) as stage:
        yield stage


@pytest.fixture(scope="session")
def browsing() -> Iterator[ThreadPoolExecutor]:
    """The thread in which people look at pages.

    Playwright keeps an event loop in the thread that started it, and where one runs Django's
    connections are lost to every other test. So pytest's own thread never sees it.
    """
    with ThreadPoolExecutor(1, "browsing") as thread:
        yield thread


@pytest.fixture(scope="session")
def chromium(browsing: ThreadPoolExecutor) -> Iterator[Browser]:
    """Debian's Chromium, headless: one for all, since each person has a profile of their own."""
    expect.set_options(timeout=PATIENCE * 1_000)
    playwright = browsing.submit(sync_playwright().start).result()
    browser = browsing.submit(
        playwright.chromium.launch,
        executable_path="/usr/bin/chromium",
        args=["--no-sandbox", "--disable-gpu"],
    ).result()
    yield browser
    browsing.submit(browser.close).result()
    browsing.submit(playwright.stop).result()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that looks through a browser in the browser's thread."""
    if "chromium" not in pyfuncitem.fixturenames:
        return None
    story: Callable[..., object] = pyfuncitem.obj
    given_to: dict[str, Any] = pyfuncitem.funcargs
    given = {name: given_to[name] for name in inspect.signature(story).parameters}
    thread: ThreadPoolExecutor = given_to["browsing"]
    thread.submit(story, **given).result()
    return True
