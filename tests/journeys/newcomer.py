"""What a newcomer does: sign up, read the mail, wait for the night's work."""

import json
import re

import httpx

from tests.journeys.browser import Person
from tests.journeys.conftest import Demo
from tests.patience import PATIENCE, await_it

PASSWORD = "a-quiet-morning-by-the-sea"


def mails_to(demo: Demo, address: str) -> list[dict[str, str]]:
    answer = httpx.get(f"{demo.mail}/api/mails", params={"to": address}, timeout=PATIENCE)
    found: list[dict[str, str]] = answer.json()
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
