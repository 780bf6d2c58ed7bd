"""A mailbox's lists: in which order, from where to where, and of whom."""

from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from mypost.letters import commands, queries
from mypost.letters.errors import LetterNotFound, NotOpenedYet
from mypost.letters.models import Letter
from mypost.letters.queries import ListedLetter, Position
from mypost.members.models import Member
from mypost.senders.models import Sender, Topic
from mypost.vault.errors import ContentGone
from mypost.vault.models import Envelope
from tests.conftest import LATER, NOW
from tests.letters.conftest import Consign, merge


def subjects(page: list[ListedLetter]) -> str:
    return "".join(row.subject for row in page)


def place(letter: Letter) -> Position:
    return Position(letter.consigned_at, letter.id)


@pytest.fixture
def five(consign: Consign, hanako: Member) -> dict[str, Letter]:
    """a is the newest; b, c and d came in one moment; e is the oldest."""
    at = dict(zip("abcde", (LATER, NOW, NOW, NOW, NOW - timedelta(days=1)), strict=True))
    ids = sorted((uuid4() for _ in range(3)), reverse=True)
    given = {"b": {"id": ids[0]}, "c": {"id": ids[1]}, "d": {"id": ids[2]}}
    return {s: consign(hanako, s, at=at[s], **given.get(s, {})) for s in "ecadb"}


def test_pages_lie_next_to_each_other_also_within_one_moment(
    five: dict[str, Letter], hanako: Member
) -> None:
    assert subjects(queries.mailbox_page(hanako, aal=1)) == "abcde"
    assert subjects(queries.mailbox_page(hanako, aal=1, limit=2)) == "ab"
    for name in "abcde":
        here, around = place(five[name]), "abcde".split(name)
        newer, older = (
            queries.mailbox_page(hanako, aal=1, newer_than=here),
            queries.mailbox_page(hanako, aal=1, older_than=here),
        )
        assert [subjects(newer), subjects(older)] == around
    here = place(five["d"])
    assert subjects(queries.mailbox_page(hanako, aal=1, newer_than=here, limit=2)) == "bc"
    here = place(five["b"])
    assert subjects(queries.mailbox_page(hanako, aal=1, older_than=here, limit=2)) == "cd"


def test_a_page_has_25_letters(consign: Consign, hanako: Member) -> None:
    for _ in range(26):
        consign(hanako)
    assert len(queries.mailbox_page(hanako, aal=1)) == 25


def test_it_is_narrowed_to_the_unread_and_to_one_sender(
    five: dict[str, Letter], hanako: Member, city: Sender, power: Sender
) -> None:
    commands.hand_over(five["a"].id, reader=hanako, aal=1, at=LATER)
    Letter.objects.filter(id__in=[five["b"].id, five["a"].id]).update(sender=power)
    assert subjects(queries.mailbox_page(hanako, aal=1, unread=True)) == "bcde"
    assert subjects(queries.mailbox_page(hanako, aal=1, sender_id=power.id)) == "ab"
    assert subjects(queries.mailbox_page(hanako, aal=1, sender_id=city.id)) == "cde"
    both = queries.mailbox_page(hanako, aal=1, sender_id=power.id, unread=True)
    assert subjects(both) == "b"
    assert queries.count_unread(hanako) == 4


def test_a_page_asks_the_database_as_often_for_five_letters_as_for_one(
    five: dict[str, Letter], hanako: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Letter.objects.update(topic=Topic.objects.get(slug="tax"), due=date(2026, 12, 1))
    since, before = date(2026, 1, 1), date(2027, 1, 1)
    for ask in (
        partial(queries.mailbox_page, hanako, aal=1),
        partial(queries.due_letters, hanako, aal=1, since=since),
        partial(queries.overdue_letters, hanako, aal=1, before=before),
    ):
        for limit in (1, 5):
            with django_assert_num_queries(3):  # rows, envelopes, the mailbox's key
                names = [
                    (str(row.letter.sender), str(row.letter.topic)) for row in ask(limit=limit)
                ]
            assert names == [("みなと市", "tax")] * limit


def test_due_letters_come_soonest_first_and_both_days_are_included(
    consign: Consign, hanako: Member, jiro: Member
) -> None:
    days = {name: date(2026, 12, number) for number, name in enumerate("vwxyz", 1)}
    for name in "ywxzv":
        consign(hanako, name, due=days[name])
    consign(hanako, "never")
    consign(jiro, "J", due=days["x"])
    since = queries.due_letters(hanako, aal=1, since=days["w"])
    assert subjects(since) == "wxyz"
    span = queries.due_letters(hanako, aal=1, since=days["w"], until=days["y"])
    assert subjects(span) == "wxy"
    assert subjects(queries.due_letters(hanako, aal=1, since=days["w"], limit=2)) == "wx"
    late = queries.overdue_letters(hanako, aal=1, before=days["y"])
    assert subjects(late) == "xwv"
    assert subjects(queries.overdue_letters(hanako, aal=1, before=days["y"], limit=2)) == "xw"


def test_letters_due_on_one_day_stand_in_one_order(consign: Consign, hanako: Member) -> None:
    first, second = sorted(uuid4() for _ in range(2))
    for name, letter_id in (("2", second), ("1", first)):
        consign(hanako, name, id=letter_id, due=date(2026, 12, 1))
    assert subjects(queries.due_letters(hanako, aal=1, since=date(2026, 12, 1))) == "12"
    assert subjects(queries.overdue_letters(hanako, aal=1, before=date(2026, 12, 2))) == "21"


def test_what_is_due_in_a_merged_mailbox_is_due_too(
    consign: Consign, hanako: Member, taro: Member
) -> None:
    consign(taro, "T", due=date(2026, 12, 1))
    merge(hanako, taro)
    assert subjects(queries.due_letters(hanako, aal=1, since=date(2026, 12, 1))) == "T"
    assert subjects(queries.overdue_letters(hanako, aal=1, before=date(2026, 12, 2))) == "T"


def test_a_letter_whose_content_is_gone_keeps_its_row(
    five: dict[str, Letter], hanako: Member
) -> None:
    Envelope.objects.filter(letter_id=five["c"].id).delete()
    listed = queries.mailbox_page(hanako, aal=1)
    assert [row.subject for row in listed] == ["a", "b", "", "d", "e"]
    assert all(row.opens and row.names_sender for row in listed)
    with pytest.raises(ContentGone):
        commands.hand_over(five["c"].id, reader=hanako, aal=1, at=LATER)


def test_a_letter_is_shown_again_only_once_it_was_opened(letter: Letter, hanako: Member) -> None:
    with pytest.raises(NotOpenedYet):
        queries.content_of(hanako, letter, aal=1)
    content = commands.hand_over(letter.id, reader=hanako, aal=1, at=LATER)
    letter = queries.letter_of(hanako, letter.id)
    assert queries.content_of(hanako, letter, aal=1) == content


def test_a_stranger_gets_nobodys_letter(letter: Letter, jiro: Member) -> None:
    with pytest.raises(LetterNotFound):
        queries.letter_of(jiro, letter.id)
    assert queries.due_letters(jiro, aal=3, since=date.min) == []
    assert queries.overdue_letters(jiro, aal=3, before=date.max) == []
