"""The archive of a mailbox: a ZIP made while it is sent, one file in memory at a time.

First an index that names every letter, also those that are left out and why; then the profile;
then a folder for each letter: its text, its documents, its receipt.
"""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from mypost.common.problems import Refusal
from mypost.entrypoints.member_web.downloads import file_name
from mypost.entrypoints.member_web.profile_data import profile_of
from mypost.evidence import queries as evidence
from mypost.evidence.errors import ReceiptNotReady
from mypost.letters import commands as letters
from mypost.letters import queries
from mypost.letters.models import Letter
from mypost.letters.queries import ListedLetter, Position
from mypost.members.models import Member
from mypost.vault import commands as vault
from mypost.vault.envelope import EnvelopeContent
from mypost.vault.errors import VaultError

PAGE = 100  # letters whose subjects are opened together
Entry = tuple[str, bytes]


class Outlet:
    """What a ZIP is written into: keeps what was not sent yet."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, content: bytes) -> int:
        self._waiting.append(bytes(content))
        return len(content)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def take(self) -> bytes:
        """Return what has been written since the last time."""
        taken, self._waiting = b"".join(self._waiting), []
        return taken


@dataclass
class Archive:
    """Everything that one member may take away in one session.

    aal: of the session. opens_unread: letters that were never opened are opened too, on record.
    at: aware; what came later is not in it.
    """

    reader: Member
    aal: int
    opens_unread: bool
    language: str
    at: datetime
    _outlet: Outlet = field(default_factory=Outlet)

    def chunks(self) -> Iterator[bytes]:
        """Yield the archive piece by piece, each at most about the size of one document."""
        # An empty piece would end an answer that is sent in chunks.
        return filter(None, self._pieces())

    def _pieces(self) -> Iterator[bytes]:
        with zipfile.ZipFile(self._outlet, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
            yield from self._write_index(archive)
            yield self._write(archive, "profile.json", _as_json(profile_of(self.reader)))
            for listed in self._letters():
                if not self._why_left_out(listed.letter):
                    for name, content in self._files_of(listed.letter):
                        path = f"{_folder(listed.letter)}/{name}"
                        yield self._write(archive, path, content, at=listed.letter.consigned_at)
        yield self._outlet.take()

    def _write_index(self, archive: zipfile.ZipFile) -> Iterator[bytes]:
        with archive.open(self._entry("index.html", self.at), "w") as index:
            index.write(self._page("head", {"reader": self.reader, "at": self.at}))
            for listed in self._letters():
                index.write(self._page("row", self._row(listed)))
                yield self._outlet.take()
            index.write(self._page("foot", {}))

    def _row(self, listed: ListedLetter) -> dict[str, object]:
        letter = listed.letter
        return {
            "letter": letter,
            "subject": listed.subject,
            "sender_is_named": letter.names_sender_to(self.reader, aal=self.aal),
            "left_out": self._why_left_out(letter),
            "folder": _folder(letter),
        }

    def _page(self, part: str, facts: dict[str, object]) -> bytes:
        # Between two pieces of an answer another request may have set its own language.
        with translation.override(self.language):
            facts["language"] = self.language
            return render_to_string(f"member_web/security/archive/{part}.html", facts).encode()

    def _letters(self) -> Iterator[ListedLetter]:
        """Yield the reader's letters up to now, the newest first, a page at a time."""
        place = Position(self.at, UUID(int=0))
        while page := queries.mailbox_page(self.reader, aal=self.aal, older_than=place, limit=PAGE):
            yield from page
            place = Position(page[-1].letter.consigned_at, page[-1].letter.id)

    def _why_left_out(self, letter: Letter) -> str:
        """Return why a letter is not in the archive: "level", "sign_in", "unread"; "" if it is."""
        if self.reader.level < letter.required_assurance:
            return "level"
        if self.aal < letter.required_aal:
            return "sign_in"
        return "" if letter.is_opened or self.opens_unread else "unread"

    def _files_of(self, letter: Letter) -> Iterator[Entry]:
        """Yield a letter's files; one that cannot be given is told in words in its place."""
        try:
            content = self._content_of(letter)
        except VaultError as refusal:
            yield "missing.txt", self._sorry(refusal)
            return
        yield "letter.txt", self._text_of(letter, content)
        for position, document in enumerate(content.documents, start=1):
            name = f"{position:02}-{file_name(document.name)}"
            try:
                yield name, vault.open_document(document)
            except VaultError as refusal:
                yield f"{name}.missing.txt", self._sorry(refusal)
        try:
            yield "receipt.json", _as_json(self._receipt_of(letter))
        except ReceiptNotReady as refusal:
            yield "receipt.missing.txt", self._sorry(refusal)

    def _content_of(self, letter: Letter) -> EnvelopeContent:
        if letter.is_opened:
            return queries.content_of(self.reader, letter, aal=self.aal)
        return letters.hand_over(letter.id, reader=self.reader, aal=self.aal, at=self.at)

    def _text_of(self, letter: Letter, content: EnvelopeContent) -> bytes:
        with translation.override(self.language):
            facts = [
                (_("Subject"), content.subject),
                (_("Sender"), letter.sender.local_name),
                (_("Delivered"), f"{localtime(letter.consigned_at):%Y-%m-%d %H:%M}"),
                (_("Letter number"), letter.number),
            ]
        head = "\n".join(f"{label}: {value}" for label, value in facts)
        return f"{head}\n\n{content.body}\n".encode()

    def _receipt_of(self, letter: Letter) -> dict[str, object]:
        # Without its last line a receipt proves less than has happened.
        story = evidence.lines_of(letter.mailbox_id, letter.id)
        if any(line.leaf_index is None for line in story):
            raise ReceiptNotReady
        return queries.receipt_of_reader(self.reader, letter, aal=self.aal)

    def _sorry(self, refusal: Refusal) -> bytes:
        with translation.override(self.language):
            return f"{_(refusal.detail)}\n{_('Code')}: {refusal.code}\n".encode()

    def _write(
        self, archive: zipfile.ZipFile, path: str, content: bytes, *, at: datetime | None = None
    ) -> bytes:
        with archive.open(self._entry(path, at or self.at), "w") as file:
            file.write(content)
        return self._outlet.take()

    def _entry(self, path: str, at: datetime) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(path, localtime(at).timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o600 << 16  # readable to their owner alone, where systems know that
        return entry


def _folder(letter: Letter) -> str:
    return f"letters/{localtime(letter.consigned_at):%Y-%m-%d}-{letter.number}"


def _as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder).encode()
