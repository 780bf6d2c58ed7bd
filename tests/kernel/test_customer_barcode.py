import random

import pytest
import zint
from hypothesis import given
from hypothesis import strategies as st

from mypost.kernel.customer_barcode import address_number, bars, is_for_many_towns

# The postal service's own examples: what follows the town, what is taken from it, and the check.
PUBLISHED = [
    ("2630023", "3丁目30-8　郵便ビル403号", "3-30-8-403", 5),
    ("0140113", "南田茂木　添60-1", "60-1", 18),
    ("1100016", "5-6-3　ABCビル10F", "5-6-3-10", 9),
    ("0600906", "4丁目　郵便センター6号館", "4-6", 9),
    ("0650006", "8丁目　郵便センター10号館", "8-10", 9),
    ("4070033", "韮崎400", "400", 10),
    ("2730102", "東3丁目-20-5　郵便・A&bコーポB604号", "3-20-5B604", 0),
    ("1980036", "十一丁目六番地一号　郵便タワー601", "11-6-1-601", 18),
    ("0270203", "第二十一地割大淵川480", "21-480", 15),
    ("5900016", "四丁六番十九号", "4-6-19", 12),
    ("0800831", "南七線　西28", "7-28", 17),
    ("3170055", "6丁目7-14　ABCビル2F", "6-7-14-2", 11),
    ("6500046", "9丁目7-6　郵便シティA棟1F1号", "9-7-6A1-1", 5),
    ("6230011", "綾部6-7　LプラザB106", "6-7LB106", 4),
    ("0640804", "29丁目1524-23　第2郵便ハウス501", "29-1524-23-2-501", 3),
    ("9100067", "3丁目80-25　J1ビル2-B", "3-80-25J1-2B", 9),
    ("1000013", "1丁目3番2号　郵便プラザ503室", "1-3-2-503", 9),
]
SYMBOLS = [
    "FTT", "FFT", "FDA", "DFA", "FAD", "FTF", "DAF", "AFD", "ADF", "TFF", "TFT",
    "DAT", "DTA", "ADT", "TDA", "ATD", "TAD", "TTF", "FFF",
]  # fmt: skip
postal_codes = st.from_regex(r"\A[0-9]{7}\Z")


def by_zint(postal_code: str, number: str) -> str:
    """The same barcode as another hand draws it."""
    symbol = zint.Symbol()
    symbol.symbology = zint.Symbology.JAPANPOST
    symbol.encode(postal_code + number)
    symbol.buffer_vector()
    drawn = sorted(symbol.vector.rectangles, key=lambda bar: bar.x)
    kinds = {(True, True): "F", (True, False): "A", (False, True): "D", (False, False): "T"}
    whole = max(bar.y + bar.height for bar in drawn)
    return "".join(kinds[bar.y == 0, bar.y + bar.height == whole] for bar in drawn)


def check_symbol(drawn: str) -> int:
    return SYMBOLS.index(drawn[62:65])


def fits(number: str) -> bool:
    return sum(2 if sign.isalpha() else 1 for sign in number) <= 13


@pytest.mark.parametrize(("postal_code", "beyond_town", "number", "check"), PUBLISHED)
def test_the_published_examples_come_out(
    postal_code: str, beyond_town: str, number: str, check: int
) -> None:
    assert address_number(beyond_town) == number
    assert check_symbol(bars(postal_code, number)) == check


@given(postal_codes, st.text("0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ", max_size=13).filter(fits))
def test_every_bar_is_where_zint_draws_it(postal_code: str, number: str) -> None:
    assert bars(postal_code, number) == by_zint(postal_code, number)


def test_a_check_symbol_of_zero_is_drawn_like_any_other() -> None:
    chance = random.Random(76)
    zeros = 0
    for _ in range(400):
        number = "".join(chance.choices("0123456789-", k=chance.randint(0, 13)))
        drawn = bars("9650042", number)
        assert drawn == by_zint("9650042", number)
        zeros += check_symbol(drawn) == 0
    assert zeros > 5


@given(postal_codes, st.text())
def test_whatever_an_address_says_becomes_a_whole_barcode(postal_code: str, text: str) -> None:
    drawn = bars(postal_code, address_number(text))
    assert len(drawn) == 67  # start, 21 times three, stop
    assert drawn.startswith("FD")
    assert drawn.endswith("DF")
    values = [SYMBOLS.index(drawn[at : at + 3]) for at in range(2, 65, 3)]
    assert sum(values) % 19 == 0


def test_what_is_too_long_is_cut_after_twenty_symbols() -> None:
    assert bars("0640804", "29-1524-23-2-501") == by_zint("0640804", "29-1524-23-2-")


def test_of_a_letter_at_the_cut_only_the_control_symbol_remains() -> None:
    drawn = bars("9100067", "3-80-25J1-2B")
    assert drawn[59:62] == "DAT"  # CC1


@pytest.mark.parametrize(
    ("beyond_town", "number", "reason"),
    [
        ("１２－７－２０２", "12-7-202", "cards write full width and U+FF0D"),
        ("1\u20102\u22123\u20154ー5ｰ6", "1-2-3-4-5-6", "people type any dash"),
        ("百二十三番地", "123", "hundreds"),
        ("二〇三号", "203", "digit by digit"),
        ("一〇三号室", "103", "digit by digit, from one"),
        ("三の七", "3", "only what one of the listed words follows"),
        ("千代崎12", "12", "a kanji that is no number here"),
        ("12 メゾンF", "12F", "a house called F is no floor"),
        ("12 3F", "12-3", "a floor"),
        ("12 3FB", "12-3", "letters that are a word"),
        ("a-1", "A1", "small letters; no hyphen beside one"),
        ("--1--2--", "1-2", "hyphens in a row and at the ends"),
        ("", "", "nothing at all"),
        ("寺の隣", "", "no number"),
        ("٣-①-㍿", "", "digits that no counter reads"),
    ],
)
def test_addresses_as_people_write_them(beyond_town: str, number: str, reason: str) -> None:
    assert address_number(beyond_town) == number, reason


@pytest.mark.parametrize("postal_code", ["1000000", "9790200"])
def test_a_code_for_many_towns_is_known(postal_code: str) -> None:
    assert is_for_many_towns(postal_code)
    assert not is_for_many_towns("1000013")


@pytest.mark.parametrize("postal_code", ["", "965-0042", "965004", "96500420", "９６５００４２"])
def test_it_refuses_what_is_no_postal_code(postal_code: str) -> None:
    with pytest.raises(ValueError, match="seven digits"):
        bars(postal_code, "")


@pytest.mark.parametrize("number", ["a", "1 2", "１", "丁目", "A.", "é"])
def test_it_refuses_what_is_no_address_number(number: str) -> None:
    with pytest.raises(ValueError, match="digits, hyphens and capital letters"):
        bars("9650042", number)
