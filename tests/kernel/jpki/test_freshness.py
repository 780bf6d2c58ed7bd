"""When an authority's answer is true now. Source: RFC 5280 §5.1.2.4, RFC 6960 §4.2.2.1."""

from datetime import datetime, timedelta

import pytest

from mypost.kernel.jpki.revocation import is_fresh
from tests.conftest import NOW

A_MOMENT = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
FIVE_MINUTES = timedelta(minutes=5)


@pytest.mark.parametrize(
    ("said_at", "next_at", "fresh"),
    [
        (NOW, None, True),
        (NOW + FIVE_MINUTES, None, True),
        (NOW + FIVE_MINUTES + A_MOMENT, None, False),
        (NOW - 24 * HOUR, None, True),
        (NOW - 24 * HOUR - A_MOMENT, None, False),
        (NOW - HOUR, NOW + A_MOMENT, True),
        (NOW - HOUR, NOW, False),
        (NOW - 25 * HOUR, NOW + HOUR, False),
    ],
    ids=[
        "now", "five minutes fast", "faster", "a day old", "older", "until now", "over",
        "a day old, whatever it says of its end",
    ],
)  # fmt: skip
def test_an_answer_is_believed_for_a_day_and_from_a_clock_five_minutes_fast(
    said_at: datetime, next_at: datetime | None, fresh: bool
) -> None:
    assert is_fresh(said_at, next_at, NOW) is fresh
