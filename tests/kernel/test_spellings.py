"""Two spellings of one name or address, and two names that only look alike."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypost.kernel.spellings import are_same, folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("黒桐　幹也", "黒桐幹也"),
        ("清瀬市１２－７－２０２", "清瀬市12-7-202"),
        ("清瀬市12\uff0d7", "清瀬市12\u22127"),
        ("みなとﾊｲﾂ", "みなとハイツ"),
        ("ﾐﾅﾄｺｰﾎﾟ", "ミナトコーポ"),
        ("ｼﾊﾞ ｼﾞﾛｳ", "シバ　ジロウ"),
        ("SMITH John", "smith john"),
        ("渡邉\U000e0110", "渡邉"),
        ("神\ufe00", "神"),
        ("\ufa19戸", "神戸"),
    ],
    ids=[
        "spaces", "width", "hyphens", "half-width kana", "long vowels", "voiced kana", "capitals",
        "ideographic variation", "standard variation", "compatibility form",
    ],
)  # fmt: skip
def test_these_are_one(one: str, other: str) -> None:
    assert are_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("渡邉", "渡辺"),
        ("髙橋", "高橋"),
        ("斉藤", "齋藤"),
        ("１２－７", "１２７"),
        ("港区芝公園4-2-8", "港区芝公園4-2-9"),
    ],
    ids=["邉 and 辺", "髙 and 高", "斉 and 齋", "a hyphen less", "another house"],
)
def test_these_are_two(one: str, other: str) -> None:
    assert not are_same(one, other)


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(max_size=60))
def test_width_and_spaces_make_no_difference(text: str) -> None:
    assert are_same(unicodedata.normalize("NFKC", text), text) or "\uff70" in text
    assert are_same(f"\u3000{text} ", text)
