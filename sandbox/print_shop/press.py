"""The press: opens sealed pieces, prints them once, and puts them into envelopes with a window."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from threading import Lock

import pypdfium2

from mypost.kernel.sealing import open_mail_piece

from ..paper.feed import EventFeed

_MM = 72 / 25.4  # points
_PAGE_HEIGHT = 297.0  # mm, A4
_LEFT, _TOP, _WIDTH, _HEIGHT = 20.0, 12.0, 90.0, 50.0  # mm: where the envelope's window is
_PDFIUM = Lock()  # the library allows one thread at a time


class OtherPaper(Exception):
    """The number was used for another paper."""


@dataclass(frozen=True)
class Printed:
    """One printed piece. sha256: of the sealed bytes, hex. window: what can be read through it."""

    number: str
    service: str
    sha256: str
    window: str
    printed_at: str


class Press:
    """All pieces of one print shop, each a folder with its paper."""

    def __init__(self, folder: Path, private_key: bytes, feed: EventFeed) -> None:
        self._folder, self._key, self._feed = folder / "pieces", private_key, feed
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = Lock()
        for piece in self.pieces():
            self._tell(piece)

    def take(self, number: str, sealed: bytes, *, service: str, at: datetime) -> bool:
        """Open and print a piece; taking it again prints nothing. Returns whether it was new.

        Raises OtherPaper; SealBroken for what is not sealed to this shop under this number.
        """
        digest = hashlib.sha256(sealed).hexdigest()
        with self._lock:
            known = self.find(number)
            if known is None:
                paper = open_mail_piece(self._key, sealed, number=number)
                window = _window_text(paper)
                known = Printed(number, service, digest, window, at.isoformat())
                self._keep(known, paper)
                self._tell(known)
                return True
        if known.sha256 != digest:
            raise OtherPaper
        return False

    def find(self, number: str) -> Printed | None:
        """Return a printed piece, or None."""
        file = self._folder / number / "piece.json"
        if not file.is_file():
            return None
        return Printed(**json.loads(file.read_text(encoding="utf-8")))

    def pieces(self) -> list[Printed]:
        """Return all printed pieces, the latest first."""
        found = [self.find(folder.name) for folder in self._folder.glob("P-*")]
        return sorted(filter(None, found), key=lambda piece: piece.printed_at, reverse=True)

    def paper(self, number: str) -> bytes:
        """Return the PDF of a piece."""
        return (self._folder / number / "paper.pdf").read_bytes()

    def window_picture(self, number: str) -> bytes:
        """Return, as PNG, what the window of the envelope shows."""
        with _first_page(self.paper(number)) as page:
            scale = 4.0
            picture = page.render(scale=scale).to_pil()
        left, top, right, bottom = (
            round(mm * _MM * scale) for mm in (_LEFT, _TOP, _LEFT + _WIDTH, _TOP + _HEIGHT)
        )
        png = BytesIO()
        picture.crop((left, top, right, bottom)).save(png, "PNG")
        return png.getvalue()

    def to_carry(self) -> Iterator[Printed]:
        """Give the pieces that the carrier has not taken yet."""
        for piece in self.pieces():
            if not self._carried(piece.number).exists():
                yield piece

    def mark_carried(self, number: str) -> None:
        """Note that the carrier has a piece."""
        self._carried(number).touch()

    def _carried(self, number: str) -> Path:
        return self._folder / number / "carried"

    def _keep(self, piece: Printed, paper: bytes) -> None:
        unfinished = self._folder / f".{piece.number}"
        unfinished.mkdir(exist_ok=True)
        (unfinished / "paper.pdf").write_bytes(paper)
        facts = json.dumps(asdict(piece), ensure_ascii=False)
        (unfinished / "piece.json").write_text(facts, encoding="utf-8")
        os.replace(unfinished, self._folder / piece.number)

    def _tell(self, piece: Printed) -> None:
        self._feed.tell(piece.number, "printed", at=datetime.fromisoformat(piece.printed_at))


@contextmanager
def _first_page(paper: bytes) -> Iterator[pypdfium2.PdfPage]:
    with _PDFIUM, pypdfium2.PdfDocument(paper) as document:
        yield document[0]


def _window_text(paper: bytes) -> str:
    """Return the words that lie in the window, and no others."""
    with _first_page(paper) as page:
        text = page.get_textpage().get_text_bounded(
            left=_LEFT * _MM,
            bottom=(_PAGE_HEIGHT - _TOP - _HEIGHT) * _MM,
            right=(_LEFT + _WIDTH) * _MM,
            top=(_PAGE_HEIGHT - _TOP) * _MM,
        )
    return "\n".join(line.strip() for line in str(text).splitlines() if line.strip())
