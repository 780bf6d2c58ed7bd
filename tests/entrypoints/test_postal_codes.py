"""Postal codes and the towns that they stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypost.entrypoints.postal_codes import seven_digits, towns_of


@pytest.mark.parametrize(
    ("code", "addresses"),
    [
        ("9650042", ["福島県会津若松市大町"]),
        ("0600000", ["北海道札幌市中央区"]),
        ("4980000", ["愛知県弥富市", "三重県桑名郡木曽岬町"]),
        ("0608621", ["北海道札幌市中央区北一条西6丁目1-2アーバンネット札幌ビル2F"]),
        ("0295503", ["岩手県和賀郡西和賀町"]),
        ("0000000", []),
    ],
    ids=["town", "city-alone", "two-prefectures", "office", "several-names-in-one", "none"],
)
def test_a_code_stands_for_its_towns(code: str, addresses: list[str]) -> None:
    assert [town.address for town in towns_of(code)] == addresses


def test_a_code_of_many_towns_names_each_once() -> None:
    towns = towns_of("4520961")
    assert len(towns) > 50
    assert len(set(towns)) == len(towns)


@given(st.text(max_size=30))
def test_what_is_read_is_seven_digits_or_nothing(typed: str) -> None:
    code = seven_digits(typed)
    assert code is None or (len(code) == 7 and code.isascii() and code.isdigit())
