"""Passkeys in a real browser: registered, named, signed in with, removed; by a member, by staff."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser import AUTHENTICATOR, PASSWORD, Person, person
from tests.journeys.conftest import Demo
from tests.journeys.newcomer import PASSWORD as NEWCOMERS
from tests.journeys.newcomer import sign_up

CLERK = "shop@example.jp"  # nobody else's, since from now on this account asks for its passkey


@contextmanager
def device(somebody: Person) -> Iterator[None]:
    """A phone that confirms whatever it is asked for, in this browser for a while."""
    session = somebody.context.new_cdp_session(somebody.page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield
    session.send(
        "WebAuthn.removeVirtualAuthenticator", {"authenticatorId": made["authenticatorId"]}
    )


def register(somebody: Person, name: str) -> None:
    page = somebody.go("/account/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        confirm(somebody, password=NEWCOMERS)
    page.fill("input[name=name]", name)
    page.locator("#passkey-add").click()
    page.wait_for_url(lambda url: "/add/" not in url)


def confirm(somebody: Person, *, password: str = PASSWORD) -> None:
    if somebody.page.locator("input[name=password]").count():
        somebody.page.fill("input[name=password]", password)
        somebody.submit("form:has(input[name=password])")
    else:
        somebody.page.locator("#passkey-confirm").click()
        somebody.page.wait_for_load_state()


def names_on(page: Page) -> list[str]:
    return [name.strip() for name in page.locator("tbody th").all_inner_texts()]


def sign_out(somebody: Person) -> None:
    somebody.context.clear_cookies(name="mypost_member_web_session")


def test_a_member_registers_two_names_them_signs_in_and_removes_one(
    demo: Demo, chromium: Browser
) -> None:
    with person(chromium, demo.member, language="en") as taro:
        sign_up(taro, demo, f"taro-{uuid4().hex[:6]}@example.jp")
        with device(taro):
            register(taro, "my phone")
        with device(taro):
            register(taro, "my old laptop")
            page = taro.go("/account/2fa/webauthn/")
            assert names_on(page) == ["my phone", "my old laptop"]

            page.get_by_role("link", name="Rename my old laptop").click()
            page.fill("input[name=name]", "my laptop")
            taro.submit("form:has(input[name=name])")
            assert names_on(page) == ["my phone", "my laptop"]

            sign_out(taro)
            taro.go("/account/login/?next=/me/security/")
            page.locator("#passkey-login").click()
            page.wait_for_url("**/me/security/")
            expect(page.locator("#history tbody tr").first).to_contain_text("passkey")

            taro.go("/account/2fa/webauthn/")
            page.get_by_role("link", name="Remove my phone").click()
            if "reauthenticate" in page.url:
                confirm(taro)
            taro.submit("main form.form")
            assert names_on(page) == ["my laptop"]
        assert taro.complaints == []


def test_a_device_without_a_passkey_is_told_in_words(demo: Demo, chromium: Browser) -> None:
    with person(chromium, demo.member, language="en") as nobody, device(nobody):
        page = nobody.go("/account/login/")
        page.locator("#passkey-login").click()
        expect(page.locator("[data-passkey-trouble]")).to_be_visible()
        assert nobody.complaints == []


def test_without_scripts_the_password_is_offered_alone(demo: Demo, chromium: Browser) -> None:
    with person(chromium, demo.member, javascript=False) as somebody:
        page = somebody.go("/account/login/")
        assert not page.locator("#passkey-login").is_visible()
        assert page.locator("input[name=password]").is_visible()


def test_a_clerk_registers_one_first_and_comes_in_with_it_alone(
    demo: Demo, chromium: Browser
) -> None:
    with person(chromium, demo.sender, language="en") as clerk, device(clerk):
        clerk.sign_in(CLERK)
        page = clerk.page
        expect(page.locator("h1")).to_have_text("Register a passkey")
        page.locator("#passkey-add").click()
        page.wait_for_url("**/recovery-codes/**")
        clerk.go("/consignments")
        expect(page).to_have_url(f"{demo.sender}/consignments")

        clerk.context.clear_cookies()
        page = clerk.go("/account/login/?next=/consignments")
        page.locator("#passkey-login").click()
        expect(page).to_have_url(f"{demo.sender}/consignments")
        assert clerk.complaints == []
