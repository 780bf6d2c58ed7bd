"""Looking at an open consignment before it is sent."""

import json
from collections.abc import Mapping
from uuid import UUID

import pytest

from mypost.evidence.models import Line
from mypost.intake import commands as intake
from mypost.intake.commands import Origin
from mypost.intake.errors import ConsignmentClosed, ConsignmentNotFound
from mypost.intake.models import Consignment, ConsignmentDocument, UsedReference
from mypost.intake.preview import Preview, preview
from mypost.members.models import Member
from mypost.senders import commands as senders
from mypost.senders.models import Sender, Staff
from mypost.subscriptions import commands as subscriptions
from mypost.subscriptions.models import Subscription
from tests.conftest import NOW, SendLetter
from tests.pdf_makers import blank

GOOD_PDF = blank(3)


@pytest.fixture
def opened(city: Sender, clerk: Staff) -> Consignment:
    return intake.open_consignment(Origin(city, live=True, staff=clerk), reference="P", at=NOW)


def look(opened: Consignment, *rows: Mapping[str, object]) -> Preview:
    """Put these rows in and look at them; what a row leaves out is given."""
    filled = [
        {"reference": f"P-{number}", "subject": "件名", **row} for number, row in enumerate(rows)
    ]
    content = "\n".join(json.dumps(row) for row in filled).encode()
    intake.put_items(opened.sender_id, opened.id, content, form="ndjson", at=NOW)
    return preview(opened.sender_id, opened.id, limit=10)


def put(opened: Consignment, name: str, content: bytes) -> None:
    intake.put_document(opened.sender_id, opened.id, name, content, sha256=None, at=NOW)


def codes(seen: Preview) -> list[str]:
    return [item.code for item in seen.letters]


def test_it_shows_letters_as_they_were_written(opened: Consignment, chosen: Subscription) -> None:
    put(opened, "a.pdf", GOOD_PDF)
    seen = look(opened, {"recipient": chosen.pseudonym, "topic": "news", "documents": ["a.pdf"]})
    (item,) = seen.letters
    assert item.reading.draft is not None
    assert item.reading.draft.subject == "件名"
    assert item.topic is not None
    assert (item.topic.slug, item.documents[0].pages) == ("news", 3)
    assert (seen.sendable, seen.refused, seen.troubles) == (1, 0, [])


def test_it_tells_each_document_with_its_verdict_and_stores_nothing(opened: Consignment) -> None:
    put(opened, "bad.pdf", b"no paper")
    put(opened, "good.pdf", GOOD_PDF)
    seen = preview(opened.sender_id, opened.id, limit=10)
    bad = "The file is not a PDF: it does not begin as one."
    assert [(d.name, d.size, d.pages, d.code, d.detail) for d in seen.documents] == [
        ("bad.pdf", 8, 0, "document_invalid", bad),
        ("good.pdf", len(GOOD_PDF), 3, "", ""),
    ]
    assert not ConsignmentDocument.objects.filter(examined_at__isnull=False).exists()


def test_it_tells_what_would_be_refused_and_what_stands_there(
    opened: Consignment, chosen: Subscription
) -> None:
    seen = look(
        opened,
        {"recipient": chosen.pseudonym},
        {"recipient": "no-one"},
        {"recipient": chosen.pseudonym, "due": "2026-13-01"},
    )
    found = [(t.item.position, t.item.code, t.item.place, t.written) for t in seen.troubles]
    assert found == [
        (2, "recipient_unknown", "recipient", "no-one"),
        (3, "field_invalid", "due", "2026-13-01"),
    ]
    assert (seen.checked, seen.refused, seen.sendable) == (3, 2, 1)


def test_what_stands_there_is_shown_as_far_as_it_can_be(
    opened: Consignment, chosen: Subscription
) -> None:
    to_hanako = f'"recipient": "{chosen.pseudonym}"'
    rows = [
        "no JSON",
        f'{{{to_hanako}, "reference": "1"}}',
        f'{{{to_hanako}, "reference": "2", "subject": "s", "due": "{"9" * 61}"}}',
        f'{{{to_hanako}, "reference": "3", "subject": "s", "due": "\\ud800"}}',
        f'{{{to_hanako}, "reference": "4", "subject": "s", "due": 0}}',
    ]
    content = "\n".join(rows).encode()
    intake.put_items(opened.sender_id, opened.id, content, form="ndjson", at=NOW)
    seen = preview(opened.sender_id, opened.id, limit=2)
    assert [item.position for item in seen.letters] == [1, 2]
    assert [(t.item.code, t.item.place, t.written) for t in seen.troubles] == [
        ("field_invalid", "", ""),
        ("subject_missing", "subject", ""),
        ("field_invalid", "due", "9" * 60),
        ("field_invalid", "due", "?"),
        ("field_invalid", "due", "0"),
    ]


def test_of_a_test_and_of_a_suspended_sender_it_says_what_sending_would(
    opened: Consignment, clerk: Staff, chosen: Subscription
) -> None:
    origin = Origin(clerk.sender, live=False, staff=clerk)
    test = intake.open_consignment(origin, reference="T", topic="news", at=NOW)
    seen = look(test, {"recipient": "TEST-DELIVERED"}, {"recipient": "TEST-REFUSED-X"})
    assert codes(seen) == ["", "recipient_unknown"]
    assert seen.letters[0].topic == test.topic is not None
    suspended = Sender.ContractState.SUSPENDED
    senders.move_contract(clerk.sender_id, suspended, reason="test", at=NOW)
    assert codes(look(opened, {"recipient": chosen.pseudonym})) == ["sender_suspended"]


def test_what_another_sender_has_used_is_free(
    opened: Consignment, power: Sender, chosen: Subscription
) -> None:
    UsedReference.objects.create(sender_id=power.id, reference="P-0", letter_id=UUID(int=1))
    assert codes(look(opened, {"recipient": chosen.pseudonym})) == [""]


def test_a_test_recipient_is_nobody_in_earnest(opened: Consignment) -> None:
    assert codes(look(opened, {"recipient": "TEST-DELIVERED"})) == ["recipient_unknown"]


def test_who_left_is_told_as_unknown(
    opened: Consignment, chosen: Subscription, hanako: Member
) -> None:
    subscriptions.leave(hanako, opened.sender_id, at=NOW)
    assert codes(look(opened, {"recipient": chosen.pseudonym})) == ["recipient_unknown"]


def test_a_reference_used_before_or_twice_is_told(
    opened: Consignment, chosen: Subscription, send_letter: SendLetter
) -> None:
    send_letter(reference="R-1")
    to_hanako: dict[str, object] = {"recipient": chosen.pseudonym}
    seen = look(
        opened,
        {**to_hanako, "reference": "R-1"},
        {**to_hanako, "reference": "R-2"},
        {**to_hanako, "reference": "R-2"},
    )
    assert codes(seen) == ["reference_repeated", "", "reference_repeated"]


def test_it_does_not_foretell_what_only_sending_may_tell(
    opened: Consignment, city: Sender, jiro: Member
) -> None:
    """A level or a declined topic would be told to whoever asks, and asking leaves no trace."""
    subscription = subscriptions.choose(jiro, city.id, at=NOW)
    subscriptions.decline_topics(jiro, city.id, list(city.topics.values_list("id", flat=True)))
    asked = {"recipient": subscription.pseudonym, "topic": "tax", "required_assurance": 3}
    assert codes(look(opened, asked)) == [""]


def test_it_looks_at_ten_thousand_items_and_tells_a_hundred_troubles(
    opened: Consignment,
) -> None:
    seen = look(opened, *({"recipient": "no-one"} for _ in range(10_001)))
    assert (seen.checked, seen.refused, len(seen.troubles)) == (10_000, 10_000, 100)
    assert seen.consignment.submitted == 10_001


def test_it_writes_nothing(opened: Consignment, chosen: Subscription) -> None:
    before = Line.objects.count()
    look(opened, {"recipient": chosen.pseudonym}, {"recipient": "no-one"})
    assert Line.objects.count() == before
    assert not UsedReference.objects.exists()


def test_another_senders_consignment_is_not_there(opened: Consignment, power: Sender) -> None:
    with pytest.raises(ConsignmentNotFound):
        preview(power.id, opened.id, limit=1)
    with pytest.raises(ConsignmentNotFound):
        preview(opened.sender_id, UUID(int=1), limit=1)


def test_what_was_submitted_is_looked_at_no_more(opened: Consignment, chosen: Subscription) -> None:
    look(opened, {"recipient": chosen.pseudonym})
    intake.submit(opened.sender_id, opened.id, at=NOW)
    with pytest.raises(ConsignmentClosed):
        preview(opened.sender_id, opened.id, limit=1)
