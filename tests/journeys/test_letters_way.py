"""One letter's whole way, as three people live it, each in a browser of their own."""

import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import httpx
from playwright.sync_api import Browser, FrameLocator, expect

from sandbox.processes import ROOT
from tests.journeys.browser import DESKTOP, Person, person
from tests.journeys.conftest import Demo
from tests.journeys.newcomer import mails_to, sign_up, text_of
from tests.patience import PATIENCE, await_it


def printed(chromium: Browser, *texts: str) -> bytes:
    """A paper as somebody prints it from a browser, with a text on each page."""
    page = chromium.new_page()
    sheets = "".join(f"<p style='break-after: page'>{text}</p>" for text in texts)
    page.set_content(f"<!doctype html>{sheets}")
    paper = page.pdf()
    page.close()
    return paper


def choose_the_city(member: Person) -> None:
    page = member.go("/senders/?tab=selectable")
    page.get_by_role("link", name="みなと市").first.click()
    page.locator("form[action*='/choose'] button").first.click()
    page.wait_for_load_state()


def newest_pseudonym(city: Person) -> str:
    """Who joined last, as the city sees it."""
    listed = city.page.request.get(f"{city.door}/members.csv").text().splitlines()[1:]
    return max(listed, key=lambda line: line.split(",")[1]).split(",")[0].strip('"')


def write_to(city: Person, pseudonym: str, subject: str, paper: Path) -> None:
    page = city.go("/letters/new")
    page.fill("[name=subject]", subject)
    page.fill("[name=body]", "## お知らせ\n\n**12月25日**までにお読みください。")
    page.set_input_files("[name=documents]", str(paper))
    page.fill("[name=reference]", f"J-{uuid4().hex[:8]}")
    page.locator("button[name=next]").click()
    page.fill("[name=recipients]", pseudonym)
    page.locator("button[name=check]").click()
    expect(page.locator("main")).to_contain_text(subject)  # the preview, as the member will see it
    page.locator("form[action$='/send'] button").first.click()
    page.wait_for_load_state()


def check(receipt: Path, key: Path, *documents: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "tools/verify_receipt.py", str(receipt), "--key", str(key)]
    for document in documents:
        command += ["--document", str(document)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def download(somebody: Person, path: str, folder: Path) -> Path:
    def ready() -> bytes | None:
        answer = somebody.page.request.get(f"{somebody.door}{path}")
        return answer.body() if answer.status == 200 else None

    file = folder / f"{uuid4().hex}.json"
    file.write_bytes(await_it(ready, path))
    return file


def look_through(viewer: FrameLocator) -> None:
    """Make a paper of two pages larger by its button, smaller by a key, and turn the page."""
    sheet, room = viewer.locator(".sheet").first, viewer.locator(".viewer__pages")
    expect(viewer.locator("canvas").first).to_be_visible()
    fitted = sheet.evaluate("sheet => sheet.clientWidth")
    viewer.get_by_role("button", name="大きく").click()
    larger = f"sheet => Math.abs(sheet.clientWidth - {fitted * 1.25}) < 2"
    await_it(lambda: sheet.evaluate(larger), "a larger page")
    room.press("Control+-")  # the browser's own
    assert sheet.evaluate(larger)
    for key in "++---":  # faster than a page is drawn
        room.press(key)
    await_it(lambda: abs(sheet.evaluate("sheet => sheet.clientWidth") - fitted) < 2, "a smaller")
    number = viewer.locator("#page-number")
    expect(number).to_have_text("1")
    room.evaluate("room => room.scrollTo(0, room.scrollHeight)")
    expect(number).to_have_text("2")
    expect(viewer.locator("#page-total")).to_have_text("2")


def test_from_signing_up_to_two_receipts_that_verify(
    demo: Demo, chromium: Browser, tmp_path: Path
) -> None:
    email, subject = f"{uuid4().hex[:8]}@example.jp", f"図書館のお知らせ {uuid4().hex[:6]}"
    paper = tmp_path / "library.pdf"
    paper.write_bytes(printed(chromium, "The library is closed.", "On Monday."))
    with (
        person(chromium, demo.member) as member,
        person(chromium, demo.sender, size=DESKTOP) as city,
    ):
        sign_up(member, demo, email)
        choose_the_city(member)
        city.sign_in_to_work("city-tax@example.jp")
        write_to(city, newest_pseudonym(city), subject, paper)

        alert = await_it(
            lambda: [m for m in mails_to(demo, email) if "みなと市" in text_of(m)], "the alert"
        )
        assert subject not in text_of(alert[0])
        assert "12月25日" not in text_of(alert[0])

        page = member.go("/box/")
        page.get_by_text(subject).first.click()
        page.wait_for_load_state()
        if page.locator("form[action$='/open'] button").count():
            page.locator("form[action$='/open'] button").first.click()
        expect(page.locator("h1")).to_contain_text(subject)
        expect(page.locator("main")).to_contain_text("12月25日")
        look_through(page.frame_locator("iframe").first)
        letter_path = re.sub(r".*(/letters/[0-9a-f-]{36}/).*", r"\1", page.url)

        city.go(letter_path.rstrip("/"))
        sees_it = city.page.get_by_text("開封").first
        expect(sees_it).to_be_visible()

        mine = download(member, f"{letter_path}receipt", tmp_path)
        theirs = download(city, f"{letter_path}receipt", tmp_path)
        key = tmp_path / "log.vkey"
        key.write_text(httpx.get(f"{demo.member}/log/vkey", timeout=PATIENCE).text)
        for receipt in (mine, theirs):
            verdict = check(receipt, key, paper)
            assert verdict.returncode == 0, verdict.stdout + verdict.stderr
        other = tmp_path / "other.pdf"
        other.write_bytes(printed(chromium, "The library is closed for ever."))
        assert check(mine, key, other).returncode == 1
        assert member.complaints == []
        assert city.complaints == []


def test_reading_works_without_javascript(demo: Demo, chromium: Browser) -> None:
    with person(chromium, demo.member, javascript=False) as member:
        member.sign_in("taro@example.jp")
        page = member.go("/box/")
        page.locator("main form[action$='/open'] button").first.click()
        page.wait_for_load_state()
        assert re.search(r"/letters/[0-9a-f-]{36}/", page.url)
        expect(page.locator("h1")).to_have_count(1)
        link = page.locator("main a[href*='/documents/']").first
        answer = page.request.get(f"{demo.member}{link.get_attribute('href')}")
        assert answer.body().startswith(b"%PDF-")
