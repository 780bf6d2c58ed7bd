"""A consignment's way through the night work, and that nothing is lost or doubled on it."""

import json
from typing import Any

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from mypost.common.failpoints import FailpointReached
from mypost.evidence.models import Line
from mypost.intake import commands, delivery, ledger, queries
from mypost.intake.commands import Origin
from mypost.intake.errors import ConsignmentClosed, ConsignmentNotFound
from mypost.intake.items_file import CSV, NDJSON
from mypost.intake.models import Chunk, Consignment, ConsignmentDocument, Item
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.notifications.models import Alert
from mypost.senders.models import Sender, Staff
from mypost.subscriptions import commands as subscriptions
from mypost.vault import commands as vault
from mypost.vault.models import StoredObject
from tests.conftest import LATER, NOW
from tests.draws import TIMES, bits_of_chance, unchecked
from tests.intake.conftest import Fields, HandIn, chunks_of, results, work_off
from tests.pdf_makers import A_MY_NUMBER, by_hand, by_reportlab, encrypted

PDF = by_hand()


def numbered(item: Fields, count: int) -> list[Fields]:
    return [{**item, "reference": f"R-{number}"} for number in range(1, count + 1)]


def books(consignment: Consignment) -> tuple[int, int, int, int]:
    """Return submitted, in mailbox, refused, pending, after making sure that they balance."""
    now = Consignment.objects.get(id=consignment.id)
    assert now.submitted == now.in_mailbox + now.on_paper + now.refused + now.pending
    return now.submitted, now.in_mailbox, now.refused, now.pending


# The way


def test_every_item_gets_its_own_verdict(hand_in: HandIn, item: Fields, hanako: Member) -> None:
    items = [
        {**item, "reference": "1", "documents": ["good.pdf"]},
        {**item, "reference": "2", "documents": ["bad.pdf"]},
        {**item, "reference": "3", "documents": ["locked.pdf"]},
        {**item, "reference": "4", "documents": ["secret.pdf"]},
        {**item, "reference": "5", "documents": ["absent.pdf"]},
        {**item, "reference": "6", "subject": ""},
        {**item, "reference": "7", "colour": "red"},
        {**item, "reference": "8", "recipient": "nobody"},
        {**item, "reference": "9", "body": f"番号 {A_MY_NUMBER}"},
        {**item, "reference": "1"},
        {**item, "reference": "10"},
    ]
    documents = {
        "good.pdf": PDF,
        "bad.pdf": b"no PDF",
        "locked.pdf": encrypted(user="secret"),
        "secret.pdf": by_reportlab(A_MY_NUMBER),
    }
    consignment = work_off(hand_in(items, documents))
    assert results(consignment) == [
        ("", ""),
        ("document_invalid", "bad.pdf"),
        ("document_encrypted", "locked.pdf"),
        ("contains_my_number", "secret.pdf"),
        ("document_missing", "absent.pdf"),
        ("subject_missing", "subject"),
        ("field_invalid", "colour"),
        ("recipient_unknown", "recipient"),
        ("contains_my_number", "body"),
        ("reference_repeated", "reference"),
        ("", ""),
    ]
    assert books(consignment) == (11, 2, 9, 0)
    assert ledger.check() == {}


def test_csv_rows_that_cannot_be_read_are_refused_each_by_itself(
    city: Sender, clerk: Staff, item: Fields
) -> None:
    opened = commands.open_consignment(Origin(city, live=True, staff=clerk), reference="C", at=NOW)
    good = f"{item['recipient']},{{}},s\n"
    bad = 'x,y\na,"b"c,d\n'
    rows = "recipient,reference,subject\n" + good.format(1) + bad + good.format(2)
    commands.put_items(city.id, opened.id, rows.encode(), form=CSV, at=NOW)
    consignment = work_off(commands.submit(city.id, opened.id, at=NOW))
    codes = [code for code, _place in results(consignment)]
    assert codes == ["", "field_invalid", "field_invalid", ""]


def test_one_document_serves_all_its_letters(hand_in: HandIn, item: Fields, hanako: Member) -> None:
    items = [{**one, "documents": ["a.pdf"]} for one in numbered(item, 3)]
    work_off(hand_in(items, {"a.pdf": PDF}))
    letters = list(Letter.objects.values_list("id", flat=True))
    opened = vault.open_envelopes(hanako.mailbox_id, letters)
    objects = {content.documents[0].object_id for content in opened.values()}
    assert len(objects) == 1
    assert all(vault.open_document(c.documents[0]) == PDF for c in opened.values())
    assert StoredObject.objects.count() == 1


def test_an_item_without_a_topic_gets_the_consignments(
    hand_in: HandIn, item: Fields, city: Sender
) -> None:
    items = [{**item, "reference": "1"}, {**item, "reference": "2", "topic": "news"}]
    work_off(hand_in(items, topic="tax"))
    slugs = Letter.objects.order_by("id").values_list("topic__slug", flat=True)
    assert sorted(slugs) == ["news", "tax"]


def test_every_letter_owes_one_alert_and_leaves_its_evidence(hand_in: HandIn, item: Fields) -> None:
    consignment = work_off(hand_in([*numbered(item, 2), {**item, "recipient": "nobody"}]))
    assert Alert.objects.count() == 2
    assert Alert.objects.values("batch_id").distinct().count() == 1
    events = Line.objects.filter(sender_id=consignment.sender_id).order_by("seq")
    told = [event for event in events.values_list("event", flat=True) if event != "ApiKeyChanged"]
    assert sorted(told) == sorted(
        ["SenderSelectionChanged", "ConsignmentSubmitted"]
        + ["SubmissionAcceptance", "ContentConsignment"] * 2
        + ["SubmissionRejection", "ConsignmentCompleted", "TransitKeyDestroyed"]
    )


def test_evidence_commits_to_a_letter_without_telling_it(hand_in: HandIn, item: Fields) -> None:
    work_off(hand_in([{**item, "body": "納期限は月末です"}]))
    written = "".join(Line.objects.values_list("entry", flat=True))
    for word in ("お知らせ", "納期限", str(item["recipient"]), "R-1"):
        assert word not in written
        assert json.dumps(word)[1:-1] not in written


def test_each_refused_item_has_a_number_of_its_own(hand_in: HandIn, item: Fields) -> None:
    """55 bits: eleven characters, and the check."""
    nobody = {**item, "recipient": "nobody"}
    work_off(hand_in(numbered(nobody, TIMES)))
    numbers = list(Item.objects.values_list("number", flat=True))
    assert bits_of_chance([unchecked(number) for number in numbers]) == 55


# The ledger, step by step


def test_the_ledger_balances_at_every_step(
    hand_in: HandIn, item: Fields, settings: Settings
) -> None:
    settings.CHUNK_SIZE = 2
    items = [*numbered(item, 4), {**item, "recipient": "nobody", "reference": "R-5"}]
    consignment = hand_in(items)
    assert books(consignment) == (5, 0, 0, 5)
    delivery.examine_consignment(consignment.id, at=LATER)
    assert books(consignment) == (5, 0, 0, 5)
    steps = []
    for number in chunks_of(consignment.id):
        delivery.deliver_chunk(consignment.id, number, at=LATER)
        steps.append(books(consignment))
        assert ledger.check() == {}
    assert steps == [(5, 2, 0, 3), (5, 4, 0, 1), (5, 4, 1, 0)]


def test_chunks_may_be_decided_in_any_order(
    hand_in: HandIn, item: Fields, settings: Settings
) -> None:
    settings.CHUNK_SIZE = 1
    consignment = hand_in(numbered(item, 3))
    delivery.examine_consignment(consignment.id, at=LATER)
    for number in reversed(chunks_of(consignment.id)):
        assert Consignment.objects.get().state == Consignment.State.DELIVERING
        delivery.deliver_chunk(consignment.id, number, at=LATER)
    assert Consignment.objects.get().state == Consignment.State.COMPLETED
    assert [found.position for found in queries.items_of(consignment)] == [1, 2, 3]


def test_a_chunk_run_twice_adds_nothing(hand_in: HandIn, item: Fields) -> None:
    consignment = work_off(hand_in(numbered(item, 2), {"a.pdf": PDF}))
    counted = counts()
    work_off(consignment)
    delivery.deliver_chunk(consignment.id, 1, at=LATER)
    assert counts() == counted


def counts() -> dict[str, int]:
    kinds: list[Any] = [Letter, Item, Line, Alert, Chunk, StoredObject]
    return {kind.__name__: kind.objects.count() for kind in kinds}


@pytest.mark.parametrize(
    "place",
    [
        "deliver.fetched",
        "deliver.decided",
        "deliver.sealed",
        "deliver.letters_written",
        "deliver.before_commit",
    ],
)
def test_a_chunk_that_fails_anywhere_leaves_nothing_and_runs_again(
    hand_in: HandIn, item: Fields, settings: Settings, place: str
) -> None:
    consignment = hand_in(numbered(item, 2))
    delivery.examine_consignment(consignment.id, at=LATER)
    before = counts()
    settings.FAILPOINT = f"{place}:raise"
    with pytest.raises(FailpointReached):
        delivery.deliver_chunk(consignment.id, 1, at=LATER)
    assert counts() == before
    assert books(consignment) == (2, 0, 0, 2)
    settings.FAILPOINT = ""
    delivery.deliver_chunk(consignment.id, 1, at=LATER)
    assert books(consignment) == (2, 2, 0, 0)
    assert ledger.check() == {}


@pytest.mark.parametrize("place", ["examine.documents_done", "examine.before_commit"])
def test_an_examination_that_fails_leaves_no_chunk_and_runs_again(
    hand_in: HandIn, item: Fields, settings: Settings, place: str
) -> None:
    consignment = hand_in(numbered(item, 2), {"a.pdf": PDF})
    settings.FAILPOINT = f"{place}:raise"
    with pytest.raises(FailpointReached):
        delivery.examine_consignment(consignment.id, at=LATER)
    assert not Chunk.objects.exists()
    settings.FAILPOINT = ""
    assert work_off(consignment).state == Consignment.State.COMPLETED


# Who may receive is asked at the letter's own acceptance


def test_a_member_who_leaves_between_chunks_gets_the_first_and_not_the_second(
    hand_in: HandIn, item: Fields, hanako: Member, city: Sender, settings: Settings
) -> None:
    settings.CHUNK_SIZE = 1
    consignment = hand_in(numbered(item, 2))
    delivery.examine_consignment(consignment.id, at=LATER)
    delivery.deliver_chunk(consignment.id, 1, at=LATER)
    subscriptions.leave(hanako, city.id, at=LATER)
    delivery.deliver_chunk(consignment.id, 2, at=LATER)
    assert results(consignment) == [("", ""), ("recipient_unknown", "recipient")]


# What waited is destroyed


def test_when_all_is_decided_nothing_that_waited_can_be_opened(
    hand_in: HandIn, item: Fields
) -> None:
    items = [{**one, "documents": ["a.pdf"]} for one in numbered(item, 2)]
    waiting = hand_in(items, {"a.pdf": PDF})
    assert waiting.transit_key is not None
    consignment = work_off(waiting)
    assert consignment.state == Consignment.State.COMPLETED
    assert consignment.transit_key is None
    assert not Chunk.objects.exclude(secret=None).exists()
    assert not ConsignmentDocument.objects.exists()


def test_items_and_chunks_leave_the_store_and_documents_stay_with_their_letters(
    hand_in: HandIn, item: Fields, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        work_off(hand_in([{**item, "documents": ["a.pdf"]}], {"a.pdf": PDF}))
    kept = {str(object_id.hex) for object_id in StoredObject.objects.values_list("id", flat=True)}
    files = {path.name for path in django_settings.STORE_FOLDER.rglob("*") if path.is_file()}
    assert files == kept
    assert len(kept) == 1


def test_a_document_that_was_refused_is_not_kept(hand_in: HandIn, item: Fields) -> None:
    items = [{**item, "documents": ["good.pdf"]}]
    work_off(hand_in(items, {"good.pdf": PDF, "bad.pdf": by_reportlab(A_MY_NUMBER)}))
    assert StoredObject.objects.count() == 1


def test_a_consignment_that_delivered_nothing_keeps_nothing(hand_in: HandIn, item: Fields) -> None:
    work_off(hand_in([{**item, "recipient": "nobody"}], {"a.pdf": PDF}))
    assert not StoredObject.objects.exists()


def test_what_waits_is_not_in_the_clear(hand_in: HandIn, item: Fields) -> None:
    words = "納期限は月末です"
    hand_in([{**item, "body": words}], {"a.pdf": by_reportlab("Notice")})
    for path in django_settings.STORE_FOLDER.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert words.encode() not in content
        assert json.dumps(words).encode() not in content
        assert b"%PDF" not in content


# Handing in


def test_a_stranger_can_hand_nothing_in(
    city: Sender, power: Sender, clerk: Staff, item: Fields
) -> None:
    opened = commands.open_consignment(Origin(city, live=True, staff=clerk), reference="C", at=NOW)
    lines = json.dumps(item).encode()
    with pytest.raises(ConsignmentNotFound):
        commands.put_items(power.id, opened.id, lines, form=NDJSON, at=NOW)
    with pytest.raises(ConsignmentNotFound):
        commands.put_document(power.id, opened.id, "a.pdf", PDF, sha256=None, at=NOW)
    with pytest.raises(ConsignmentNotFound):
        commands.submit(power.id, opened.id, at=NOW)
    with pytest.raises(ConsignmentNotFound):
        commands.discard(power.id, opened.id)
    with pytest.raises(ConsignmentNotFound):
        queries.consignment_of(power.id, opened.id)


def test_a_submitted_one_is_closed(hand_in: HandIn, item: Fields) -> None:
    submitted = hand_in([item])
    for act in (commands.discard, commands.submit):
        more: dict[str, Any] = {"at": LATER} if act is commands.submit else {}
        with pytest.raises(ConsignmentClosed):
            act(submitted.sender_id, submitted.id, **more)


def test_an_open_one_can_be_forgotten_whole(city: Sender, clerk: Staff, item: Fields) -> None:
    opened = commands.open_consignment(Origin(city, live=True, staff=clerk), reference="C", at=NOW)
    commands.put_document(city.id, opened.id, "a.pdf", PDF, sha256=None, at=NOW)
    lines = json.dumps(item).encode()
    commands.put_items(city.id, opened.id, lines, form=NDJSON, at=NOW)
    commands.discard(city.id, opened.id)
    assert not Consignment.objects.exists()
    assert not StoredObject.objects.exists()
