"""What an operator does, and what the doors beside show of it."""

import re

from playwright.sync_api import Browser

from tests.journeys.browser import DESKTOP, person
from tests.journeys.conftest import Demo


def test_an_operators_approval_puts_a_sender_into_every_list_at_once(
    demo: Demo, chromium: Browser
) -> None:
    with (
        person(chromium, demo.operator, size=DESKTOP) as operator,
        person(chromium, demo.member) as member,
    ):
        member.sign_in("hanako@example.jp")
        assert "みどりガス" not in member.go("/senders/?tab=selectable").content()
        operator.sign_in_to_work("operator@example.jp")
        page = operator.go("/senders/")
        page.get_by_role("link", name=re.compile("みどりガス")).first.click()
        page.get_by_role("link", name=re.compile("承認")).first.click()
        page.fill("[name=reason]", "書類を確認しました。")
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state()
        assert "みどりガス" in member.go("/senders/?tab=selectable").content()


def test_an_operator_who_used_no_passkey_sees_nothing(demo: Demo, chromium: Browser) -> None:
    with person(chromium, demo.operator) as operator:
        operator.sign_in("operator@example.jp")
        operator.go("/senders/")
        assert "みなと市" not in operator.page.content()
