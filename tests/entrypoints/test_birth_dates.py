"""Dates of birth as people write and read them."""

from contextlib import suppress
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from mypost.entrypoints.birth_dates import (
    BirthDate,
    certified_in_words,
    declared_in_words,
    read_iso,
    read_parts,
)

IN_WORDS = [
    # declared, Japanese, English
    ("1980-02-17", "1980年2月17日（昭和55年）", "17 Feb 1980 (Shōwa 55)"),
    ("2019-04-30", "2019年4月30日（平成31年）", "30 Apr 2019 (Heisei 31)"),
    ("2019-05-01", "2019年5月1日（令和元年）", "1 May 2019 (Reiwa 1)"),
    ("1926-12-25", "1926年12月25日（昭和元年）", "25 Dec 1926 (Shōwa 1)"),
    ("1980-02", "1980年2月（昭和55年）、日は不明", "February 1980 (Shōwa 55), day unknown"),
    ("1912-07", "1912年7月（明治45年・大正元年）、日は不明",
     "July 1912 (Meiji 45 or Taishō 1), day unknown"),
    ("1989", "1989年（昭和64年・平成元年）、月日は不明",
     "1989 (Shōwa 64 or Heisei 1), month and day unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "japanese", "english"), IN_WORDS, ids=[w[0] for w in IN_WORDS])
def test_it_is_shown_with_its_era_and_what_is_unknown(
    text: str, japanese: str, english: str
) -> None:
    with translation.override("ja"):
        assert declared_in_words(text) == japanese
    with translation.override("en"):
        assert declared_in_words(text) == english


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("319800217", "1980年2月17日（昭和55年）"),
        ("319800200", "1980年2月（昭和55年）、日は不明"),
        ("319800000", "1980年（昭和55年）、月日は不明"),
        ("400000000", "不明"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_certified_date_is_shown_as_far_as_it_is_known(text: str, words: str) -> None:
    with translation.override("ja"):
        assert certified_in_words(text) == words


@given(st.dates(min_value=date(1868, 1, 25), max_value=date(2100, 1, 1)))
def test_what_is_written_is_read_again(born: date) -> None:
    read = read_parts(str(born.year), str(born.month), str(born.day))
    assert read.first == born
    assert read_iso(str(read)) == read


# The first day of each era (元号), the newest first, and how people write it.
ERAS = [
    (date(2019, 5, 1), ["令和", "令", "R"]),
    (date(1989, 1, 8), ["平成", "平", "H"]),
    (date(1926, 12, 25), ["昭和", "昭", "S"]),
    (date(1912, 7, 30), ["大正", "大", "T"]),
    (date(1868, 1, 25), ["明治", "明", "M"]),
]


@given(st.dates(min_value=date(1868, 1, 25), max_value=date(2100, 1, 1)), st.data())
def test_a_year_of_an_era_is_its_year(born: date, data: st.DataObject) -> None:
    begins, letters = next(era for era in ERAS if born >= era[0])
    letter = data.draw(st.sampled_from(letters))
    year = f"{letter}{born.year - begins.year + 1}"
    assert read_parts(year, str(born.month), str(born.day)).first == born


@given(st.text(max_size=12), st.text(max_size=4), st.text(max_size=4))
def test_no_text_breaks_it(year: str, month: str, day: str) -> None:
    with suppress(ValueError):
        assert isinstance(read_parts(year, month, day), BirthDate)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [("1980", "", "5"), ("1980", "13", "1"), ("1981", "2", "29"), ("80", "1", "1"), ("", "", "")],
    ids=["no-month", "month-13", "no-leap-year", "short-year", "nothing"],
)
def test_what_no_calendar_has_is_refused(year: str, month: str, day: str) -> None:
    with pytest.raises(ValueError):
        read_parts(year, month, day)
