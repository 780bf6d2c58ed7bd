"""A small web server that says what a test tells it to, as slowly as it is told, and counts."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Self


@dataclass
class Publisher:
    """answer: the body for a path. drip: seconds between two bytes of head and body."""

    answer: Callable[[str], bytes] = lambda path: b""
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    drip: float = 0
    asked: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def __enter__(self) -> Self:
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                publisher.asked.append(self.path)
                length = int(self.headers.get("Content-Length", "0"))
                publisher.bodies.append(self.rfile.read(length))
                with suppress(ConnectionError):
                    for piece in publisher.pieces(self.path):
                        self.wfile.write(piece)
                        self.wfile.flush()

            do_POST = do_GET  # noqa: N815 # the library asks for this name

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._web.daemon_threads = True
        self._thread = Thread(target=self._web.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._web.shutdown()
        self._thread.join()
        self._web.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._web.server_port}"

    def pieces(self, path: str) -> Iterator[bytes]:
        """The whole response, in one piece or byte by byte."""
        body = self.answer(path)
        told = {"Content-Length": str(len(body)), **self.headers}
        lines = [f"HTTP/1.1 {self.status} Said", *(f"{name}: {told[name]}" for name in told)]
        whole = "\r\n".join([*lines, "", ""]).encode() + body
        if not self.drip:
            yield whole
            return
        for byte in whole:
            time.sleep(self.drip)
            yield bytes([byte])
