"""A print shop or a carrier as a process of its own, and how programs and people speak to it."""

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
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

_READY = re.compile(r"ready: (http://127\.0\.0\.1:\d+)/")


@dataclass
class Party:
    process: subprocess.Popen[str]
    url: str

    def page(self, path: str, *, language: str = "ja") -> str:
        """What a person sees."""
        return self.get(path, language=language).decode()

    def get(self, path: str, *, language: str = "ja") -> bytes:
        request = Request(self.url + path, headers={"Accept-Language": language})
        with urlopen(request, timeout=10) as answer:
            content: bytes = answer.read()
        return content

    def press(self, path: str, **form: str) -> str:
        """Send a form, and return the page that follows."""
        with urlopen(self.url + path, data=urlencode(form).encode(), timeout=10) as answer:
            page: bytes = answer.read()
        return page.decode()

    def put(
        self, path: str, body: bytes, *, token: str = "sandbox", **headers: str
    ) -> dict[str, str]:
        """What a program hands in, and the answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["Authorization"] = f"Bearer {token}"
        request = Request(self.url + path, data=body, method="PUT", headers=named)
        with urlopen(request, timeout=10) as answer:
            told: dict[str, str] = json.loads(answer.read())
        return told

    def feed(self, after: str = "", *, token: str = "sandbox") -> dict[str, Any]:
        """One page of the feed."""
        address = f"{self.url}/events?{urlencode({'after': after})}"
        request = Request(address, headers={"Authorization": f"Bearer {token}"})
        with urlopen(request, timeout=10) as answer:
            page: dict[str, Any] = json.loads(answer.read())
        return page

    def events(self) -> list[dict[str, str]]:
        """Everything told so far."""
        events: list[dict[str, str]] = self.feed()["events"]
        return events

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(10)


@contextmanager
def start_party(name: str, folder: Path, *more: str) -> Iterator[Party]:
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
            yield Party(process, ready[1])
        finally:
            if process.poll() is None:
                process.terminate()
