"""One person, two accounts made one: what both held is one mailbox to its reader."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import QuerySet

from mypost.evidence import commands as evidence
from mypost.evidence.models import Line
from mypost.letters import queries
from mypost.letters.commands import hand_over
from mypost.letters.errors import LetterNotFound
from mypost.letters.models import Letter
from mypost.letters.queries import Position
from mypost.members.models import Member
from mypost.senders.models import Sender
from mypost.vault.models import Envelope
from tests.conftest import LATER, NOW
from tests.letters.conftest import Consign, merge


@pytest.fixture
def both(consign: Consign, hanako: Member, taro: Member) -> list[Letter]:
    """Letters that came to Hanako and to her second account by turns, the newest first."""
    turns = [hanako, taro, taro, hanako, taro, hanako]
    sent = [
        consign(owner, subject=f"{number}通目", at=NOW - timedelta(hours=number))
        for number, owner in enumerate(turns)
    ]
    merge(hanako, taro)
    return sent


def subjects(page: list[queries.ListedLetter]) -> list[str]:
    return [row.subject for row in page]


def test_their_letters_stand_in_one_list_in_the_order_of_time(
    both: list[Letter], hanako: Member
) -> None:
    whole = [f"{number}通目" for number in range(6)]
    assert subjects(queries.mailbox_page(hanako, aal=1)) == whole
    assert subjects(queries.mailbox_page(hanako, aal=1, limit=4)) == whole[:4]
    here = Position(both[2].consigned_at, both[2].id)
    assert subjects(queries.mailbox_page(hanako, aal=1, older_than=here, limit=2)) == whole[3:5]
    assert subjects(queries.mailbox_page(hanako, aal=1, newer_than=here, limit=1)) == whole[1:2]


def test_a_damaged_letter_of_one_hides_none_of_the_other(
    both: list[Letter], hanako: Member
) -> None:
    Envelope.objects.filter(letter_id=both[1].id).update(sealed=b"damaged" * 400)
    assert [bool(each) for each in subjects(queries.mailbox_page(hanako, aal=1))] == [
        True, False, True, True, True, True,
    ]  # fmt: skip


def test_a_letter_of_the_second_opens_for_the_reader_and_is_on_record_there(
    both: list[Letter], hanako: Member, taro: Member
) -> None:
    assert hand_over(both[1].id, reader=hanako, aal=1, at=LATER).subject == "1通目"
    line = Line.objects.get(event="ContentHandover")
    assert (line.mailbox_id, line.subject_id) == (taro.mailbox_id, both[1].id)
    assert queries.count_unread(hanako) == 5


def test_the_readers_level_counts_for_all_of_them(
    consign: Consign, hanako: Member, taro: Member
) -> None:
    theirs = consign(taro, required_assurance=3)
    merge(hanako, taro)
    assert hand_over(theirs.id, reader=hanako, aal=1, at=LATER).subject


def test_a_receipt_of_the_second_is_had_by_the_reader(both: list[Letter], hanako: Member) -> None:
    hand_over(both[1].id, reader=hanako, aal=1, at=LATER)
    evidence.integrate(at=LATER)
    letter = queries.letter_of(hanako, both[1].id)
    assert queries.receipt_of_reader(hanako, letter, aal=1)["letter"] == str(letter.id)


def test_a_stranger_reads_neither(both: list[Letter], jiro: Member) -> None:
    assert queries.mailbox_page(jiro, aal=3) == []
    assert queries.count_unread(jiro) == 0
    for letter in both:
        with pytest.raises(LetterNotFound):
            queries.letter_of(jiro, letter.id)


# How the database finds them


@pytest.fixture
def full(hanako: Member, taro: Member, jiro: Member, city: Sender) -> None:
    """Several thousand letters in three mailboxes, as rows."""
    rows = (
        Letter(
            mailbox_id=owner.mailbox_id, id=uuid4(), number=f"N{n}", sender=city,
            consignment_id=city.id, consigned_at=NOW - timedelta(minutes=n),
        )
        for owner in (hanako, taro, jiro)
        for n in range(2_000)
    )  # fmt: skip
    Letter.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE letters_letter")


def newest(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    return letters.order_by("-consigned_at", "-id")[:26]


@pytest.mark.usefixtures("full")
def test_the_newest_of_one_mailbox_come_off_the_index_unsorted(hanako: Member) -> None:
    plan = newest(Letter.objects.readable_by(hanako)).explain()
    assert "letter_in_mailbox" in plan
    assert "Sort" not in plan


@pytest.mark.usefixtures("full")
def test_each_of_two_mailboxes_is_asked_as_one_is(hanako: Member, taro: Member) -> None:
    merge(hanako, taro)
    for mailbox_id in hanako.mailboxes:
        plan = newest(Letter.objects.in_mailboxes([mailbox_id])).explain()
        assert "letter_in_mailbox" in plan
        assert "Sort" not in plan
    assert queries.count_unread(hanako) == 1_000  # the page says that there are more
