"""Handing a consignment in piece by piece: what is kept of it, and what is not taken."""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from mypost.evidence.models import Line
from mypost.intake import commands, delivery
from mypost.intake.commands import HandedDocument, Origin
from mypost.intake.errors import (
    ConsignmentClosed,
    ConsignmentNotFound,
    DigestMismatch,
    DocumentTooLarge,
    FieldsInvalid,
    ItemsMissing,
    SenderSuspended,
)
from mypost.intake.items_file import CSV, NDJSON
from mypost.intake.models import Consignment, ConsignmentDocument, Item
from mypost.kernel.errors import SealBroken
from mypost.members.models import Member
from mypost.senders import commands as senders
from mypost.senders.models import Sender, Staff
from mypost.vault.errors import ContentDamaged
from mypost.vault.models import StoredObject
from tests.conftest import LATER, NOW, SendLetter
from tests.intake.conftest import Fields, HandIn, work_off
from tests.pdf_makers import by_hand

PDF = by_hand()
DECOMPOSED, COMPOSED = "か\u3099.pdf", "が.pdf"  # as a Mac writes it, and as a CSV file does


@pytest.fixture
def opened(city: Sender, clerk: Staff) -> Consignment:
    origin = Origin(city, live=True, staff=clerk)
    return commands.open_consignment(origin, reference="C-1", topic="news", at=NOW)


def put(opened: Consignment, name: str = "a.pdf", content: bytes = PDF, **more: Any) -> None:
    said = {"sha256": None, "at": NOW} | more
    commands.put_document(opened.sender_id, opened.id, name, content, **said)


def names(opened: Consignment) -> list[str]:
    return sorted(opened.documents.values_list("name", flat=True))


def suspend(sender: Sender) -> None:
    suspended = Sender.ContractState.SUSPENDED
    senders.move_contract(sender.id, suspended, reason="test", at=NOW)


# Opening


def test_it_keeps_who_opened_it_and_for_what(opened: Consignment, clerk: Staff) -> None:
    kept = Consignment.objects.get()
    assert (kept.kind, kept.state, kept.live, kept.reference) == ("batch", "open", True, "C-1")
    assert (kept.made_by_staff, kept.made_by_key, kept.opened_at) == (clerk, None, NOW)
    assert kept.topic is not None
    assert (kept.sender_id, kept.topic.slug) == (clerk.sender_id, "news")
    assert kept.submitted_at is kept.completed_at is None


def test_a_suspended_sender_opens_none(clerk: Staff) -> None:
    suspend(clerk.sender)
    clerk.sender.refresh_from_db()
    with pytest.raises(SenderSuspended):
        commands.open_consignment(
            Origin(clerk.sender, live=True, staff=clerk), reference="", at=NOW
        )
    assert not Consignment.objects.exists()


# Documents


def test_a_document_is_kept_with_its_size_until_it_is_examined(opened: Consignment) -> None:
    put(opened)
    kept = ConsignmentDocument.objects.get()
    assert (kept.name, kept.size) == ("a.pdf", len(PDF))
    assert (kept.code, kept.pages, kept.examined_at) == (None, None, None)
    assert delivery.transit_of(opened).fetch(kept.object_id, bytes(kept.secret or b"")) == PDF


def test_a_document_has_as_many_bytes_as_are_allowed(
    opened: Consignment, settings: Settings
) -> None:
    settings.LARGEST_DOCUMENT = 9
    put(opened, content=b"x" * 9)
    with pytest.raises(DocumentTooLarge):
        put(opened, content=b"x" * 10)
    assert ConsignmentDocument.objects.get().size == 9


def test_bytes_that_are_not_those_that_were_sent_are_not_taken(opened: Consignment) -> None:
    put(opened, sha256=hashlib.sha256(PDF).digest())
    for wrong in (hashlib.sha256(b"").digest(), b""):
        with pytest.raises(DigestMismatch):
            put(opened, content=b"other", sha256=wrong)
    assert ConsignmentDocument.objects.get().size == len(PDF)


def test_one_name_is_one_document_however_it_is_written(
    opened: Consignment, send_letter: SendLetter
) -> None:
    put(opened, DECOMPOSED, b"first")
    put(opened, f" {COMPOSED} ", b"second one")
    put(opened, "b.pdf")
    assert names(opened) == ["b.pdf", COMPOSED]
    assert opened.documents.get(name=COMPOSED).size == len(b"second one")
    assert StoredObject.objects.count() == 2
    with pytest.raises(FieldsInvalid):
        put(opened, " ")
    assert send_letter([HandedDocument(DECOMPOSED, PDF)]).code == ""


def test_one_document_is_removed_and_one_that_is_not_there_is_no_fault(
    opened: Consignment, power: Sender
) -> None:
    for name in ("a.pdf", "b.pdf"):
        put(opened, name)
    for _ in range(2):
        commands.remove_document(opened.sender_id, opened.id, "a.pdf")
        assert names(opened) == ["b.pdf"]
    assert StoredObject.objects.count() == 1
    with pytest.raises(ConsignmentNotFound):
        commands.remove_document(power.id, opened.id, "b.pdf")


# Items, its name, and the end of handing in


def test_a_second_file_replaces_the_first_with_its_columns(opened: Consignment) -> None:
    rows = "仮名ID,整理番号\na,1\nb,2\n".encode()
    kept = commands.put_items(opened.sender_id, opened.id, rows, form=CSV, at=NOW)
    assert (kept.items_format, kept.columns) == ("csv", ["仮名ID", "整理番号"])
    assert (kept.submitted, kept.pending) == (2, 2)
    commands.put_items(opened.sender_id, opened.id, b'{"a": 1}', form=NDJSON, at=NOW)
    kept = Consignment.objects.get()
    assert (kept.items_format, kept.columns) == ("ndjson", [])
    assert (kept.submitted, kept.pending) == (1, 1)
    assert StoredObject.objects.count() == 1


def test_its_name_changes_while_it_is_open(
    opened: Consignment, hand_in: HandIn, item: Fields, power: Sender
) -> None:
    commands.change_reference(opened.sender_id, opened.id, "C-2")
    assert Consignment.objects.get().reference == "C-2"
    with pytest.raises(ConsignmentNotFound):
        commands.change_reference(power.id, opened.id, "C-3")
    closed = hand_in([item])
    with pytest.raises(ConsignmentClosed):
        commands.change_reference(closed.sender_id, closed.id, "C-3")
    with pytest.raises(ConsignmentClosed):
        commands.remove_document(closed.sender_id, closed.id, "a.pdf")


def test_what_cannot_be_submitted_stays_open(opened: Consignment, item: Fields) -> None:
    with pytest.raises(ItemsMissing):
        commands.submit(opened.sender_id, opened.id, at=LATER)
    lines = json.dumps(item).encode()
    commands.put_items(opened.sender_id, opened.id, lines, form=NDJSON, at=NOW)
    suspend(opened.sender)
    with pytest.raises(SenderSuspended):
        commands.submit(opened.sender_id, opened.id, at=LATER)
    assert Consignment.objects.get().state == "open"
    assert not Line.objects.filter(event="ConsignmentSubmitted").exists()


@pytest.mark.parametrize("live", [True, False])
def test_submitting_is_proved_and_asks_for_its_examination(
    hand_in: HandIn, item: Fields, live: bool
) -> None:
    ProcrastinateJob.objects.all().delete()
    submitted = hand_in([item], live=live)
    kept = Consignment.objects.get()
    assert (kept.state, kept.submitted_at) == ("submitted", NOW)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.queue_name) == ("intake.examine_consignment", "delivery")
    assert job.args == {"consignment_id": str(submitted.id)}
    lines = Line.objects.filter(subject_id=submitted.id)
    assert [line.event for line in lines] == ["ConsignmentSubmitted"] * live


# What its evidence commits to: SHA-256 over a salt of the fact's own and the value


def commits_to(line: Line, **facts: str) -> bool:
    def committed(fact: str, value: str) -> str:
        salt = hmac.digest(bytes(line.salt), fact.encode(), "sha256")
        return hashlib.sha256(salt + value.encode()).hexdigest()

    wanted = {fact: committed(fact, value) for fact, value in facts.items()}
    return bool(json.loads(line.entry)["facts"] == wanted)


def test_its_lines_commit_to_who_sent_how_many(hand_in: HandIn, item: Fields) -> None:
    done = work_off(hand_in([item, {**item, "recipient": "nobody"}]))
    lines = {line.event: line for line in Line.objects.filter(subject_id=done.id)}
    sender, counts = str(done.sender_id), '{"in_mailbox":1,"refused":1}'
    assert commits_to(lines["ConsignmentSubmitted"], sender=sender, items="2")
    for event in ("ConsignmentCompleted", "TransitKeyDestroyed"):
        assert commits_to(lines[event], sender=sender, counts=counts)
        assert (lines[event].sender_id, lines[event].at) == (done.sender_id, LATER)


def test_an_items_line_commits_to_what_was_asked_and_lies_where_its_letter_lies(
    hand_in: HandIn, item: Fields, hanako: Member
) -> None:
    done = work_off(hand_in([item, {**item, "recipient": "nobody", "reference": "R-2"}]))
    accepted, refused = Item.objects.order_by("position")
    facts = {"sender": str(done.sender_id)}
    line = Line.objects.get(subject_id=accepted.letter_id, event="SubmissionAcceptance")
    assert commits_to(line, recipient=str(item["recipient"]), reference="R-1", **facts)
    assert (line.mailbox_id, json.loads(line.entry)["reasons"]) == (hanako.mailbox_id, [])
    line = Line.objects.get(subject_id=refused.letter_id, event="SubmissionRejection")
    assert commits_to(line, recipient="nobody", reference="R-2", **facts)
    assert line.mailbox_id == refused.letter_id  # it reached nobody's
    assert json.loads(line.entry)["reasons"] == ["recipient_unknown"]


def test_a_test_leaves_no_evidence_and_no_letter(hand_in: HandIn, item: Fields) -> None:
    before = Line.objects.count()
    done = work_off(hand_in([item, {**item, "recipient": "TEST-DELIVERED"}], live=False))
    assert (done.state, done.in_mailbox, done.refused) == ("completed", 2, 0)
    assert Line.objects.count() == before
    assert {one.decided_at for one in Item.objects.all()} == {LATER}


# Looking at its documents


def test_a_second_examination_does_only_what_is_left(hand_in: HandIn, item: Fields) -> None:
    two = {"a.pdf": PDF, "b.pdf": b"no paper"}
    submitted = hand_in([{**item, "documents": ["a.pdf"]}], two)
    seen = {"code": "document_infected", "detail": "as it was found", "examined_at": NOW}
    submitted.documents.filter(name="a.pdf").update(**seen)
    delivery.examine_consignment(submitted.id, at=LATER)
    jobs = ProcrastinateJob.objects.filter(task_name="intake.deliver_chunk")
    for _ in range(2):
        assert [(job.queue_name, job.args) for job in jobs.all()] == [
            ("delivery", {"consignment_id": str(submitted.id), "number": 1})
        ]
        found = submitted.documents.order_by("name").values_list("code", "pages", "examined_at")
        assert list(found) == [("document_infected", None, NOW), ("document_invalid", 0, LATER)]
        delivery.examine_consignment(submitted.id, at=LATER + timedelta(hours=1))


# What waits is bound to its place


def test_what_waits_opens_as_itself_alone(opened: Consignment, clerk: Staff) -> None:
    transit = delivery.transit_of(opened)
    (first, secret), (second, _) = (transit.put_away(text, at=NOW) for text in (b"a", b"b"))
    other = commands.open_consignment(Origin(clerk.sender, True, staff=clerk), reference="", at=NOW)
    with pytest.raises(SealBroken):
        transit.fetch(second, secret)
    with pytest.raises(SealBroken):
        delivery.transit_of(other).fetch(first, secret)


def test_what_was_changed_on_the_disk_is_told_as_damaged(
    opened: Consignment, settings: Settings
) -> None:
    transit = delivery.transit_of(opened)
    object_id, secret = transit.put_away(b"a letter", at=NOW)
    (file,) = [path for path in settings.STORE_FOLDER.rglob("*") if path.is_file()]
    file.write_bytes(file.read_bytes()[:-1] + b"\x00")
    with pytest.raises(ContentDamaged):
        transit.fetch(object_id, secret)
