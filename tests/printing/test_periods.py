"""When print shop and carrier are asked again, and how far their clocks may be off."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from mypost.common.failpoints import FailpointReached
from mypost.printing import outside as ways_outside
from mypost.printing.commands import compose_due, hand_to_printer, take_events
from mypost.printing.models import Feed, MailPiece, PartyEvent, StrayEvent
from mypost.proofing.models import PasscodeRequest
from sandbox.paper.troubles import Trouble
from tests.printing.conftest import TODAY, Outside, piece_of
from tests.printing.test_take_events import event, tell

pytestmark = pytest.mark.django_db

A_MOMENT = timedelta(microseconds=1)


@pytest.fixture
def piece(outside: Outside, asked: PasscodeRequest) -> MailPiece:
    """Hanako's letter, composed today."""
    compose_due(at=TODAY)
    return piece_of(asked)


def test_a_piece_that_a_worker_died_over_is_anothers_after_a_minute(
    outside: Outside, piece: MailPiece, settings: Settings
) -> None:
    settings.FAILPOINT = "print.handed:raise"
    with pytest.raises(FailpointReached):
        hand_to_printer(at=TODAY)
    settings.FAILPOINT = ""
    assert hand_to_printer(at=TODAY + timedelta(seconds=60) - A_MOMENT) == 0
    assert hand_to_printer(at=TODAY + timedelta(seconds=60)) == 1


def test_a_party_that_is_away_is_asked_again_after_pauses_that_grow_and_then_stay(
    outside: Outside, piece: MailPiece
) -> None:
    outside.trouble(Trouble.REFUSE)
    at, pauses = TODAY, []
    for failures in range(1, 7):
        take_events(at=at)
        assert set(Feed.objects.values_list("failures", flat=True)) == {failures}
        (due_at,) = set(Feed.objects.values_list("due_at", flat=True))
        take_events(at=due_at - A_MOMENT)  # too early: nobody is asked
        assert set(Feed.objects.values_list("failures", flat=True)) == {failures}
        pauses.append((due_at - at).total_seconds())
        at = due_at
    assert pauses == [5, 30, 120, 600, 600, 600]


HOURS = timedelta(hours=1)


@pytest.mark.parametrize(
    ("happened", "code"),
    [
        # `tell` asks an hour after TODAY; a clock may be an hour fast
        (2 * HOURS, ""),
        (2 * HOURS + A_MOMENT, "event_malformed"),
        # a piece may have been printed before we know of it, by a clock that is a day slow
        (-24 * HOURS, ""),
        (-24 * HOURS - A_MOMENT, "piece_unknown"),
    ],
    ids=["an hour fast", "faster", "a day slow", "slower"],
)
def test_a_partys_clock_may_be_an_hour_fast_and_a_day_slow(
    piece: MailPiece, settings: Settings, happened: timedelta, code: str
) -> None:
    told = event(piece.number, "notice_left", at=(TODAY + happened).isoformat())
    tell(settings, [told])
    assert list(StrayEvent.objects.values_list("code", flat=True)) == ([code] if code else [])
    assert PartyEvent.objects.exists() is not bool(code)


def test_a_party_has_ten_seconds_for_its_whole_answer() -> None:
    """Said, not waited for: tests/printing/test_take_events.py tries it with one."""
    assert ways_outside.PATIENCE == 10
