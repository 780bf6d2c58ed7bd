"""Taking lines into the log: once, in order, by one writer at a time, whole or not at all."""

import re
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from mypost.common.failpoints import FailpointReached
from mypost.evidence import commands as evidence
from mypost.evidence import queries
from mypost.evidence.commands import integrate
from mypost.evidence.errors import LogKeyAbsent
from mypost.evidence.models import Checkpoint, Line, Tile
from mypost.kernel.evidence_entry import Event
from tests.conftest import LATER, NOW
from tests.evidence.acts import MAILBOX, Neighbours, act, assert_log_is_whole, grow_log, record
from tests.races import Race


@pytest.mark.django_db
def test_it_takes_in_every_line_and_signs_the_head() -> None:
    record(300)
    assert integrate(at=NOW) == 300
    assert_log_is_whole(300)


@pytest.mark.django_db
def test_a_second_run_adds_nothing() -> None:
    grow_log(3)
    assert integrate(at=LATER) == 0
    assert Checkpoint.objects.count() == 1
    assert_log_is_whole(3)


@pytest.mark.django_db
def test_an_empty_log_gets_no_checkpoint() -> None:
    assert integrate(at=NOW) == 0
    assert not Checkpoint.objects.exists()


@pytest.mark.django_db
def test_each_growth_leaves_its_own_checkpoint() -> None:
    for size in (1, 255, 1, 600):
        grow_log(size)
    assert list(Checkpoint.objects.values_list("size", flat=True).order_by("size")) == [
        1, 256, 257, 857,
    ]  # fmt: skip
    assert_log_is_whole(857)


@pytest.mark.django_db
def test_what_is_too_much_for_once_is_taken_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST_LEAVES", 200)
    record(300)
    assert [integrate(at=NOW) for _ in range(3)] == [200, 100, 0]
    assert_log_is_whole(300)


@pytest.mark.django_db
def test_at_once_it_reads_fifty_thousand_lines_and_no_more() -> None:
    record(1)
    with CaptureQueriesContext(connection) as asked:
        integrate(at=NOW)
    limits = [re.findall(r"LIMIT (\d+)", query["sql"]) for query in asked]
    assert ["50000"] in limits  # they are in memory together, a few hundred bytes each


@pytest.mark.django_db
def test_lines_of_one_letter_stand_in_the_order_of_its_acts() -> None:
    letter = UUID(int=0x1E77E5)
    story = [Event.CONTENT_CONSIGNMENT, Event.CONSIGNMENT_NOTIFICATION, Event.CONTENT_HANDOVER]
    for number, event in enumerate(story):
        evidence.record(event, subject_id=letter, mailbox_id=MAILBOX, at=NOW)
        record(number * 100)
        integrate(at=NOW)
    told = [(line.event, line.leaf_index) for line in queries.lines_of(MAILBOX, letter)]
    assert [event for event, _ in told] == [event.short_name for event in story]
    places = [place for _, place in told if place is not None]
    assert places == sorted(places)
    assert len(places) == 3


@pytest.mark.django_db
def test_without_the_key_nothing_changes(settings: Settings) -> None:
    record(3)
    settings.LOG_KEY_FILE = None
    with pytest.raises(LogKeyAbsent):
        integrate(at=NOW)
    assert queries.backlog().lines == 3
    assert not Tile.objects.exists()


@pytest.mark.django_db
def test_a_failure_before_the_checkpoint_leaves_the_log_as_it_was(settings: Settings) -> None:
    grow_log(200)
    record(100)
    settings.FAILPOINT = "evidence.before_checkpoint:raise"
    with pytest.raises(FailpointReached):
        integrate(at=NOW)
    assert_log_is_whole(200)
    settings.FAILPOINT = ""
    assert integrate(at=LATER) == 100
    assert_log_is_whole(300)


@pytest.mark.django_db(transaction=True)
def test_while_one_writes_the_other_leaves_the_log_alone() -> None:
    record(3)
    with Race() as race:
        first, second = (race.begin(lambda: integrate(at=NOW)) for _ in range(2))
        assert not second.waits, "the second writer waits for the first"
        assert (race.commit(second), race.commit(first)) == (0, 3)
    assert_log_is_whole(3)


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_leave_one_log() -> None:
    def write() -> int:
        return sum(integrate(at=NOW) for _ in range(30))

    def act_all_the_time() -> None:
        for _ in range(30):
            record(20)

    with Neighbours(3) as neighbours:
        recording = neighbours.start(act_all_the_time)
        writers = [neighbours.start(write) for _ in range(2)]
        recording.result(timeout=60)
        taken_in = sum(writer.result(timeout=60) for writer in writers)
    assert taken_in + integrate(at=NOW) == 600
    assert_log_is_whole(600)


@pytest.mark.django_db
def test_the_backlog_tells_what_waits_and_since_when() -> None:
    assert queries.backlog() == queries.Backlog(lines=0, since=None)
    grow_log(2)
    evidence.record_many([act(0)])
    waiting = queries.backlog()
    assert waiting.lines == 1
    assert waiting.since == Line.objects.get(leaf_index=None).recorded_at
