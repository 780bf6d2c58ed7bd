"""EYYYYMMDD: what is not known stays unknown, what cannot be is refused."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypost.kernel.errors import BirthDateMalformed
from mypost.kernel.jpki.birth_date import read_birth_date

ERA_OF = ((date(2019, 5, 1), "5"), (date(1989, 1, 8), "4"), (date(1926, 12, 25), "3"),
          (date(1912, 7, 30), "2"), (date(1868, 1, 25), "1"))  # fmt: skip


def era_of(day: date) -> str:
    return next(era for begins, era in ERA_OF if day >= begins)


@given(day=st.dates(date(1868, 1, 25), date(2099, 12, 31)), told=st.booleans())
def test_every_day_of_an_era_comes_back_and_keeps_its_digits(day: date, told: bool) -> None:
    text = f"{era_of(day) if told else '0'}{day:%Y%m%d}"
    birth = read_birth_date(text)
    assert (birth.as_date, birth.original) == (day, text)


@given(
    day=st.dates(date(1868, 1, 25), date(2099, 12, 31)), without=st.sampled_from(["y", "m", "d"])
)
def test_a_date_without_a_part_is_no_date_at_all(day: date, without: str) -> None:
    year = "0000" if without == "y" else f"{day:%Y}"
    month = "00" if without == "m" else f"{day:%m}"
    digits = "00" if without == "d" else f"{day:%d}"
    birth = read_birth_date(f"{era_of(day)}{year}{month}{digits}")
    assert birth.as_date is None
    assert None in (birth.year, birth.month, birth.day)


def test_what_is_known_of_a_partial_date_is_told() -> None:
    birth = read_birth_date("319450000")
    assert (birth.era, birth.year, birth.month, birth.day) == ("3", 1945, None, None)


def test_a_date_of_which_only_the_era_is_known_is_read() -> None:
    birth = read_birth_date("400000000")
    assert (birth.era, birth.year, birth.month, birth.day) == ("4", None, None, None)


@pytest.mark.parametrize("text", ["219261225", "319261225"], ids=["大正", "昭和"])
def test_the_day_on_which_one_era_became_another_belongs_to_both(text: str) -> None:
    assert read_birth_date(text).as_date == date(1926, 12, 25)


@pytest.mark.parametrize(
    "text",
    [
        "", "31980021", "3198002170", "３19800217", "319800217\n", "3-1980021", "619800217",
        "319801317", "319800230", "400000230", "419891301", "319890108", "419890107", "520190430",
        "119121231", "320050000", "000001332",
    ],
    ids=[
        "empty", "a digit short", "a digit long", "full width", "line break", "hyphen", "era 6",
        "month 13", "30 February", "30 February of an unknown year", "Heisei month 13",
        "Showa after its end", "Heisei before its beginning", "Reiwa before its beginning",
        "Meiji after its end", "Showa of an unknown day of 2005",
        "month 13 of an unknown year",
    ],
)  # fmt: skip
def test_it_refuses_what_no_register_can_hold(text: str) -> None:
    with pytest.raises(BirthDateMalformed):
        read_birth_date(text)


@given(st.text(max_size=12))
def test_any_other_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    with suppress(BirthDateMalformed):
        assert read_birth_date(text).original == text
