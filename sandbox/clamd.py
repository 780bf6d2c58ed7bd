"""A counterpart of clamd on one machine: its protocol over a real socket, and one known virus.

    python -m sandbox.clamd tcp://127.0.0.1:3310
    python -m sandbox.clamd unix:///tmp/clamd.sock

Speaks PING, VERSION and INSTREAM, each with the prefix z (ends in NUL) or n (ends in newline), and
finds the EICAR test file, which every scanner reports and which harms nobody.
Source: clamd(8); EICAR, Anti-Malware Testfile.
"""

import socketserver
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

# Split, or scanners would report this file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SIGNATURE = "Eicar-Test-Signature"
STREAM_MAX_LENGTH = 25 * 1024 * 1024
_LONGEST_COMMAND = 64
_WAITING_LINE = 200  # clamd's MaxConnectionQueueLength


class _Conversation(socketserver.StreamRequestHandler):
    """One connection: one command, one answer."""

    def handle(self) -> None:
        with suppress(ConnectionError):
            prefix = self.rfile.read(1)
            self._end = {b"z": b"\0", b"n": b"\n"}.get(prefix, b"\n")
            self._answer(self._read_command())

    def _read_command(self) -> bytes:
        command = b""
        while len(command) < _LONGEST_COMMAND and (letter := self.rfile.read(1)):
            if letter == self._end:
                break
            command += letter
        return command

    def _answer(self, command: bytes) -> None:
        if command == b"INSTREAM":
            self._say(self._scan())
        else:
            known = {b"PING": "PONG", b"VERSION": "ClamAV 1.0 (sandbox)"}
            self._say(known.get(command, "UNKNOWN COMMAND"))

    def _scan(self) -> str:
        stream = b""
        while length := int.from_bytes(self.rfile.read(4), "big"):
            if len(stream) + length > STREAM_MAX_LENGTH:
                return "INSTREAM size limit exceeded. ERROR"
            stream += self.rfile.read(length)
        return f"stream: {SIGNATURE} FOUND" if EICAR in stream else "stream: OK"

    def _say(self, answer: str) -> None:
        self.wfile.write(answer.encode() + self._end)


class _TcpServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = _WAITING_LINE


class _UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = _WAITING_LINE


def listen(address: str) -> socketserver.TCPServer:
    """Bind to the address, as `mypost.intake.antivirus.scan` takes it; the caller serves it."""
    where = urlsplit(address)
    if where.scheme == "unix":
        Path(where.path).unlink(missing_ok=True)
        return _UnixServer(where.path, _Conversation)
    return _TcpServer((where.hostname or "127.0.0.1", where.port or 0), _Conversation)


if __name__ == "__main__":
    with listen(sys.argv[1]) as clamd, suppress(KeyboardInterrupt):
        print(f"clamd listens on {sys.argv[1]}")
        clamd.serve_forever()
