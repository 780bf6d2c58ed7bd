"""The folder in which each mail that arrived is one file."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path
from secrets import token_hex

_STAMP = "%Y%m%dT%H%M%S.%fZ"
_ENVELOPE = b"X-Envelope-To: "  # a first line of ours, then the mail as it came
_ID = re.compile(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{8}")


@dataclass(frozen=True)
class Mail:
    """One mail as it arrived. recipients: those of the envelope, not of the header."""

    id: str
    recipients: tuple[str, ...]
    source: bytes

    @property
    def received_at(self) -> datetime:
        """When it arrived, aware, UTC."""
        return datetime.strptime(self.id.split("-")[0], _STAMP).replace(tzinfo=UTC)

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers in their order, encoded words read."""
        return [(name, _readable(str(value))) for name, value in self._message.items()]

    @property
    def text(self) -> str:
        """The plain part, or an empty string."""
        return self._part("text/plain")

    @property
    def html(self) -> str:
        """The HTML part as its sender wrote it: not safe to show without a sandbox."""
        return self._part("text/html")

    def header(self, name: str) -> str:
        """Return the first header of this name, or an empty string."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def _message(self) -> Message:
        return message_from_bytes(self.source)

    def _part(self, content_type: str) -> str:
        for part in self._message.walk():
            if part.get_content_type() == content_type and not part.get_filename():
                return _decoded(part)
        return ""


class MailFolder:
    """Keeps mails in a folder, where other programs may read them too."""

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self._path = path

    def keep(self, source: bytes, *, recipients: list[str], at: datetime) -> Mail:
        """Write one mail durably, whole or not at all. at: aware, UTC; it becomes the name."""
        mail = Mail(f"{at.strftime(_STAMP)}-{token_hex(4)}", tuple(recipients), source)
        unfinished = self._path / f".{mail.id}"
        with unfinished.open("wb") as file:
            file.write(_ENVELOPE + json.dumps(recipients).encode() + b"\r\n" + source)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self._path / f"{mail.id}.eml")
        return mail

    def newest_first(self, *, to: str = "") -> Iterator[Mail]:
        """Give the mails, the latest first; with `to`, only those sent to that address."""
        for path in sorted(self._path.glob("*.eml"), reverse=True):
            mail = self.find(path.stem)
            if mail and (not to or to.lower() in map(str.lower, mail.recipients)):
                yield mail

    def find(self, mail_id: str) -> Mail | None:
        """Return one mail, or None: also for a name that never was an id."""
        path = self._path / f"{mail_id}.eml"
        if not _ID.fullmatch(mail_id) or not path.is_file():
            return None
        envelope, _, source = path.read_bytes().partition(b"\r\n")
        return Mail(mail_id, tuple(json.loads(envelope.removeprefix(_ENVELOPE))), source)


def _readable(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, ValueError, LookupError):
        return value


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    try:
        return payload.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):
        return payload.decode("utf-8", "replace")
