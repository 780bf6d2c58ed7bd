"""A sender's event feed: every event of its own, once, in order, whoever commits when."""

from uuid import UUID

import pytest
from django.db import transaction

from mypost.evidence import commands as evidence
from mypost.evidence import queries
from mypost.evidence.commands import Act, integrate
from mypost.kernel.evidence_entry import Event
from tests.conftest import NOW
from tests.evidence.acts import MAILBOX, Neighbours, act, grow_log
from tests.races import Race

CITY, POWER = UUID(int=0xC17), UUID(int=0xE1EC)
EVENTS = [Event.CONTENT_CONSIGNMENT, Event.CONTENT_HANDOVER]


def subjects(*, after: int = -1, limit: int = 100) -> list[int]:
    """The subjects of the city's feed, as small numbers."""
    lines = queries.feed(CITY, EVENTS, after=after, limit=limit)
    return [line.subject_id.int for line in lines]


def cursor() -> int:
    """The place of the last line that a reader of the city's feed has seen."""
    return queries.feed(CITY, EVENTS, after=-1, limit=100)[-1].cursor


@pytest.mark.django_db
def test_it_tells_a_sender_its_own_events_only() -> None:
    evidence.record_many([act(0, sender_id=CITY), act(1, sender_id=POWER), act(2)])
    integrate(at=NOW)
    assert subjects() == [1]


@pytest.mark.django_db
def test_it_tells_only_the_events_that_were_asked_for() -> None:
    evidence.record(Event.AUDIT_ACCESS, subject_id=UUID(int=9), sender_id=CITY, at=NOW)
    integrate(at=NOW)
    assert subjects() == []


@pytest.mark.django_db
def test_an_event_shows_once_it_stands_in_the_log() -> None:
    evidence.record_many([act(0, sender_id=CITY)])
    assert subjects() == []
    integrate(at=NOW)
    assert subjects() == [1]


@pytest.mark.django_db
def test_a_reader_goes_on_from_any_cursor() -> None:
    for _ in range(3):
        evidence.record_many(act(number, sender_id=CITY) for number in range(4))
        grow_log_with_others()
    seen: list[int] = []
    while page := queries.feed(CITY, EVENTS, after=seen[-1] if seen else -1, limit=5):
        seen += [line.cursor for line in page]
    assert len(seen) == 12
    assert seen == sorted(set(seen))


def grow_log_with_others() -> None:
    waiting = queries.backlog().lines
    assert integrate(at=NOW) == waiting
    grow_log(3)


@pytest.mark.django_db
def test_events_of_one_letter_come_in_the_order_of_its_acts() -> None:
    letter = UUID(int=5)
    for event in EVENTS:
        evidence.record_many([Act(event, letter, MAILBOX, NOW, CITY)])
    integrate(at=NOW)
    told = queries.feed(CITY, EVENTS, after=-1, limit=10)
    assert [line.event for line in told] == EVENTS


@pytest.mark.django_db(transaction=True)
def test_a_line_that_commits_late_is_not_skipped() -> None:
    def record(number: int) -> None:
        evidence.record_many([act(number, sender_id=CITY)])

    with Race() as race:
        late = race.begin(lambda: record(0))
        with transaction.atomic():  # begins later, has a higher number, commits first
            record(1)
        integrate(at=NOW)
        assert subjects() == [2]
        seen = cursor()
        race.commit(late)
    integrate(at=NOW)
    assert subjects(after=seen) == [1]


@pytest.mark.django_db(transaction=True)
def test_a_reader_misses_nothing_while_many_write() -> None:
    def write(first: int) -> None:
        for number in range(first, first + 40):
            with transaction.atomic():
                evidence.record_many([act(number, sender_id=CITY)])

    seen: list[int] = []
    with Neighbours(3) as neighbours:
        writers = [neighbours.start(lambda n=n: write(n * 40)) for n in range(3)]  # type: ignore[misc]
        place = -1
        while not all(writer.done() for writer in writers) or queries.backlog().lines:
            integrate(at=NOW)
            page = queries.feed(CITY, EVENTS, after=place, limit=1_000)
            seen += [line.subject_id.int - 1 for line in page]
            place = page[-1].cursor if page else place
        for writer in writers:
            writer.result()
    assert sorted(seen) == list(range(120))
    for n in range(3):  # each writer's acts in its own order
        own = [number for number in seen if number // 40 == n]
        assert own == sorted(own)
