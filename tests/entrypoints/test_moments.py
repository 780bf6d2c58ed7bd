"""Times as people read them, in Japanese time: as short as today allows, exact for who listens."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from mypost.entrypoints.templatetags import moments

TODAY = datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))


@pytest.mark.parametrize(
    ("at", "japanese", "english"),
    [
        (TODAY, "10:00", "10:00"),
        (TODAY.replace(hour=0, minute=0), "00:00", "00:00"),
        (TODAY.replace(day=21, hour=23, minute=59), "11月21日", "21 Nov"),
        (TODAY.replace(month=1, day=1), "1月1日", "1 Jan"),
        (TODAY.replace(year=2025, month=12, day=31), "2025年12月31日", "31 Dec 2025"),
        (TODAY.replace(year=2025), "2025年11月22日", "22 Nov 2025"),
    ],
)
def test_a_short_form_says_no_more_than_today_needs(
    at: datetime, japanese: str, english: str
) -> None:
    with translation.override("ja"):
        assert moments._short(at, TODAY) == japanese
    with translation.override("en"):
        assert moments._short(at, TODAY) == english


def test_whoever_listens_hears_the_exact_second_and_not_the_short_form() -> None:
    with translation.override("en"):
        shown = moments.moment(datetime(2026, 11, 21, 15, 0, 5, tzinfo=UTC))
    assert shown.startswith('<time datetime="2026-11-22T00:00:05+09:00"')
    assert shown.count("Sun 22 Nov 2026, 00:00:05") == 2  # the title, and what is read aloud
    assert shown.count('<span aria-hidden="true">') == 1


def test_the_full_form_says_day_and_clock() -> None:
    with translation.override("en"):
        shown = moments.moment(datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC), full=True)
    assert shown == (
        '<time datetime="2026-11-22T10:02:03+09:00" title="Sun 22 Nov 2026, 10:02:03">'
        "Sun 22 Nov 2026, 10:02</time>"
    )
