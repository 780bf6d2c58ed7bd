"""Pages of the mailbox, held by a place in the list: they stand still while letters arrive."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

from mypost.letters.models import Letter
from mypost.letters.queries import ListedLetter, Position, mailbox_page
from mypost.members.models import Member

ON_A_PAGE = 25
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Page:
    """One page. newer, older: the cursor of the neighbouring page, empty where there is none."""

    letters: list[ListedLetter]
    newer: str = ""
    older: str = ""


def read_page(reader: Member, *, aal: int, newer: str, older: str, unread: bool) -> Page:
    """Return the page next to a cursor; the first page when there is none, or it means nothing.

    aal: of the session; see Letter.opens_to.
    """
    page_of = partial(mailbox_page, reader, aal=aal, unread=unread, limit=ON_A_PAGE + 1)
    if newer_than := read_cursor(newer):
        found = page_of(newer_than=newer_than)
        if len(found) > ON_A_PAGE:  # else the first page reaches down to here
            return _page(found[1:], has_newer=True, has_older=True)
    if older_than := read_cursor(older):
        found = page_of(older_than=older_than)
        if found:
            return _page(found[:ON_A_PAGE], has_newer=True, has_older=len(found) > ON_A_PAGE)
    found = page_of()
    return _page(found[:ON_A_PAGE], has_newer=False, has_older=len(found) > ON_A_PAGE)


def _page(letters: list[ListedLetter], *, has_newer: bool, has_older: bool) -> Page:
    return Page(
        letters,
        newer=write_cursor(letters[0].letter) if has_newer else "",
        older=write_cursor(letters[-1].letter) if has_older else "",
    )


def write_cursor(letter: Letter) -> str:
    """Return a letter's place in the list: microseconds since 1970, and its id."""
    return f"{(letter.consigned_at - EPOCH) // MICROSECOND}-{letter.id.hex}"


def read_cursor(text: str) -> Position | None:
    """Read what write_cursor wrote; None for anything else."""
    microseconds, _, letter_id = text.partition("-")
    try:
        return Position(EPOCH + int(microseconds) * MICROSECOND, UUID(hex=letter_id))
    except (ValueError, OverflowError):
        return None
