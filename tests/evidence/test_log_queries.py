"""What is asked of the log beside the feed: checkpoints, tiles, entries, the latest of an event."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from pytest_django import Settings

from mypost.evidence import commands as evidence
from mypost.evidence import queries
from mypost.evidence.commands import Act, integrate
from mypost.evidence.errors import ReceiptNotReady
from mypost.evidence.models import Line
from mypost.kernel.evidence_entry import Event, read_entry
from tests.conftest import LATER, NOW
from tests.evidence.acts import MAILBOX, act, grow_log, record

CITY, POWER, LETTER = UUID(int=0xC17), UUID(int=0xE1EC), UUID(int=5)
pytestmark = pytest.mark.django_db


def test_a_line_says_what_happened_when_to_what_and_why(settings: Settings) -> None:
    settings.LOG_NAME = "log.example.jp"
    before = timezone.now()
    evidence.record(
        Event.SUBMISSION_REJECTION, subject_id=LETTER, at=NOW, mailbox_id=MAILBOX, sender_id=CITY,
        reasons=["topic_declined", "and_more"],
    )  # fmt: skip
    line = Line.objects.get()
    assert (line.event, line.subject_id, line.mailbox_id) == (
        "SubmissionRejection", LETTER, MAILBOX,
    )  # fmt: skip
    assert (line.sender_id, line.at, line.leaf_index) == (CITY, NOW, None)
    assert before - timedelta(minutes=1) < line.recorded_at <= timezone.now()
    entry = read_entry(line.entry.encode())
    assert (entry.issuer, entry.id) == ("log.example.jp", str(line.id))
    assert (entry.subject, entry.time) == (str(LETTER), "2026-11-22T01:00:00.000000Z")
    assert (entry.event, entry.facts) == (Event.SUBMISSION_REJECTION.value, {})
    assert list(entry.reasons) == ["topic_declined", "and_more"]


def test_the_feed_tells_all_of_a_line_and_its_first_reason() -> None:
    acts = [
        Act(Event.CONTENT_HANDOVER, LETTER, MAILBOX, LATER, CITY),
        Act(Event.SUBMISSION_REJECTION, LETTER, MAILBOX, NOW, CITY, {}, ["first", "second"]),
    ]
    evidence.record_many(acts)
    assert integrate(at=NOW) == 2
    told = queries.feed(CITY, [one.event for one in acts], after=-1, limit=9)
    assert told == [
        queries.FeedLine(0, Event.CONTENT_HANDOVER, LETTER, MAILBOX, LATER, ""),
        queries.FeedLine(1, Event.SUBMISSION_REJECTION, LETTER, MAILBOX, NOW, "first"),
    ]


def test_the_latest_of_one_event_come_in_the_order_of_the_log() -> None:
    for number, (sender, event) in enumerate(
        [
            (CITY, Event.CONTENT_HANDOVER),
            (CITY, Event.CONTENT_CONSIGNMENT),
            (POWER, Event.CONTENT_HANDOVER),
            (CITY, Event.CONTENT_HANDOVER),
            (CITY, Event.CONTENT_HANDOVER),
        ]
    ):
        at = NOW - timedelta(minutes=number)  # the log's order is not that of the clocks
        evidence.record_many([Act(event, UUID(int=number), MAILBOX, at, sender)])
        if number == 3:
            integrate(at=NOW)
    found = queries.latest(CITY, Event.CONTENT_HANDOVER, limit=9)
    assert [(subject.int, at) for subject, at in found] == [
        (3, NOW - timedelta(minutes=3)), (0, NOW),
    ]  # fmt: skip
    assert queries.latest(CITY, Event.CONTENT_HANDOVER, limit=1) == found[:1]


def test_each_checkpoint_tells_its_size_and_when_it_was_signed() -> None:
    assert (queries.log_size(), queries.newest_checkpoint()) == (0, None)
    for size, at in ((3, NOW), (2, LATER), (4, LATER)):
        record(size)
        integrate(at=at)
    found = [(head.size, head.signed_at) for head in queries.recent_checkpoints(2)]
    assert found == [(9, LATER), (5, LATER)]
    assert len(queries.recent_checkpoints(9)) == 3
    newest = queries.newest_checkpoint()
    assert newest is not None
    assert (newest.size, queries.log_size()) == (9, 9)


def test_entries_lie_below_their_tile_as_far_as_it_is_asked() -> None:
    grow_log(258)
    entries = list(Line.objects.order_by("leaf_index").values_list("entry", flat=True))
    assert queries.entries_of_tile(0, 256) == entries[:256]
    assert queries.entries_of_tile(0, 2) == entries[:2]
    assert queries.entries_of_tile(1, 2) == entries[256:258]
    assert queries.entries_of_tile(1, 1) == entries[256:257]
    assert queries.entries_of_tile(2, 256) == []


def test_tiles_hold_the_hashes_of_their_level() -> None:
    grow_log(258)
    sizes = {place: len(queries.read_tile(*place)) for place in ((0, 0), (0, 1), (1, 0), (0, 2))}
    assert sizes == {(0, 0): 256 * 32, (0, 1): 2 * 32, (1, 0): 32, (0, 2): 0}


def test_a_story_is_one_subjects_in_one_mailbox() -> None:
    other = UUID(int=0xB0C6)
    evidence.record_many([act(0), act(1), act(0, mailbox_id=other), act(0)])
    found = queries.lines_of(MAILBOX, UUID(int=1))
    assert [(line.mailbox_id, line.subject_id.int) for line in found] == [(MAILBOX, 1)] * 2
    assert found[0].seq < found[1].seq


def test_there_is_no_receipt_of_what_is_not_in_the_log() -> None:
    grow_log(3)
    evidence.record_many([Act(Event.CONTENT_CONSIGNMENT, LETTER, MAILBOX, NOW)])
    with pytest.raises(ReceiptNotReady) as refused:
        queries.receipt(MAILBOX, LETTER, holder="sender", facts={})
    assert not refused.value.permanent  # asking again helps
    integrate(at=NOW)
    assert queries.receipt(MAILBOX, LETTER, holder="sender", facts={})["letter"] == str(LETTER)
