"""What a newcomer does: sign up, read the mail, wait for the night's work."""

import json
import re
import time
from collections.abc import Callable
from typing import TypeVar

import httpx
import pytest

from tests.journeys.browser import Person
from tests.journeys.conftest import Demo

Found = TypeVar("Found")
PASSWORD = "a-quiet-morning-by-the-sea"
PATIENCE = 30.0  # seconds for the worker to do its part


def await_it(ask: Callable[[], Found | None], what: str) -> Found:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := ask():
            return found
        time.sleep(0.3)
    pytest.fail(f"never came: {what}")


def mails_to(demo: Demo, address: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = httpx.get(f"{demo.mail}/api/mails", params={"to": address}).json()
    return found


def text_of(mail: dict[str, str]) -> str:
    return json.dumps(mail, ensure_ascii=False)


def sign_up(member: Person, demo: Demo, email: str, *, name: str = "海野　波") -> None:
    page = member.go("/account/signup/")
    page.fill("input[name=name]", name)
    page.fill("input[name=email]", email)
    page.fill("input[name=password1]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    (mail,) = await_it(lambda: mails_to(demo, email), "the confirmation")
    code = re.search(r"\b[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}\b", mail["text"])
    assert code is not None, mail
    page.fill("input[name=code]", code.group())
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
