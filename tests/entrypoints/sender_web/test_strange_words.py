"""Whatever is typed, a page answers: the big list of naughty strings through every field."""

import json
from typing import Any
from uuid import UUID

import pytest

from mypost.senders.models import Sender, Topic
from tests.entrypoints.sender_web.conftest import Deliver, Person, csv, id_in, pdf, words
from tests.entrypoints.sender_web.test_administration import key, topic
from tests.vectors import naughty_strings

FORMS: dict[str, dict[str, Any]] = {
    "/letters/new": words(),
    "/letters/new/{draft}/text": words(),
    "/letters/new/{draft}/recipients": {
        "recipients": "x",
        "words": "x",
        "ticked": "x",
        "next": "x",
    },
    "/topics/new": topic(),
    "/topics/{topic}": topic(),
    "/developers/keys/new": key(),
}
SEARCHES = {"/letters": ["words", "before"], "/members": ["words", "after"]}
UNSPEAKABLE = ["\x00", "\x1b[2J", "\N{RIGHT-TO-LEFT OVERRIDE}fdp.exe", "長" * 9_999, "\r\n" * 50]


def naughty(part: int = 0, parts: int = 1) -> list[str]:
    """The list, or one part of it: every word meets every kind of form, in a minute and not ten."""
    return naughty_strings()[part::parts] + UNSPEAKABLE


@pytest.fixture
def places(draft: UUID, city: Sender) -> dict[str, object]:
    return {"draft": draft, "topic": Topic.objects.get(sender=city, slug="news").id}


PARTS = 2 * len(FORMS)


@pytest.mark.parametrize(("part", "path"), list(enumerate(FORMS)))
def test_no_word_in_any_field_breaks_a_form(
    console: Person, places: dict[str, object], part: int, path: str
) -> None:
    for word in naughty(part, PARTS):
        answer = console.post(path.format(**places), **dict.fromkeys(FORMS[path], word))
        assert answer.status_code in (200, 302, 422), word


@pytest.mark.parametrize(("part", "path"), list(enumerate(FORMS)))
def test_no_word_in_one_field_among_good_ones_breaks_a_form(
    console: Person, places: dict[str, object], part: int, path: str
) -> None:
    for number, word in enumerate(naughty(part + len(FORMS), PARTS)):
        name = list(FORMS[path])[number % len(FORMS[path])]
        answer = console.post(path.format(**places), **{**FORMS[path], name: word})
        assert answer.status_code in (200, 302, 422), (name, word)


@pytest.mark.parametrize(("part", "path"), list(enumerate(SEARCHES)))
def test_no_word_breaks_a_search(console: Person, part: int, path: str) -> None:
    for word in naughty(part, PARTS):
        for name in SEARCHES[path]:
            answer = console.http.get(path, {name: word})
            assert answer.status_code in (200, 422), (name, word)


def test_a_letter_that_is_a_script_is_shown_and_does_nothing(console: Person, draft: UUID) -> None:
    scripts = [word for word in naughty(0, 8) if "<" in word]
    for word in scripts:
        typed = words(subject=word[:120], body=word)
        if console.post(f"/letters/new/{draft}/text", **typed).status_code == 302:
            page = console.get(f"/consignments/{draft}/check").lower()
            shown = page.split("<article")[1].split("</article>")[0]
            assert not [tag for tag in ("<script", "<img", "<iframe", "<style") if tag in shown]
    assert len(scripts) > 20


def test_rows_of_strange_words_break_nothing(console: Person, deliver: Deliver) -> None:
    listed = [*naughty(), "\ud800"]
    for part in range(8):
        rows: list[dict[str, Any]] = []
        for word in listed[part::8]:
            rows.append(dict.fromkeys(("recipient", "reference", "subject", "due"), word))
            rows.append({word: word, "reference": "r", "documents": [word], "recipient": [word]})
        items = csv("\n".join(json.dumps(row) for row in rows), "letters.ndjson")
        posted: dict[str, Any] = {"reference": "r", "items": items, "documents": pdf()}
        consignment = id_in(console.posted("/consignments/new", **posted))
        console.get(f"/consignments/{consignment}/check")
        console.posted(f"/consignments/{consignment}/send")
        assert deliver(consignment).refused == len(rows)
        console.get(f"/consignments/{consignment}")
