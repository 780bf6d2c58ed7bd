"""People with a browser: they sign in, look at pages, and their browser complains aloud."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize

from sandbox import demo as demo_world
from sandbox.demo.world import TOTP_SECRET
from tests.conftest import NOW

PASSWORD = demo_world.load(NOW.date()).password
PHONE: ViewportSize = {"width": 360, "height": 780}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b\d+\b")


@dataclass
class Person:
    """One browser of one person at one door. complaints: what its console said."""

    context: BrowserContext
    page: Page
    door: str
    complaints: list[str] = field(default_factory=list)

    def listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def go(self, path: str) -> Page:
        self.page.goto(f"{self.door}{path}")
        return self.page

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        self.go("/account/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", password)
        self.page.locator("main form button[type=submit]").first.click()
        self.page.wait_for_load_state()

    def enter_second_factor(self) -> None:
        counter = next(iter(yield_hotp_counters_from_time()))
        self.page.fill("input[name=code]", format_hotp_value(hotp_value(TOTP_SECRET, counter)))
        self.page.locator("main form button[type=submit]").first.click()
        self.page.wait_for_load_state()


@contextmanager
def person(
    chromium: Browser,
    door: str,
    *,
    language: str = "ja",
    size: ViewportSize = PHONE,
    javascript: bool = True,
) -> Iterator[Person]:
    """Open a fresh browser profile before one door."""
    context = chromium.new_context(
        locale={"ja": "ja-JP", "en": "en-GB"}[language],
        viewport=size,
        java_script_enabled=javascript,
    )
    # Chosen in this browser before: it counts more than the account's own language.
    context.add_cookies([{"name": "mypost_language", "value": language, "url": door}])
    somebody = Person(context, context.new_page(), door)
    somebody.page.on("console", somebody.listen)
    yield somebody
    context.close()


def shape(url: str) -> str:
    """Return a page's address without the ids in it: one page of each shape is looked at."""
    parts = urlsplit(url)
    query = re.sub(r"=[^&]*", "=", parts.query)
    return IDENTIFIER.sub("*", parts.path) + (f"?{query}" if query else "")


def pages_from(somebody: Person, start: str) -> Iterator[str]:
    """Walk every link within the door, one page of each shape, and stop at each."""
    waiting, seen = [start], {shape(start)}
    while waiting:
        path = waiting.pop(0)
        somebody.go(path)
        yield path
        for link in links_on(somebody):
            if shape(link) not in seen:
                seen.add(shape(link))
                waiting.append(link)


def addresses_with_ids(somebody: Person) -> set[tuple[str, str]]:
    """Return (method, path) of every link and every form on a page that names an id."""
    found = somebody.page.evaluate(
        """() => [
            ...[...document.querySelectorAll("a[href]")].map(link => ["GET", link.href]),
            ...[...document.querySelectorAll("iframe[src]")].map(frame => ["GET", frame.src]),
            ...[...document.querySelectorAll("form:not([method=dialog])")].map(form => [
                form.method.toUpperCase(), form.action || location.href]),
        ]"""
    )
    return {
        (method, urlsplit(url).path)
        for method, url in found
        if url.startswith(somebody.door) and IDENTIFIER.search(urlsplit(url).path)
    }


def call(somebody: Person, method: str, path: str) -> int:
    """Ask for an address with this person's session, and return the status."""
    cookies = {c.get("name", ""): c.get("value", "") for c in somebody.context.cookies()}
    token = next((value for name, value in cookies.items() if name.endswith("_csrf")), "")
    headers = {"X-CSRFToken": token, "Referer": f"{somebody.door}/"}
    answer = somebody.page.request.fetch(
        f"{somebody.door}{path}", method=method, headers=headers, max_redirects=0
    )
    return answer.status


def links_on(somebody: Person) -> list[str]:
    """Return the door's own pages that a page links to, without downloads."""
    found = somebody.page.eval_on_selector_all(
        "a[href]:not([download])", "links => links.map(link => link.href)"
    )
    inside = [urlsplit(url) for url in found if url.startswith(somebody.door)]
    paths = [f"{u.path}?{u.query}" if u.query else u.path for u in inside]
    return [
        path
        for path in paths
        if not re.search(r"logout|/static/|/receipt$|\.csv|openapi\.json", path)
    ]
