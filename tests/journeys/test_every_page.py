"""Every page of every door, walked link by link: no barrier, no complaint, no broken link."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, ViewportSize

from tests.conftest import LONG
from tests.journeys.browser import DESKTOP, PHONE, Person, pages_from, person
from tests.journeys.conftest import Demo

VISITS = [
    # door, who, language, size
    ("member", None, "ja", PHONE),
    ("member", None, "en", DESKTOP),
    ("member", "hanako@example.jp", "ja", PHONE),
    ("member", "misaki@example.jp", "ja", DESKTOP),
    ("member", "kenichi@example.jp", "en", PHONE),
    ("sender", "city@example.jp", "ja", DESKTOP),
    ("sender", "city@example.jp", "en", PHONE),
    ("operator", "operator@example.jp", "ja", PHONE),
    ("operator", "operator@example.jp", "en", DESKTOP),
]
LOOK = Path(__file__).with_name("look.js").read_text(encoding="utf-8")
AXE = AXE_FILE_PATH.read_text(encoding="utf-8")
# The viewer's frame has no origin: axe, which is not in it, could only shout at it.
ASK = "() => axe.run({iframes: false, resultTypes: ['violations']}).then(all => all.violations)"
JUDGED: dict[str, list[str]] = {}  # by door and structure: what axe found there


def barriers_on(somebody: Person, seen: dict[str, Any]) -> list[str]:
    """Ask axe, once for all pages of one structure; at night at each width and in each language."""
    shown = f"{somebody.page.viewport_size} {seen['language']} {seen['scrolls']}" if LONG else ""
    place = f"{somebody.door} {seen['structure']} {shown}"
    if place not in JUDGED:
        somebody.page.evaluate(AXE)
        found = somebody.page.evaluate(ASK)
        JUDGED[place] = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]
    return JUDGED[place]


def faults_of(somebody: Person, language: str) -> list[str]:
    seen = somebody.page.evaluate(LOOK)
    faults = barriers_on(somebody, seen)
    if seen["language"] != language:
        faults = [*faults, f"says that it speaks {seen['language']}"]
    if seen["sideways"] > 0:
        faults = [*faults, f"scrolls sideways by {seen['sideways']} px"]
    if seen["headings"] != 1:
        faults = [*faults, f"has {seen['headings']} first headings"]
    return faults


@pytest.mark.parametrize(("door", "email", "language", "size"), VISITS)
def test_it_has_no_barrier_and_no_complaint(
    demo: Demo, chromium: Browser, door: str, email: str | None, language: str, size: ViewportSize
) -> None:
    with person(chromium, getattr(demo, door), language=language, size=size) as somebody:
        if email:
            somebody.come_in(email, door=door)
        words = LONG and size == PHONE  # where a word may be too wide
        pages = pages_from(somebody, "/", words=words)
        faults = {path: faults_of(somebody, language) for path in pages}
        complaints = somebody.complaints
    assert {path: found for path, found in faults.items() if found} == {}
    assert complaints == []
    assert len(faults) >= (4 if email is None else 8)
