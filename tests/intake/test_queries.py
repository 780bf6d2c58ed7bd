"""What may be asked about consignments and items, and that nobody is told of another's."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from mypost.intake import queries
from mypost.intake.errors import ConsignmentNotFound
from mypost.intake.models import Consignment, Item
from mypost.senders.models import Staff
from tests.conftest import NOW

NUMBER, PSEUDONYM = "0000-0000-0002", "0000-0000-0000-0000-000H"  # zero, and its check
SUBMITTED = {"state": "submitted", "submitted_at": NOW}
DELIVERING = {"state": "delivering", "submitted_at": NOW}
COMPLETED: dict[str, Any] = {
    "state": "completed", "submitted_at": NOW, "completed_at": NOW, "transit_key": None
}  # fmt: skip


def id_of(number: int) -> UUID:
    """Identifiers that sort as they are numbered."""
    return UUID(int=number)


def make(staff: Staff, number: int, **facts: Any) -> Consignment:
    usual: dict[str, Any] = {
        "kind": "batch", "live": True, "reference": f"C-{number}", "transit_key": b"k",
        "made_by_staff": staff, "opened_at": NOW,
    }  # fmt: skip
    return Consignment.objects.create(id=id_of(number), sender=staff.sender, **usual | facts)


def add(consignment: Consignment, position: int, code: str = "", **facts: Any) -> Item:
    usual: dict[str, Any] = {
        "letter_id": id_of(position), "number": f"N-{position}", "recipient": f"P-{position}",
        "reference": f"R-{position}", "state": "refused" if code else "consigned",
    }  # fmt: skip
    return Item.objects.create(
        consignment=consignment, position=position, sender_id=consignment.sender_id, code=code,
        decided_at=NOW, **usual | facts,
    )  # fmt: skip


def numbers(found: list[Consignment]) -> list[int]:
    return [one.id.int for one in found]


def positions(found: list[Item]) -> list[int]:
    return [one.position for one in found]


@pytest.fixture
def kept(clerk: Staff, power_clerk: Staff) -> Consignment:
    """The city's first consignment, with five items; four more of its own, and the company's."""
    first = make(clerk, 1, **DELIVERING)
    codes = ["", "topic_declined", "recipient_unknown", "", "topic_declined", "field_invalid"]
    for position, code in enumerate(codes, start=1):
        add(first, position, code)
    make(clerk, 2, kind="letter", **COMPLETED)
    make(clerk, 3, **SUBMITTED)
    make(clerk, 4)
    make(clerk, 5, live=False, **DELIVERING)
    add(make(power_clerk, 6, **DELIVERING), 7, "mailbox_full")
    return first


# A sender's own


def test_a_sender_sees_its_consignments_newest_first(kept: Consignment, power_clerk: Staff) -> None:
    city = kept.sender_id
    assert numbers(queries.consignments_of(city)) == [5, 4, 3, 2, 1]
    assert numbers(queries.consignments_of(city, kind="letter")) == [2]
    assert numbers(queries.consignments_of(city, kind="batch", limit=2)) == [5, 4]
    assert numbers(queries.consignments_of(city, before=id_of(3))) == [2, 1]
    assert numbers(queries.consignments_of(power_clerk.sender_id)) == [6]


def test_running_is_what_is_examined_or_delivered(kept: Consignment) -> None:
    assert numbers(queries.running_consignments(kept.sender_id)) == [5, 3, 1]
    assert numbers(queries.running_consignments(kept.sender_id, limit=2)) == [5, 3]


def test_items_come_in_the_order_of_the_file(kept: Consignment) -> None:
    assert positions(queries.items_of(kept)) == [1, 2, 3, 4, 5, 6]
    assert positions(queries.items_of(kept, after=2, limit=3)) == [3, 4, 5]
    assert positions(queries.refused_items(kept)) == [2, 3, 5, 6]
    assert positions(queries.refused_items(kept, limit=2)) == [2, 3]


def test_refusals_are_counted_the_most_frequent_first(kept: Consignment) -> None:
    assert queries.refusals_of(kept) == [
        ("topic_declined", 2), ("field_invalid", 1), ("recipient_unknown", 1)
    ]  # fmt: skip


def test_no_sender_is_told_of_anothers_letter(kept: Consignment, power_clerk: Staff) -> None:
    city, power = kept.sender_id, power_clerk.sender_id
    letters = [id_of(1), id_of(7), id_of(99)]
    own, theirs = (queries.items_of_letters(sender, letters) for sender in (city, power))
    assert {letter.int: item.position for letter, item in own.items()} == {1: 1}
    assert {letter.int: item.position for letter, item in theirs.items()} == {7: 7}
    found = [queries.item_of_letter(sender, id_of(7)) for sender in (city, power)]
    assert [item and item.position for item in found] == [None, 7]
    assert [queries.consignment_of(city, id_of(1)).id] == [id_of(1)]
    for sender, number in ((city, 6), (power, 1), (city, 99)):
        with pytest.raises(ConsignmentNotFound):
            queries.consignment_of(sender, id_of(number))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", [9, 8, 6, 5, 4, 3, 2, 1]),
        (NUMBER, [8]),
        ("oooo oooo ooo2", [8]),  # as somebody reads it aloud
        (PSEUDONYM, [9]),
        (PSEUDONYM.replace("-", ""), [9]),
        ("R-3", [3]),
        ("P-3", [3]),
        ("r-3", []),
        ("R-", []),
        ("R-7", []),  # the company's
        ("N-3", []),  # no number that we give
    ],
)
def test_an_item_is_found_by_number_reference_or_pseudonym_whole(
    kept: Consignment, words: str, found: list[int]
) -> None:
    add(kept, 8, number=NUMBER)
    add(kept, 9, recipient=PSEUDONYM)
    assert positions(queries.find_items(kept.sender_id, words)) == found


def test_found_items_are_paged_by_their_last_letter(kept: Consignment) -> None:
    assert positions(queries.find_items(kept.sender_id, before=id_of(5), limit=2)) == [4, 3]
    assert positions(queries.find_items(kept.sender_id, "R-4", before=id_of(4))) == []


# The back office


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [6, 5, 4, 3, 2, 1]),
        ({"limit": 2}, [6, 5]),
        ({"before": 5, "limit": 2}, [4, 3]),
        ({"after": 2, "limit": 2}, [4, 3]),  # the page before: those next to it, newest first
        ({"after": 6}, []),
        ({"before": 1}, []),
    ],
)
def test_the_office_pages_through_all_of_them_both_ways(
    kept: Consignment, asked: dict[str, int], found: list[int]
) -> None:
    page = {name: id_of(value) if name != "limit" else value for name, value in asked.items()}
    ask: Callable[..., list[Consignment]] = queries.consignments_of_all
    assert numbers(ask(**page)) == found


def test_the_office_finds_any_of_them_by_its_id(kept: Consignment) -> None:
    assert queries.any_consignment(id_of(6)).sender.name == "しおかぜ電力"
    with pytest.raises(ConsignmentNotFound):
        queries.any_consignment(id_of(99))


def test_sums_are_of_what_is_sent_in_earnest(kept: Consignment) -> None:
    assert queries.totals() == queries.Totals(0, 0, 0, 0, 0)
    assert queries.count_pending() == (0, 0)
    books = {"submitted": 15, "in_mailbox": 5, "on_paper": 4, "refused": 3, "pending": 3}
    Consignment.objects.filter(id__in=[id_of(1), id_of(5), id_of(6)]).update(**books)
    assert queries.totals() == queries.Totals(30, 10, 8, 6, 6)
    assert queries.count_pending() == (6, 2)
