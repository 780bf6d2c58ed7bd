"""A letter's text: what its sender meant is shown, and nothing of it acts."""

import re

import pytest

from mypost.entrypoints.letter_text import as_html
from tests.entrypoints.active import ATTACKS, active_in
from tests.vectors import naughty_strings

SHOWN = [
    # Markdown, HTML, why
    ("**強い**", "<p><strong>強い</strong></p>", "the marks of Markdown"),
    ("1行目\n2行目", "<p>1行目<br>\n2行目</p>", "lines end where the sender ended them"),
    ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "lists"),
    ("3. a", '<ol start="3">\n<li>a</li>\n</ol>', "a list may go on counting"),
    ("# a", "<h2>a</h2>", "the page's own heading is the first"),
    ("### a", "<h2>a</h2>", "no level is left out"),
    ("# a\n\n#### b\n\n# c", "<h2>a</h2>\n<h3>b</h3>\n<h2>c</h2>", "nor in between"),
    ("a\n=", "<h2>a</h2>", "headings underlined"),
    ("5 < 6 & 7", "<p>5 &lt; 6 &amp; 7</p>", "signs of HTML are text"),
    ("[a](tel:0246)", '<p><a href="tel:0246" rel="noopener noreferrer">a</a></p>', "telephone"),
    ("[a](/me/)", '<p><a rel="noopener noreferrer">a</a></p>', "no link that would look like ours"),
    ("", "", "no text"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "html", "why"), SHOWN, ids=[why for _, _, why in SHOWN])
def test_it_shows_what_the_sender_meant(text: str, html: str, why: str) -> None:
    assert as_html(text).strip() == html


def test_headings_go_no_deeper_than_six() -> None:
    deep = "\n\n".join("#" * depth + " a" for depth in range(1, 7))
    assert re.findall(r"<h(\d)>", as_html(deep)) == ["2", "3", "4", "5", "6", "6"]


def test_a_picture_is_not_fetched() -> None:
    assert "<img" not in as_html("![a](https://tracker.example/pixel.png)")


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_of_it_acts(attack: str) -> None:
    assert active_in(as_html(attack)) == []


def test_no_naughty_string_acts() -> None:
    assert [found for text in naughty_strings() for found in active_in(as_html(text))] == []


@pytest.mark.parametrize(
    "piece", [">", "[", "*a ", "`", "|a", "![[", "<", "[a](", "_a__", "&", "\\"]
)
def test_the_longest_text_takes_no_long_time(piece: str) -> None:
    as_html((piece * 10_000)[:10_000])
