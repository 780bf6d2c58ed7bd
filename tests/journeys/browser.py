"""People with a browser: they sign in, look at pages, and their browser complains aloud."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Page,
    ViewportSize,
)

from sandbox import demo as demo_world
from tests.conftest import NOW
from tests.patience import PATIENCE

PASSWORD = demo_world.load(NOW.date()).password
PHONE: ViewportSize = {"width": 360, "height": 780}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
AUTHENTICATOR = {  # as a phone or a laptop has one
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
# By door and address: one passkey each, carried from browser to browser as a person carries it.
KEPT: dict[tuple[str, str], dict[str, Any]] = {}
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b\d+\b")
EXPLANATION = re.compile(r"(?<=/problems/)\w+")  # of one code; they differ in their words alone


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
        self.submit("form:has(input[name=password])")

    def come_in(self, email: str, *, door: str) -> None:
        """Sign in as this door wants it. door: member, sender or operator."""
        if door == "member":
            self.sign_in(email)
        else:
            self.sign_in_to_work(email)

    def sign_in_to_work(self, email: str) -> None:
        """Sign in where a passkey is needed; the first time, register one."""
        session, authenticator = self._authenticator()
        if kept := KEPT.get((self.door, email)):
            session.send("WebAuthn.addCredential", {**authenticator, "credential": kept})
            self.go("/account/login/")
            self.page.locator("#passkey-sign-in button").click()
            self.page.wait_for_url(f"{self.door}/")
        else:
            self._register_passkey(email)
        held = session.send("WebAuthn.getCredentials", authenticator)["credentials"]
        KEPT[self.door, email] = held[0]  # its counter has moved on

    def _register_passkey(self, email: str) -> None:
        self.sign_in(email)
        self.page.locator("#passkey-add").click()
        self.page.wait_for_url("**/recovery-codes/**")
        self.go("/")

    def _authenticator(self) -> tuple[CDPSession, dict[str, Any]]:
        session = self.context.new_cdp_session(self.page)
        session.send("WebAuthn.enable")
        made = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        return session, {"authenticatorId": made["authenticatorId"]}

    def submit(self, form: str) -> None:
        self.page.locator(f"{form} button[type=submit]").first.click()
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
    context.set_default_timeout(PATIENCE * 1_000)
    # Chosen in this browser before: it counts more than the account's own language.
    context.add_cookies([{"name": "mypost_language", "value": language, "url": door}])
    somebody = Person(context, context.new_page(), door)
    somebody.page.on("console", somebody.listen)
    somebody.page.on("pageerror", lambda error: somebody.complaints.append(str(error)))
    try:
        yield somebody
    finally:
        context.close()


def shape(url: str) -> str:
    """Return a page's address without the ids in it: one page of each shape is looked at."""
    parts = urlsplit(url)
    query = re.sub(r"=[^&]*", "=", parts.query)
    return IDENTIFIER.sub("*", parts.path) + (f"?{query}" if query else "")


def pages_from(somebody: Person, start: str, *, words: bool = True) -> Iterator[str]:
    """Walk every link within the door, one page of each shape, and stop at each.

    words: also every page that differs from others of its shape in nothing but words.
    """

    def shape_of(link: str) -> str:
        return shape(link) if words else EXPLANATION.sub("*", shape(link))

    waiting, seen = [start], {shape_of(start)}
    while waiting:
        path = waiting.pop(0)
        somebody.go(path)
        yield path
        for link in links_on(somebody):
            if shape_of(link) not in seen:
                seen.add(shape_of(link))
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
    """Ask for an address with this person's session, and return the status.

    401 stands for being asked first to confirm who one is, which tells nothing about the address.
    """
    cookies = {c.get("name", ""): c.get("value", "") for c in somebody.context.cookies()}
    token = next((value for name, value in cookies.items() if name.endswith("_csrf")), "")
    headers = {"X-CSRFToken": token, "Referer": f"{somebody.door}/"}
    answer = somebody.page.request.fetch(
        f"{somebody.door}{path}", method=method, headers=headers, max_redirects=0
    )
    asks_first = answer.status == 302 and "/reauthenticate/" in answer.headers["location"]
    return 401 if asks_first else answer.status


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
