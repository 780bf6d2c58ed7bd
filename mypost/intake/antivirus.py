"""Ask clamd whether a document is infected. Without its clear answer nothing counts as clean."""

import re
import socket
from time import monotonic
from urllib.parse import urlsplit

from mypost.intake.errors import IntakeError

_CHUNK = 64 * 1024
PATIENCE = 30.0  # seconds for one document; clamd scans while it receives
_ANSWER_SIZE = 4096
_DEFAULT_PORT = 3310
_ANSWER = re.compile(r"stream: (?:OK|(?P<signature>[^\0\n]+) FOUND)\0?\n?")


class AntivirusUnavailable(IntakeError):
    """The scanner gave no clear answer, so the document must wait. Try again later."""

    code = "antivirus_unavailable"
    permanent = False


def scan(data: bytes, *, address: str, patience: float = PATIENCE) -> str | None:
    """Return the name of the signature that the document matches, or None when it is clean.

    address: "unix:///run/clamav/clamd.ctl" or "tcp://host:3310". patience: seconds for all of it,
    so that a scanner that lets its answer drip keeps nobody longer than one that is away.
    Raises AntivirusUnavailable for whatever else happens: no connection, a time-out, an answer
    cut short, a document longer than clamd's own StreamMaxLength.
    Source: clamd §INSTREAM.
    """
    deadline = monotonic() + patience
    try:
        with _connect(address, patience) as scanner:
            _send(scanner, data, deadline)
            answer = _receive(scanner, deadline)
    except (OSError, ValueError) as trouble:
        raise AntivirusUnavailable(str(trouble)) from trouble
    clear = _ANSWER.fullmatch(answer)
    if clear is None:
        raise AntivirusUnavailable(f"clamd answered {answer!r}")
    return clear["signature"]


def _connect(address: str, patience: float) -> socket.socket:
    where = urlsplit(address)
    if where.scheme == "tcp" and where.hostname:
        return socket.create_connection((where.hostname, where.port or _DEFAULT_PORT), patience)
    if where.scheme != "unix" or not where.path:
        raise ValueError("an antivirus address begins with unix:/// or tcp://")
    scanner = socket.socket(socket.AF_UNIX)
    scanner.settimeout(patience)
    try:
        scanner.connect(where.path)
    except OSError:
        scanner.close()
        raise
    return scanner


def _allow_until(scanner: socket.socket, deadline: float) -> None:
    """Let the next step take what is left of the time. Raises TimeoutError."""
    left = deadline - monotonic()
    if left <= 0:  # 0 would mean to the socket: do not wait at all
        raise TimeoutError("clamd takes too long")
    scanner.settimeout(left)


def _send(scanner: socket.socket, data: bytes, deadline: float) -> None:
    try:
        scanner.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), _CHUNK):
            chunk = data[start : start + _CHUNK]
            _allow_until(scanner, deadline)
            scanner.sendall(len(chunk).to_bytes(4, "big") + chunk)
        scanner.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        return  # clamd hangs up on what is too long for it, and has said so


def _receive(scanner: socket.socket, deadline: float) -> str:
    answer = b""
    while len(answer) < _ANSWER_SIZE:
        _allow_until(scanner, deadline)
        part = scanner.recv(_ANSWER_SIZE)
        if not part:
            break
        answer += part
    return answer.decode("utf-8", "replace")
