"""How a party lives: it says where it is, works until it is told to stop, and ends quietly."""

import signal
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import TypeVar

from .http import PaperWeb

_Web = TypeVar("_Web", bound=PaperWeb)
_ANYBODY = "sandbox"  # without a file: a party to play with


def serve(
    name: str,
    open_web: Callable[[], _Web],
    *,
    beside: Callable[[_Web, Event], Thread | None],
) -> None:
    """Serve until SIGTERM or SIGINT. beside: makes the thread that works besides, if any."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        web = open_web()
    except OSError as error:
        raise SystemExit(f"{name}: {error.strerror or error}") from error
    with web:
        Thread(target=web.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        if (worker := beside(web, stop)) is not None:
            worker.start()
        print(f"{name} ready: http://127.0.0.1:{web.server_port}/", flush=True)
        while not stop.wait(3600):
            pass
        web.shutdown()


def token_of(file: Path | None) -> str:
    """Return the token that a file holds."""
    return file.read_text(encoding="ascii").strip() if file else _ANYBODY
