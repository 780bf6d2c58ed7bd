"""Deciding items: each for itself, and references in the order of the file."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mypost.common.clock import new_id
from mypost.intake import commands as intake
from mypost.intake.commands import Origin
from mypost.intake.decision import (
    DETAILS,
    Circumstances,
    Decision,
    ExaminedDocument,
    circumstances,
    decide,
    foresee,
)
from mypost.intake.drafts import read_draft
from mypost.intake.errors import TopicUnknown
from mypost.intake.models import Consignment, UsedReference
from mypost.members.models import Member
from mypost.senders import commands as senders
from mypost.senders.models import Sender, Staff, Topic
from mypost.subscriptions import commands as subscriptions
from tests.conftest import LATER, NOW
from tests.intake.conftest import Fields


def undecided(items: Sequence[Fields]) -> list[Decision]:
    return [
        Decision(position, new_id(NOW), read_draft(fields))
        for position, fields in enumerate(items, start=1)
    ]


def known(
    sender: Sender,
    decisions: Sequence[Decision],
    *,
    live: bool = True,
    default: str = "",
    **documents: ExaminedDocument,
) -> Circumstances:
    topic = sender.topics.get(slug=default) if default else None
    consignment = Consignment(sender=sender, live=live, topic=topic)
    return circumstances(consignment, [decision.reading for decision in decisions], documents)


def codes(decided: Sequence[Decision]) -> list[str]:
    return [decision.code for decision in decided]


def test_of_two_equal_references_the_first_wins(city: Sender, item: Fields) -> None:
    items = undecided([{**item, "subject": str(number)} for number in range(20)])
    decided = decide(items, known(city, items))
    assert codes(decided) == [""] + ["reference_repeated"] * 19


def test_a_refused_item_leaves_its_reference_to_the_next(city: Sender, item: Fields) -> None:
    items = undecided([{**item, "recipient": "nobody"}, item])
    assert codes(decide(items, known(city, items))) == ["recipient_unknown", ""]


def test_a_test_claims_no_reference(city: Sender, item: Fields) -> None:
    items = undecided([item, item])
    assert codes(decide(items, known(city, items, live=False))) == ["", ""]
    assert not UsedReference.objects.exists()


@pytest.mark.parametrize(
    ("recipient", "of_a_test", "in_earnest"),
    [  # API.md, test keys
        ("TEST-DELIVERED", "", "recipient_unknown"),
        ("TEST-REFUSED-TOPIC-DECLINED", "topic_declined", "recipient_unknown"),
        ("TEST-REFUSED-mailbox_full", "mailbox_full", "recipient_unknown"),
        ("TEST-REFUSED-WHATEVER", "recipient_unknown", "recipient_unknown"),
        ("TEST-REFUSED-", "recipient_unknown", "recipient_unknown"),
        ("nobody", "recipient_unknown", "recipient_unknown"),
    ],
)
def test_a_test_recipient_does_what_its_name_says_in_a_test_alone(
    city: Sender, item: Fields, recipient: str, of_a_test: str, in_earnest: str
) -> None:
    items = undecided([{**item, "recipient": recipient}])
    for live, code in ((False, of_a_test), (True, in_earnest)):
        (decision,) = decide(items, known(city, items, live=live))
        assert (decision.code, decision.place) == (code, "recipient" if code else "")
        assert decision.addressee is None


@pytest.mark.parametrize(
    ("subject", "body", "place"),
    [
        ("123456789018", "x", "subject"),
        ("x", "1234 5678 9018", "body"),
        ("1234", "5678\n9018", "body"),  # in neither of the two alone
        ("123456789018", "123456789018", "subject"),
        ("123456789012", "1234", ""),
    ],
)
def test_a_my_number_is_told_where_it_stands(
    city: Sender, item: Fields, subject: str, body: str, place: str
) -> None:
    items = undecided([{**item, "subject": subject, "body": body}])
    (decision,) = decide(items, known(city, items))
    assert (decision.code, decision.place) == ("contains_my_number" if place else "", place)


def test_what_could_not_be_read_is_told_by_its_first_fault(city: Sender, item: Fields) -> None:
    faults: list[Fields] = [
        {"subject": "", "due": "x"},
        {"language": "fr", "due": "x"},
        {"colour": "red", "subject": ""},
    ]
    items = undecided([{**item, **fault} for fault in faults])
    told = [(one.code, one.place, one.detail) for one in decide(items, known(city, items))]
    assert told == [
        ("subject_missing", "subject", "This field is required."),
        ("field_invalid", "language", "The language must be ja or en."),
        ("field_invalid", "colour", "There is no such field."),
    ]


def test_foreseeing_claims_nothing(city: Sender, item: Fields) -> None:
    items = undecided([item, item])
    assert codes(foresee(items, known(city, items))) == ["", ""]
    assert not UsedReference.objects.exists()


def test_a_refused_item_names_nobody(city: Sender, item: Fields, hanako: Member) -> None:
    items = undecided([{**item, "documents": ["absent.pdf"]}])
    (decision,) = decide(items, known(city, items))
    assert decision.code == "document_missing"
    assert decision.addressee is None


def test_the_first_fault_is_told(city: Sender, item: Fields) -> None:
    """Recipient before topic before documents before words."""
    faults: list[Fields] = [
        {"body": "123456789018"},
        {"documents": ["absent.pdf"]},
        {"topic": "weather"},
        {"recipient": "nobody"},
    ]
    told, fields = [], dict(item)
    for fault in faults:
        fields.update(fault)
        items = undecided([fields])
        told += codes(decide(items, known(city, items)))
    assert told == ["contains_my_number", "document_missing", "field_invalid", "recipient_unknown"]


def test_a_name_longer_than_its_place_is_cut(city: Sender, item: Fields) -> None:
    items = undecided([{**item, "documents": ["長" * 200]}])
    (decision,) = decide(items, known(city, items))
    assert (decision.code, decision.place) == ("document_missing", "長" * 100)  # as many are kept


def test_a_document_hands_its_own_reason_down(city: Sender, item: Fields) -> None:
    items = undecided([{**item, "documents": ["a"]}])
    examined = ExaminedDocument(None, "document_invalid", "The file is empty.")
    (decision,) = decide(items, known(city, items, a=examined))
    assert (decision.code, decision.place) == ("document_invalid", "a")
    assert decision.detail == "The file is empty."


@pytest.mark.parametrize(
    ("sender_asks", "topic_asks", "letter_asks", "accepted"),
    [
        (0, "news", 0, True), (1, "news", 0, False), (0, "tax", 0, False), (0, "news", 1, False),
        (0, "", 0, True), (1, "", 0, False), (0, "", 1, False),
    ],
)  # fmt: skip
def test_the_highest_demand_counts(
    city: Sender,
    jiro: Member,
    item: Fields,
    sender_asks: int,
    topic_asks: str,
    letter_asks: int,
    accepted: bool,
) -> None:
    recipient = subscriptions.choose(jiro, city.id, at=NOW).pseudonym
    Sender.objects.filter(id=city.id).update(required_assurance=sender_asks)
    city.refresh_from_db()
    fields = {"recipient": recipient, "topic": topic_asks, "required_assurance": letter_asks}
    items = undecided([{**item, **fields}])
    assert codes(decide(items, known(city, items))) == ["" if accepted else "assurance_too_low"]


def test_a_declined_topic_is_declined_as_the_default_too(
    city: Sender, item: Fields, hanako: Member
) -> None:
    news = city.topics.get(slug="news")
    subscriptions.want_topic(hanako, city.id, news.id, wanted=False)
    items = undecided([item, {**item, "topic": "tax", "reference": "R-2"}])
    first, second = decide(items, known(city, items, default="news"))
    assert (first.code, first.place, first.addressee) == ("topic_declined", "topic", None)
    assert (second.code, second.topic) == ("", city.topics.get(slug="tax"))


def test_an_item_gets_the_default_topic_with_its_demand(
    city: Sender, item: Fields, jiro: Member
) -> None:
    recipient = subscriptions.choose(jiro, city.id, at=NOW).pseudonym
    items = undecided([item, {**item, "recipient": recipient, "reference": "R-2"}])
    decided = decide(items, known(city, items, default="tax"))
    assert codes(decided) == ["", "assurance_too_low"]
    assert decided[0].topic == city.topics.get(slug="tax")


def test_a_topic_of_another_sender_is_none(city: Sender, power: Sender, item: Fields) -> None:
    give_topic(power, "bill")
    items = undecided([{**item, "topic": "bill"}])
    (decision,) = decide(items, known(city, items))
    assert (decision.code, decision.place) == ("field_invalid", "topic")
    assert decision.detail == "The sender has no such topic."


def give_topic(sender: Sender, slug: str) -> Topic:
    topic = Topic(sender=sender, slug=slug, name=slug, category="living", required_assurance=0)
    return senders.add_topic(topic, at=NOW - timedelta(days=1))


def open_with(staff: Staff, topic: str) -> Consignment:
    origin = Origin(staff.sender, live=True, staff=staff)
    return intake.open_consignment(origin, reference="C", topic=topic, at=NOW)


def test_the_default_topic_is_the_senders_own(clerk: Staff, power_clerk: Staff) -> None:
    theirs, ours = give_topic(power_clerk.sender, "news"), clerk.sender.topics.get(slug="news")
    give_topic(power_clerk.sender, "bill")
    assert open_with(clerk, "news").topic == ours
    assert open_with(power_clerk, "news").topic == theirs
    with pytest.raises(TopicUnknown):
        open_with(clerk, "bill")


def test_a_suspended_senders_items_are_all_refused(city: Sender, item: Fields) -> None:
    suspended = Sender.ContractState.SUSPENDED
    moved = senders.move_contract(city.id, suspended, reason="test", at=LATER)
    items = undecided([item, {**item, "recipient": "nobody"}])
    assert codes(decide(items, known(moved, items))) == ["sender_suspended"] * 2


# API.md, codes of refusal for an item. Programs read them: none is renamed or taken away.
CODES = [
    "recipient_unknown", "topic_declined", "assurance_too_low", "reference_repeated",
    "document_missing", "document_invalid", "document_too_large", "document_active_content",
    "document_encrypted", "document_infected", "contains_my_number", "subject_missing",
    "field_invalid", "mailbox_full", "sender_suspended",
]  # fmt: skip


def test_every_refusal_says_one_sentence(city: Sender, item: Fields) -> None:
    items = undecided([{**item, "recipient": f"TEST-REFUSED-{code.upper()}"} for code in CODES])
    decided = decide(items, known(city, items, live=False))
    assert [decision.code for decision in decided] == CODES == list(DETAILS)
    assert len({decision.detail for decision in decided}) == len(CODES)


def test_a_thousand_items_ask_no_more_than_one(city: Sender, item: Fields) -> None:
    asked = []
    for count in (1, 1_000):
        items = undecided([{**item, "reference": f"{count} {n}"} for n in range(count)])
        with CaptureQueriesContext(connection) as queries:
            decide(items, known(city, items))
        asked.append(len(queries))
    assert asked[0] == asked[1]
