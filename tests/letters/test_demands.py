"""What a letter demands, and what its reader sees and opens: one table for every combination."""

from dataclasses import dataclass
from datetime import date
from itertools import product
from uuid import UUID

import pytest
from django.db import transaction

from mypost.evidence.models import Line
from mypost.letters import commands, queries
from mypost.letters.errors import AssuranceTooLow, LetterError, LetterNotFound, SignInTooWeak
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.senders.models import Sender
from tests.conftest import LATER
from tests.letters.conftest import Consign

LEVELS, AALS, YES_AND_NO = range(4), range(1, 4), (False, True)
DUE = date(2026, 11, 30)


@dataclass(frozen=True)
class Seen:
    """What a reader gets to see of a letter, and what an attempt to open it says."""

    subject: bool
    sender: bool
    refusal: type[LetterError] | None


# (known well enough, signed in strongly enough, confidential): and why it is so.
TABLE = {
    # Both demands are met: everything shows, and it opens.
    (True, True, False): Seen(subject=True, sender=True, refusal=None),
    (True, True, True): Seen(subject=True, sender=True, refusal=None),
    # A stronger sign-in is missing, and can be had at once.
    (True, False, False): Seen(subject=False, sender=True, refusal=SignInTooWeak),
    (True, False, True): Seen(subject=False, sender=False, refusal=SignInTooWeak),
    # The level is missing. It is told first: a stronger sign-in alone would not help.
    (False, True, False): Seen(subject=False, sender=True, refusal=AssuranceTooLow),
    (False, True, True): Seen(subject=False, sender=False, refusal=AssuranceTooLow),
    (False, False, False): Seen(subject=False, sender=True, refusal=AssuranceTooLow),
    (False, False, True): Seen(subject=False, sender=False, refusal=AssuranceTooLow),
}


def expected(letter: Letter, level: int, aal: int) -> Seen:
    known, signed_in = level >= letter.required_assurance, aal >= letter.required_aal
    return TABLE[known, signed_in, letter.confidential]


@pytest.fixture
def letters(consign: Consign, hanako: Member) -> list[Letter]:
    """A letter for every combination of demands, in Hanako's mailbox."""
    return [
        consign(hanako, required_assurance=level, required_aal=aal, confidential=hides, due=DUE)
        for level, aal, hides in product(LEVELS, AALS, YES_AND_NO)
    ]


def refusal_of(letter_id: UUID, reader: Member, aal: int) -> type[LetterError] | None:
    try:
        commands.hand_over(letter_id, reader=reader, aal=aal, at=LATER)
    except LetterError as refused:
        return type(refused)
    return None


def check_what_is_seen(hanako: Member, city: Sender, aal: int, should: dict[UUID, Seen]) -> None:
    for listed in (
        queries.mailbox_page(hanako, aal=aal, limit=100),
        queries.mailbox_page(hanako, aal=aal, unread=True, limit=100),
        queries.due_letters(hanako, aal=aal, since=DUE, limit=100),
        queries.overdue_letters(hanako, aal=aal, before=date.max, limit=100),
    ):
        shown = {row.letter.id: (bool(row.subject), row.names_sender) for row in listed}
        assert shown == {key: (seen.subject, seen.sender) for key, seen in should.items()}
    by_sender = queries.mailbox_page(hanako, aal=aal, sender_id=city.id, limit=100)
    assert {row.letter.id for row in by_sender} == {k for k, seen in should.items() if seen.sender}


def check_what_opens(hanako: Member, aal: int, should: dict[UUID, Seen]) -> None:
    refused = {letter_id: refusal_of(letter_id, hanako, aal) for letter_id in should}
    assert refused == {key: seen.refusal for key, seen in should.items()}
    opened = Letter.objects.filter(state="handed_over").values_list("id", flat=True)
    assert set(opened) == {key for key, seen in should.items() if seen.refusal is None}
    assert Line.objects.filter(event="ContentHandover").count() == len(opened)


# The whole walk is here and nowhere else: doors try one or two examples.
def test_what_is_seen_and_opened_is_what_the_table_says(
    letters: list[Letter], hanako: Member, city: Sender
) -> None:
    for hanako.level, aal in product(LEVELS, AALS):
        should = {letter.id: expected(letter, hanako.level, aal) for letter in letters}
        check_what_is_seen(hanako, city, aal, should)
        with transaction.atomic():
            check_what_opens(hanako, aal, should)
            transaction.set_rollback(True)  # closed again for the next


def test_a_letter_opened_once_closes_again_as_the_table_says(
    letters: list[Letter], hanako: Member
) -> None:
    for letter in letters:
        commands.hand_over(letter.id, reader=hanako, aal=3, at=LATER)
        letter.refresh_from_db()
    for hanako.level, aal, letter in product(LEVELS, AALS, letters):
        refusal = expected(letter, hanako.level, aal).refusal
        if refusal is None:
            assert queries.content_of(hanako, letter, aal=aal).subject
            continue
        for ask in (queries.content_of, queries.receipt_of_reader):
            with pytest.raises(refusal):
                ask(hanako, letter, aal=aal)


def test_a_stranger_learns_of_none_of_them_however_strongly_signed_in(
    letters: list[Letter], jiro: Member, city: Sender
) -> None:
    jiro.level = 3
    assert queries.mailbox_page(jiro, aal=3) == []
    assert queries.mailbox_page(jiro, aal=3, sender_id=city.id) == []
    assert {refusal_of(letter.id, jiro, 3) for letter in letters} == {LetterNotFound}
