"""One question to one configured address, answered within what is left of a check's time.

httpcore, the engine below httpx, because it lets us cut every single wait: a time-out for each
packet alone would let a slow drip of bytes last for ever. It follows no redirect, uses no proxy of
the environment and unpacks nothing, so an answer is what the configured address sent.
"""

import re
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpcore

_MAX_AGE = re.compile(rb"(?:^|[\s,])max-age=([0-9]{1,9})(?:$|[\s,])", re.IGNORECASE)


class Unanswered(Exception):
    """No answer that counts: no connection, another status than 200, too many bytes."""


class TooLate(Unanswered):
    """The time for the whole check is over."""


class Deadline:
    """The end of a check, on a clock that only runs forward."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left. Raises TooLate when none are."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TooLate
        return left


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and how much may come back. most: bytes."""

    url: str
    most: int
    content: bytes | None = None
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. max_age: seconds for which its sender lets it be kept, None: unsaid."""

    content: bytes
    max_age: int | None


def ask(question: Question, *, deadline: Deadline) -> Answer:
    """Return the answer to a GET, or to a POST where there is something to say.

    Raises TooLate when the time is over, Unanswered for whatever else goes wrong.
    Source: RFC 9110 §9.3; RFC 9111 §5.2.2.1.
    """
    method = "GET" if question.content is None else "POST"
    pool = httpcore.ConnectionPool(ssl_context=trust(), network_backend=_Backend(deadline))
    try:
        with pool, pool.stream(
            method, question.url, headers=list(question.headers), content=question.content
        ) as response:  # fmt: skip
            if response.status != 200:
                raise Unanswered(f"status {response.status}")
            return Answer(_body(response, question.most), _max_age(response))
    except httpcore.TimeoutException as late:
        raise TooLate from late
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as trouble:
        raise Unanswered(type(trouble).__name__) from trouble


@cache
def trust() -> ssl.SSLContext:
    """Return who vouches for a server: reading the authorities costs more than asking."""
    return httpcore.default_ssl_context()


def _body(response: httpcore.Response, most: int) -> bytes:
    content = bytearray()
    for piece in response.iter_stream():
        content += piece
        if len(content) > most:
            raise Unanswered(f"more than {most} bytes")
    return bytes(content)


def _max_age(response: httpcore.Response) -> int | None:
    """Return how long it may be kept; of two words the shorter. Source: RFC 9111 §5.2.2.1."""
    said = b",".join(value for name, value in response.headers if name.lower() == b"cache-control")
    if b"no-store" in said or b"no-cache" in said:
        return 0
    return min(map(int, _MAX_AGE.findall(said)), default=None)


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait ends with the check."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _Stream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Opens such connections."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.left()
        stream = self._inner.connect_tcp(host, port, left, local_address, socket_options)
        return _Stream(stream, self._deadline)
