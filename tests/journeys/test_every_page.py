"""Every page of every door, walked link by link: no barrier, no complaint, no broken link."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ViewportSize

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
JUDGED: dict[str, list[str]] = {}  # by door, width and structure: what axe found there


def barriers_on(somebody: Person, structure: str) -> list[str]:
    """Ask axe, once for all pages that differ in nothing that it looks at."""
    place = f"{somebody.door} {somebody.page.viewport_size} {structure}"
    if place not in JUDGED:
        # The viewer's frame has no origin: axe, which is not in it, could only shout at it.
        asked = {"iframes": False, "resultTypes": ["violations"]}
        found = Axe().run(somebody.page, options=asked).response["violations"]
        JUDGED[place] = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]
    return JUDGED[place]


def faults_of(somebody: Person, language: str) -> list[str]:
    seen = somebody.page.evaluate(LOOK)
    faults = barriers_on(somebody, seen["structure"])
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
        pages = pages_from(somebody, "/", words=size == PHONE)  # where a word may be too wide
        faults = {path: faults_of(somebody, language) for path in pages}
        complaints = somebody.complaints
    assert {path: found for path, found in faults.items() if found} == {}
    assert complaints == []
    assert len(faults) >= (4 if email is None else 8)
