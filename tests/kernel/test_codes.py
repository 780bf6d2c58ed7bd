import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypost.kernel.codes import contains_my_number, is_corporate_number, is_municipality_code

MY_NUMBER = "621498320257"  # made up, with a right check digit
GROUPED = f"{MY_NUMBER[:4]} {MY_NUMBER[4:8]} {MY_NUMBER[8:]}"
FULL_WIDTH = MY_NUMBER.translate({ord("0") + n: ord("０") + n for n in range(10)})


@pytest.mark.parametrize(
    "code",
    ["011002", "072028", "131016", "010006", "131130", "271004", "470007"],
    ids=["札幌市", "会津若松市", "千代田区", "北海道", "渋谷区", "大阪市", "沖縄県"],
)
def test_codes_of_real_places_are_accepted(code: str) -> None:
    assert is_municipality_code(code)


@pytest.mark.parametrize(
    "text",
    ["011003", "01100", "0110020", "", "01100a", "０１１００２", "000001", "990001", "481017"],
    ids=[
        "wrong check digit",
        "five digits",
        "seven digits",
        "empty",
        "letter",
        "full width",
        "prefecture 00",
        "prefecture 99",
        "prefecture 48",
    ],
)
def test_other_text_is_no_municipality_code(text: str) -> None:
    assert not is_municipality_code(text)


def test_each_municipality_has_one_check_digit() -> None:
    for code in range(1_000, 48_000, 7):
        accepted = [is_municipality_code(f"{code:05}{digit}") for digit in range(10)]
        assert accepted.count(True) == 1


def test_the_number_of_the_post_office_is_a_corporate_number() -> None:
    assert is_corporate_number("1010001112577")


@pytest.mark.parametrize(
    "text",
    [
        "2010001112577",
        "101000111257",
        "10100011125770",
        "1-0100-0111-2577",
        "",
        "１０１０００１１１２５７７",
    ],
)
def test_other_text_is_no_corporate_number(text: str) -> None:
    assert not is_corporate_number(text)


@pytest.mark.parametrize(
    "text",
    [
        MY_NUMBER,
        f"個人番号は{MY_NUMBER}です。",
        f"No.{MY_NUMBER}",
        FULL_WIDTH,
        GROUPED,
        GROUPED.replace(" ", "　"),
        GROUPED.replace(" ", "-"),
        GROUPED.replace(" ", "－"),
        GROUPED.replace(" ", "‐"),
        GROUPED.replace(" ", "\n"),
        GROUPED.replace(" ", " \r\n"),
        f"平成30年 {GROUPED} 2026年",
        f"1234 5678 {GROUPED}",
        f"000000000000 {MY_NUMBER}",
        f"{FULL_WIDTH[:4]}－{FULL_WIDTH[4:8]}－{FULL_WIDTH[8:]}",
        f"mixed {FULL_WIDTH[:6]}{MY_NUMBER[6:]}",
    ],
)
def test_a_my_number_is_found(text: str) -> None:
    assert contains_my_number(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "nothing there"),
        ("621498320258", "wrong check digit"),
        (f"1{MY_NUMBER}", "thirteen digits: a corporate number"),
        (f"{MY_NUMBER}1", "thirteen digits"),
        (f"１{MY_NUMBER}", "thirteen digits, one of them full width"),
        (f"{GROUPED.replace(' ', '-')}-1234", "a payment card"),
        (f"1234-{GROUPED.replace(' ', '-')}", "a payment card"),
        (f"{GROUPED.replace(' ', '-')}1", "a longer number"),
        ("62149832 0257", "a date and a time"),
        ("62149-83202-57", "other groups"),
        ("6214/9832/0257", "other separators"),
        ("6214    9832    0257", "columns of a table"),
        ("電話 0120-123-456", "a telephone number"),
    ],
)
def test_other_numbers_are_left_alone(text: str, reason: str) -> None:
    assert not contains_my_number(text), reason


@given(before=st.text(), after=st.text())
def test_words_around_a_my_number_do_not_hide_it(before: str, after: str) -> None:
    assert contains_my_number(f"{before}、{MY_NUMBER}。{after}")


@pytest.mark.parametrize(
    "unit", ["1", "1234 ", "1234-", " ", "12 ", "本日は1234晴天。", "６２１４\n"]
)
def test_a_hundred_thousand_characters_take_no_time(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    started = time.process_time()
    contains_my_number(text)
    assert time.process_time() - started < 0.5
