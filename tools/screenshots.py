"""Take the README's pictures from a running house: `python -m tools.screenshots --port 8000`.

The house has to be a fresh one (`make run` with `--fresh`): the city's clerk registers a passkey,
which a second run would be asked for and no longer have.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from sandbox import demo
from sandbox.neighbours import Ports

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 860}
AUTHENTICATOR = {  # a device that confirms whatever it is asked for
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
PATIENCE = 60  # seconds until a letter is printed and at the carrier's


@contextmanager
def browser_page(browser: Browser, size: ViewportSize) -> Iterator[Page]:
    """Open a browser profile in Japanese."""
    context = browser.new_context(locale="ja-JP", viewport=size)
    yield context.new_page()
    context.close()


@contextmanager
def signed_in(
    browser: Browser, door: str, email: str, password: str, size: ViewportSize
) -> Iterator[Page]:
    """Open a browser profile in Japanese, signed in at one door with a password."""
    with browser_page(browser, size) as page:
        page.goto(f"{door}/account/login/")
        page.fill("input[name=login]", email)
        enter_password(page, password)
        yield page


def enter_password(page: Page, password: str) -> None:
    """Fill in the password, and send the form that asks for it."""
    page.fill("input[name=password]", password)
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_load_state()


def register_passkey(page: Page, password: str) -> None:
    """Do what the console asks of staff at their first sign-in."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    if "reauthenticate" in page.url:
        enter_password(page, password)
    page.locator("#passkey-add").click()
    page.wait_for_url("**/recovery-codes/**")


def take(page: Page, name: str) -> None:
    """Save what the window shows."""
    page.wait_for_timeout(2_000)  # the frame of a document draws by itself
    page.screenshot(path=FOLDER / f"{name}.png")


def take_members(browser: Browser, door: str, password: str) -> None:
    """The member's pictures."""
    with signed_in(browser, door, "hanako@example.jp", password, PHONE) as page:
        for path, name in (("box", "box"), ("senders", "senders"), ("me", "account")):
            page.goto(f"{door}/{path}/")
            take(page, f"{name}-phone")
    with signed_in(browser, door, "hanako@example.jp", password, DESKTOP) as page:
        page.goto(f"{door}/box/")
        page.locator("main form[action$='/open'] button").first.click()
        take(page, "letter-desktop")


def take_passcode(browser: Browser, door: str, carrier: str, password: str) -> None:
    """The picture of a passcode letter that waits at the post office."""
    with signed_in(browser, door, "jiro@example.jp", password, DESKTOP) as page:
        page.goto(f"{door}/me/passcode/")
        page.locator("main form[action$='/ask'] button").click()
        leave_notice(browser, carrier, "髙橋　次郎")
        page.wait_for_timeout(3_000)  # the carrier's report is on its way
        page.goto(f"{door}/me/passcode/")
        take(page, "passcode-desktop")


def leave_notice(browser: Browser, carrier: str, name: str) -> None:
    """Find nobody at home, as soon as the carrier has the letter."""
    with browser_page(browser, DESKTOP) as page:
        letter = page.locator(f"li:has-text('{name}') a")
        for _second in range(PATIENCE):
            page.goto(carrier)
            if letter.count():
                break
            page.wait_for_timeout(1_000)
        letter.first.click()
        page.locator("form[action$='/notice'] button").click()
        expect(page.locator("form[action$='/notice']")).to_have_count(0)


def take_senders(browser: Browser, door: str, password: str) -> None:
    """The console's picture."""
    with signed_in(browser, door, "city@example.jp", password, DESKTOP) as page:
        register_passkey(page, password)
        page.goto(f"{door}/consignments")
        page.locator("main table a").first.click()
        take(page, "consignment-desktop")


def main() -> None:
    """Take all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    ports = Ports(parser.parse_args().port)
    password = demo.PASSWORD
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        member = f"http://localhost:{ports.member}"
        take_members(browser, member, password)
        take_passcode(browser, member, f"http://localhost:{ports.carrier}/", password)
        take_senders(browser, f"http://localhost:{ports.sender}", password)
        browser.close()


if __name__ == "__main__":
    main()
