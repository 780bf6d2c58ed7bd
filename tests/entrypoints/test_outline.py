"""The outline tells what the tests of pages rely on it to tell."""

import pytest

from tests.entrypoints.outline import outline

TOKEN = '<input type="hidden" name="csrfmiddlewaretoken" value="x1">'


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ('<h2>A <em>b</em></h2><p>c<br>d</p>', "## A b\nc / d"),
        (f'<form method="post" action="/x">{TOKEN}<button name="a" value="b">Go</button></form>',
         "POST /x\n  {Go a=b}"),
        ('<form method="post" action="/x"></form>', "POST /x !! without token"),
        (f'<form method="get" action="/x">{TOKEN}</form>', "GET /x !! with token"),
        ('<label for="i">A</label><input id="i" name="n" required>', "A: <text n required>"),
        ('<input id="i" name="n">', "<text n !! no label>"),
        ('<p aria-describedby="i">A</p>', "A !! aria-describedby=i describedby"),
        ('<p id="i">A</p><p id="i">B</p>', "A !! id twice\nB !! id twice"),
        ('<a href="/a" aria-current="page">A</a>', "[A aria-current=page](/a)"),
        ('<span class="badge badge--error">A</span>', "‹A ~error›"),
        ('<time datetime="2026-11-22">22 Nov</time><time datetime="2026-11-22"></time>',
         "@2026-11-22@2026-11-22 !! no day"),
        ('<table><tr><th>A</th><td data-label="B">c</td></tr></table>', "| A | B: c"),
    ],
)  # fmt: skip
def test_it_tells_words_targets_states_and_faults(html: str, told: str) -> None:
    assert outline(f"<main>{html}</main>", within="main") == told
