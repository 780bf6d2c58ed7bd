"""A print shop or a carrier, and how programs and people speak to it: over real sockets.

Most tests open it in a thread, which costs milliseconds; those about its life start a process.
"""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from sandbox.carrier.http import CarrierWeb
from sandbox.paper.http import PaperWeb
from sandbox.print_shop.carrying import keep_carrying
from sandbox.print_shop.http import PrintShopWeb
from tests.patience import PATIENCE

TOKEN = "sandbox"  # what every party takes that was given no other
_READY = re.compile(r"ready: (http://127\.0\.0\.1:\d+)/")


@dataclass
class Party:
    url: str

    def page(self, path: str, *, language: str = "ja") -> str:
        """What a person sees."""
        return self.get(path, language=language).decode()

    def get(self, path: str, *, language: str = "ja") -> bytes:
        request = Request(self.url + path, headers={"Accept-Language": language})
        with urlopen(request, timeout=PATIENCE) as answer:
            content: bytes = answer.read()
        return content

    def press(self, path: str, **form: str) -> str:
        """Send a form, and return the page that follows."""
        with urlopen(self.url + path, data=urlencode(form).encode(), timeout=PATIENCE) as answer:
            page: bytes = answer.read()
        return page.decode()

    def put(
        self, path: str, body: bytes, *, token: str = "sandbox", **headers: str
    ) -> dict[str, str]:
        """What a program hands in, and the answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["Authorization"] = f"Bearer {token}"
        request = Request(self.url + path, data=body, method="PUT", headers=named)
        with urlopen(request, timeout=PATIENCE) as answer:
            told: dict[str, str] = json.loads(answer.read())
        return told

    def feed(self, after: str = "", *, token: str = "sandbox") -> dict[str, Any]:
        """One page of the feed."""
        address = f"{self.url}/events?{urlencode({'after': after})}"
        request = Request(address, headers={"Authorization": f"Bearer {token}"})
        with urlopen(request, timeout=PATIENCE) as answer:
            page: dict[str, Any] = json.loads(answer.read())
        return page

    def events(self) -> list[dict[str, str]]:
        """Everything told so far."""
        events: list[dict[str, str]] = self.feed()["events"]
        return events


@dataclass
class PartyProcess(Party):
    process: subprocess.Popen[str]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


class _Carrier(CarrierWeb):
    """Tells when it has answered somebody."""

    def __init__(self, folder: Path, answered: Event) -> None:
        super().__init__(0, token=TOKEN, folder=folder)
        self._answered = answered

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self._answered.set()


@contextmanager
def open_carrier(folder: Path, answered: Event | None = None) -> Iterator[Party]:
    """Serve a carrier from a thread until the end of the block. answered: set by each answer."""
    with _Carrier(folder, answered or Event()) as web, _served(web) as url:
        yield Party(url)


@contextmanager
def open_print_shop(folder: Path, carrier: str) -> Iterator[Party]:
    """Serve a print shop from a thread until the end of the block. carrier: its address."""
    stop = Event()
    with PrintShopWeb(0, token=TOKEN, folder=folder) as web, _served(web) as url:
        carrying = Thread(target=keep_carrying, args=(web.press, carrier, TOKEN, stop))
        carrying.start()
        try:
            yield Party(url)
        finally:
            stop.set()
            carrying.join()


@contextmanager
def _served(web: PaperWeb) -> Iterator[str]:
    thread = Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{web.server_port}"
    finally:
        web.shutdown()
        thread.join()


@contextmanager
def start_party(name: str, folder: Path, *more: str) -> Iterator[PartyProcess]:
    """Start one until the end of the block. name: of its module in the sandbox."""
    command = [sys.executable, "-W", "error", "-m", f"sandbox.{name}", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--folder", str(folder), *more],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    with process:
        assert process.stdout
        ready = _READY.search(process.stdout.readline())
        try:
            assert ready
            yield PartyProcess(ready[1], process)
        finally:
            if process.poll() is None:
                process.terminate()
