"""Letters as rows of a list: what a row shows, and what it dares to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from mypost.letters.models import Letter
from mypost.letters.queries import ListedLetter
from mypost.members.models import Member
from mypost.senders.models import Sender, Topic

SOON = timedelta(days=7)


@dataclass(frozen=True)
class LetterRow:
    """One row. opens: pressing it opens the letter, so it is a form. reports: it says so.

    sender, topic: None when the reader may not know now who wrote. due_soon, overdue: how its
    date stands today.
    """

    letter: Letter
    sender: Sender | None
    topic: Topic | None
    subject: str
    url: str
    opens: bool
    reports: bool
    due_soon: bool
    overdue: bool

    @property
    def unread(self) -> bool:
        return not self.letter.is_opened

    @property
    def sender_name(self) -> str:
        return self.sender.local_name if self.sender else _("Its sender shows when it opens")


def as_rows(listed: Iterable[ListedLetter], *, reader: Member, today: date) -> list[LetterRow]:
    """Return rows in the order given. What opening tells the sender stands once per sender."""
    told: set[UUID] = set()
    rows = []
    for each in listed:
        row = _as_row(each, told, reader=reader, today=today)
        if row.reports:
            told.add(each.letter.sender_id)
        rows.append(row)
    return rows


def _as_row(each: ListedLetter, told: set[UUID], *, reader: Member, today: date) -> LetterRow:
    letter = each.letter
    opens = not letter.is_opened and each.opens
    return LetterRow(
        letter=letter,
        sender=letter.sender if each.names_sender else None,
        topic=letter.topic if each.names_sender else None,
        subject=each.subject or _subject_instead(each, reader),
        url=reverse("open_letter" if opens else "letter", args=[letter.id]),
        opens=opens,
        reports=opens and letter.sender_id not in told,
        due_soon=letter.due is not None and today <= letter.due <= today + SOON,
        overdue=letter.due is not None and letter.due < today and not letter.is_opened,
    )


def _subject_instead(each: ListedLetter, reader: Member) -> str:
    if each.opens:
        return _("A letter that cannot be shown")
    if reader.level < each.letter.required_assurance:
        return _("A confidential letter")
    return _("A letter that needs a stronger sign-in")
