"""Each work begins at its time, once, and not before: by a clock that is turned by hand."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from mypost.entrypoints.worker import watch
from mypost.entrypoints.worker.watch import Work
from tests.conftest import NOW


class Clock:
    """It stands still until somebody turns it."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at

    def turn(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def begun(works: list[Work], begins: list[str], clock: Clock) -> list[str]:
    """Let one beat pass and return what began in it."""
    begins.clear()
    asyncio.run(watch.beat(works, clock=clock))
    return list(begins)


def noting(begins: list[str], name: str) -> Callable[..., None]:
    def command(*, at: datetime) -> None:
        begins.append(name)

    return command


STEPS = [  # seconds after the start, and what begins then
    (0, ["second", "other second", "hour"]),
    (0, []),
    (0.999, []),
    (1, ["second"]),
    (1.5, []),
    (1.999, []),
    (2, ["second", "other second"]),
    (3599, ["second", "other second"]),
    (3599.999, []),
    (3600, ["second", "hour"]),
    (7199, ["second", "other second"]),
    (7200, ["second", "hour"]),
    (86_400, ["second", "other second", "hour"]),  # after a long sleep each begins once
    (86_400.5, []),
]


def test_each_begins_at_its_time_once_and_again_after_its_period(clock: Clock) -> None:
    begins: list[str] = []
    works = [
        Work(noting(begins, name), timedelta(seconds=every))
        for name, every in {"second": 1, "other second": 2, "hour": 3600}.items()
    ]
    seen = []
    for seconds, _expected in STEPS:
        clock.at = NOW + timedelta(seconds=seconds)
        seen.append((seconds, begun(works, begins, clock)))
    assert seen == STEPS


def test_a_command_is_told_the_time_it_begins_also_after_a_long_neighbour(clock: Clock) -> None:
    told = []

    def slow(*, at: datetime) -> None:
        told.append(at)
        clock.turn(minutes=10)

    async def next_one(*, at: datetime) -> None:
        told.append(at)

    works = [Work(slow, timedelta(hours=1)), Work(next_one, timedelta(hours=1))]
    asyncio.run(watch.beat(works, clock=clock))
    assert told == [NOW, NOW + timedelta(minutes=10)]


def test_one_that_fails_keeps_nobody_waiting_and_is_tried_again_after_its_period(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    begins: list[str] = []

    def failing(*, at: datetime) -> None:
        begins.append("failing")
        raise OSError("the disk says a secret")

    works = [Work(failing, timedelta(hours=1)), Work(noting(begins, "next"), timedelta(hours=1))]
    assert begun(works, begins, clock) == ["failing", "next"]
    assert "OSError" in caplog.text
    assert "secret" not in caplog.text
    clock.turn(minutes=59)
    assert begun(works, begins, clock) == []
    clock.turn(minutes=1)
    assert begun(works, begins, clock) == ["failing", "next"]


def test_a_clock_set_back_does_not_stop_the_watch_until_it_has_caught_up(clock: Clock) -> None:
    begins: list[str] = []
    works = [Work(noting(begins, "second"), timedelta(seconds=1))]
    begun(works, begins, clock)
    clock.turn(hours=-1)
    assert begun(works, begins, clock) == ["second"]
    assert begun(works, begins, clock) == []
    clock.turn(seconds=1)
    assert begun(works, begins, clock) == ["second"]


def test_a_watch_goes_on_beat_after_beat(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr(watch, "BEAT", 0)
    begins: list[str] = []

    class Enough(Exception):
        pass

    def turning() -> datetime:
        clock.turn(seconds=1)
        if clock.at > NOW + timedelta(seconds=5):
            raise Enough
        return clock.at

    works = [Work(noting(begins, "second"), timedelta(seconds=1))]
    with pytest.raises(Enough):
        asyncio.run(watch.keep(works, clock=turning))
    assert begins == ["second"] * 5
