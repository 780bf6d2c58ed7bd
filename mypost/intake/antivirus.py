"""Ask clamd whether a document is infected. Without its clear answer nothing counts as clean."""

import re
import socket
from urllib.parse import urlsplit

from mypost.intake.errors import IntakeError

_CHUNK = 64 * 1024
_PATIENCE = 30.0  # seconds for connecting and for each packet; clamd scans while it receives
_ANSWER_SIZE = 4096
_DEFAULT_PORT = 3310
_ANSWER = re.compile(r"stream: (?:OK|(?P<signature>[^\0\n]+) FOUND)\0?\n?")


class AntivirusUnavailable(IntakeError):
    """The scanner gave no clear answer, so the document must wait. Try again later."""

    code = "antivirus_unavailable"
    permanent = False


def scan(data: bytes, *, address: str) -> str | None:
    """Return the name of the signature that the document matches, or None when it is clean.

    address: "unix:///run/clamav/clamd.ctl" or "tcp://host:3310".
    Raises AntivirusUnavailable for whatever else happens: no connection, a time-out, an answer
    cut short, a document longer than clamd's own StreamMaxLength.
    Source: clamd §INSTREAM.
    """
    try:
        with _connect(address) as scanner:
            _send(scanner, data)
            answer = _receive(scanner)
    except (OSError, ValueError) as trouble:
        raise AntivirusUnavailable(str(trouble)) from trouble
    clear = _ANSWER.fullmatch(answer)
    if clear is None:
        raise AntivirusUnavailable(f"clamd answered {answer!r}")
    return clear["signature"]


def _connect(address: str) -> socket.socket:
    where = urlsplit(address)
    if where.scheme == "tcp" and where.hostname:
        return socket.create_connection((where.hostname, where.port or _DEFAULT_PORT), _PATIENCE)
    if where.scheme != "unix" or not where.path:
        raise ValueError("an antivirus address begins with unix:/// or tcp://")
    scanner = socket.socket(socket.AF_UNIX)
    scanner.settimeout(_PATIENCE)
    try:
        scanner.connect(where.path)
    except OSError:
        scanner.close()
        raise
    return scanner


def _send(scanner: socket.socket, data: bytes) -> None:
    try:
        scanner.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), _CHUNK):
            chunk = data[start : start + _CHUNK]
            scanner.sendall(len(chunk).to_bytes(4, "big") + chunk)
        scanner.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        return  # clamd hangs up on what is too long for it, and has said so


def _receive(scanner: socket.socket) -> str:
    answer = b""
    while len(answer) < _ANSWER_SIZE and (part := scanner.recv(_ANSWER_SIZE)):
        answer += part
    return answer.decode("utf-8", "replace")
