"""Take the README's pictures from a running house: `python -m tools.screenshots --port 8000`."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from sandbox import demo
from sandbox.neighbours import Ports

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 860}


@contextmanager
def signed_in(
    browser: Browser, door: str, email: str, password: str, size: ViewportSize
) -> Iterator[Page]:
    """Open a browser profile in Japanese, signed in at one door."""
    context = browser.new_context(locale="ja-JP", viewport=size)
    page = context.new_page()
    page.goto(f"{door}/account/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    yield page
    context.close()


def take(page: Page, name: str) -> None:
    """Save what the window shows."""
    page.wait_for_timeout(2_000)  # the frame of a document draws by itself
    page.screenshot(path=FOLDER / f"{name}.png")


def take_members(browser: Browser, door: str, password: str) -> None:
    """The member's pictures."""
    with signed_in(browser, door, "hanako@example.jp", password, PHONE) as page:
        page.goto(f"{door}/box/")
        take(page, "box-phone")
        page.goto(f"{door}/senders/")
        take(page, "senders-phone")
    with signed_in(browser, door, "hanako@example.jp", password, DESKTOP) as page:
        page.goto(f"{door}/box/")
        page.locator("main form[action$='/open'] button").first.click()
        take(page, "letter-desktop")


def take_senders(browser: Browser, door: str, password: str) -> None:
    """The console's picture."""
    with signed_in(browser, door, "city@example.jp", password, DESKTOP) as page:
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
        take_members(browser, f"http://localhost:{ports.member}", password)
        take_senders(browser, f"http://localhost:{ports.sender}", password)
        browser.close()


if __name__ == "__main__":
    main()
