"""Every page of every door, walked link by link: no barrier, no complaint, no broken link."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ViewportSize

from tests.journeys.browser import DESKTOP, PHONE, Person, pages_from, person
from tests.journeys.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")

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
WIDEST_OVERFLOW = 0  # CSS pixels by which a page may scroll sideways


def barriers_on(somebody: Person) -> list[str]:
    found = Axe().run(somebody.page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def faults_of(somebody: Person, path: str) -> list[str]:
    page = somebody.page
    faults = barriers_on(somebody)
    overflow = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if overflow > WIDEST_OVERFLOW:
        faults.append(f"scrolls sideways by {overflow} px")
    if page.locator("h1").count() != 1:
        faults.append(f"has {page.locator('h1').count()} first headings")
    return [f"{path}: {fault}" for fault in faults]


@pytest.mark.parametrize(("door", "email", "language", "size"), VISITS)
def test_it_has_no_barrier_and_no_complaint(
    demo: Demo, chromium: Browser, door: str, email: str | None, language: str, size: ViewportSize
) -> None:
    with person(chromium, getattr(demo, door), language=language, size=size) as somebody:
        if email:
            somebody.come_in(email, door=door)
        faults, walked = [], 0
        for path in pages_from(somebody, "/"):
            assert somebody.page.locator("html").get_attribute("lang") == language, path
            faults += faults_of(somebody, path)
            walked += 1
    assert faults == []
    assert somebody.complaints == []
    assert walked >= (4 if email is None else 8)
