"""Names and addresses as they came, with their stand-ins marked."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypost.entrypoints.templatetags.registered import furigana, registered, stand_ins

MARK = re.compile(r'<mark class="registered__stand-in">(.*?)</mark>')


def marked(text: str, flags: str) -> list[str]:
    return MARK.findall(registered(text, flags))


def text_in(shown: str) -> str:
    return re.sub(r"<[^>]+>", "", shown)


@pytest.mark.parametrize(
    ("text", "flags", "found"),
    [
        ("髙橋　次郎", "00000", []),
        ("高橋　次郎", "10000", ["高"]),
        ("渡邉\U000e0103　健", "0100", ["邉\U000e0103"]),
        ("渡邉\U000e0103　健", "01100", ["邉\U000e0103"]),
        ("福島県みなと市", "", []),
        ("高", "1111", ["高"]),
    ],
    ids=["none", "one", "flag-a-glyph", "flag-a-code-point", "no-flags", "too-many"],
)
def test_what_stands_for_another_character_is_marked(
    text: str, flags: str, found: list[str]
) -> None:
    assert marked(text, flags) == found
    assert stand_ins(text, flags) == "".join(found)


@given(st.text(alphabet=st.characters(exclude_characters="<>&\"'"), max_size=40), st.text("01"))
def test_no_character_is_lost_or_changed(text: str, flags: str) -> None:
    assert text_in(registered(text, flags)) == text


def test_it_escapes_what_is_hostile() -> None:
    assert "<script" not in registered("<script>", "11111111")
    assert "<script" not in furigana("<script>", "<img src=x>")


def test_a_reading_stands_above_its_part() -> None:
    shown = furigana("髙橋　次郎", "たかはし じろう")
    assert re.findall(r"<ruby>(.*?)<rp>（</rp><rt>(.*?)</rt>", shown) == [
        ("髙橋", "たかはし"), ("次郎", "じろう"),
    ]  # fmt: skip
    assert "</ruby>　<ruby>" in shown


def test_a_reading_that_does_not_fall_apart_stands_above_all() -> None:
    assert "<ruby>髙橋　次郎<rp>" in furigana("髙橋　次郎", "たかはしじろう")
