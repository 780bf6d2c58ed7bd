"""The carrier's round: its pieces as files, and what may happen to each."""

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from secrets import randbelow
from threading import Lock

from ..paper.feed import EventFeed

HELD_FOR = timedelta(days=10)


class State(StrEnum):
    """Where a piece is."""

    ACCEPTED = "accepted"
    NOTICE_LEFT = "notice_left"
    HANDED_OVER = "handed_over"
    RETURNED = "returned"


class IdDocument(StrEnum):
    """What people show before they are handed a piece."""

    MY_NUMBER_CARD = "my_number_card"
    DRIVING_LICENCE = "driving_licence"
    PASSPORT = "passport"
    RESIDENCE_CARD = "residence_card"


class ReturnReason(StrEnum):
    """Why a piece goes back to its sender."""

    MOVED = "moved"
    NAME_DIFFERS = "name_differs"
    ABSENT = "absent"
    REFUSED = "refused"
    PERIOD_OVER = "period_over"


@dataclass(frozen=True)
class Piece:
    """One piece. window: what can be read from outside. Nobody here opens it."""

    number: str
    tracking_number: str
    service: str
    window: str
    state: State
    accepted_at: str

    @property
    def is_under_way(self) -> bool:
        return self.state in (State.ACCEPTED, State.NOTICE_LEFT)


class Round:
    """All pieces of one carrier. Each act is told in the feed once, also after a kill."""

    def __init__(self, folder: Path, feed: EventFeed) -> None:
        self._folder, self._feed, self._lock = folder / "pieces", feed, Lock()
        self._folder.mkdir(parents=True, exist_ok=True)
        for piece in self.pieces():
            self._tell_accepted(piece)

    def accept(self, number: str, *, service: str, window: str, at: datetime) -> Piece:
        """Take a piece over from the print shop; taking it again changes nothing."""
        with self._lock:
            piece = self.find(number)
            if piece is None:
                piece = Piece(
                    number, _tracking_number(), service, window, State.ACCEPTED, at.isoformat()
                )
                self._keep(piece)
        self._tell_accepted(piece)
        return piece

    def leave_notice(self, number: str, *, at: datetime) -> bool:
        """Leave a notice at an empty home; the piece is held for ten days."""
        return self._move(number, State.NOTICE_LEFT, at=at)

    def hand_over(self, number: str, document: IdDocument, digits: str, *, at: datetime) -> bool:
        """Hand a piece to the addressee, whose document was looked at."""
        facts = {"id_document": document.value, "id_last_digits": digits}
        return self._move(number, State.HANDED_OVER, at=at, **facts)

    def send_back(self, number: str, reason: ReturnReason, *, at: datetime) -> bool:
        """Send a piece back to its sender."""
        return self._move(number, State.RETURNED, at=at, return_reason=reason.value)

    def find(self, number: str) -> Piece | None:
        """Return a piece, or None."""
        file = self._folder / f"{number}.json"
        if not file.is_file():
            return None
        facts = json.loads(file.read_text(encoding="utf-8"))
        return Piece(**{**facts, "state": State(facts["state"])})

    def pieces(self) -> list[Piece]:
        """Return all pieces, the latest first."""
        found = [self.find(file.stem) for file in self._folder.glob("*.json")]
        return sorted(filter(None, found), key=lambda piece: piece.accepted_at, reverse=True)

    def events_of(self, number: str) -> list[dict[str, str]]:
        """Return what was told of a piece."""
        return self._feed.of(number)

    def _move(self, number: str, state: State, *, at: datetime, **facts: str) -> bool:
        """Move a piece that is under way, and tell it. Returns whether it was."""
        with self._lock:
            piece = self.find(number)
            if piece is None or not piece.is_under_way or piece.state == state:
                return False
            self._feed.tell(number, state.value, at=at, **facts)
            self._keep(replace(piece, state=state))
        return True

    def _tell_accepted(self, piece: Piece) -> None:
        at = datetime.fromisoformat(piece.accepted_at)
        tracking = piece.tracking_number
        self._feed.tell(piece.number, State.ACCEPTED.value, at=at, tracking_number=tracking)

    def _keep(self, piece: Piece) -> None:
        unfinished = self._folder / f".{piece.number}"
        unfinished.write_text(json.dumps(asdict(piece), ensure_ascii=False), encoding="utf-8")
        os.replace(unfinished, self._folder / f"{piece.number}.json")


def _tracking_number() -> str:
    """Return ten digits by chance and their remainder by seven, as on registered mail."""
    digits = f"{randbelow(10**10):010}"
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}-{int(digits) % 7}"
