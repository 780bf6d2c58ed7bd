"""A city office hands in a file of items and watches it being delivered."""

import re
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Browser, expect

from tests.journeys.browser import DESKTOP, Person, person
from tests.journeys.conftest import Demo
from tests.pdf_makers import by_fpdf2, encrypted


def recipients(city: Person) -> list[str]:
    listed = city.page.request.get(f"{city.door}/members.csv").text().splitlines()[1:]
    return [line.split(",")[0].strip('"') for line in listed]


def hand_in(city: Person, items: Path, *documents: Path, reference: str) -> None:
    page = city.go("/consignments/new")
    page.set_input_files("[name=items]", str(items))
    page.set_input_files("[name=documents]", [str(document) for document in documents])
    page.fill("[name=reference]", reference)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()


def test_each_row_gets_its_result_while_the_bar_is_watched(
    demo: Demo, chromium: Browser, tmp_path: Path
) -> None:
    paper, items, name = tmp_path / "paper.pdf", tmp_path / "items.csv", uuid4().hex[:8]
    paper.write_bytes(by_fpdf2("A paper for all"))
    with person(chromium, demo.sender, size=DESKTOP) as city:
        city.sign_in_to_work("city-tax@example.jp")
        who = recipients(city)
        rows = [f"{one},{name}-{n},回覧,paper.pdf" for n, one in enumerate([*who, "nobody"])]
        text = "仮名ID,整理番号,件名,書類\r\n" + "\r\n".join(rows) + "\r\n"
        items.write_bytes(text.encode("cp932"))
        hand_in(city, items, paper, reference=name)
        expect(city.page.locator("main")).to_contain_text("回覧")
        city.page.locator("form[action$='/send'] button").first.click()
        city.page.wait_for_url(re.compile("/consignments/[0-9a-f-]{36}$"))
        expect(city.page.get_by_text("recipient_unknown").first).to_be_visible()
        expect(city.page.locator("#progress [hx-get]")).to_have_count(0)
        answer = city.page.request.get(f"{city.page.url}/results.csv")
        lines = answer.body().decode("utf-8-sig").splitlines()
        assert lines[0] == "仮名ID,整理番号,件名,書類,result,code,letter_id"
        assert [line.split(",")[4:6] for line in lines[1:]] == [
            *[["consigned", ""]] * len(who),
            ["refused", "recipient_unknown"],
        ]
        assert city.complaints == []


def test_what_is_wrong_is_said_at_its_place_and_nothing_is_sent(
    demo: Demo, chromium: Browser, tmp_path: Path
) -> None:
    locked, items = tmp_path / "locked.pdf", tmp_path / "items.csv"
    locked.write_bytes(encrypted(user="secret"))
    items.write_text("recipient,reference,subjekt\nx,1,y\n", encoding="utf-8")
    with person(chromium, demo.sender, size=DESKTOP) as city:
        city.sign_in_to_work("city-tax@example.jp")
        hand_in(city, items, locked, reference="wrong")
        expect(city.page.locator("main")).to_contain_text("column_unknown")
        assert "wrong" not in city.go("/consignments").locator("main").inner_text()
        items.write_text("recipient,reference,subject,documents\nx,1,y,locked.pdf\n", "utf-8")
        hand_in(city, items, locked, reference="locked")
        expect(city.page.locator("main")).to_contain_text("locked.pdf")
        expect(city.page.locator("main")).to_contain_text("document_encrypted")


def test_a_draft_is_discarded_once_the_question_is_answered_with_yes(
    demo: Demo, chromium: Browser, tmp_path: Path
) -> None:
    items = tmp_path / "items.csv"
    items.write_text("recipient,reference,subject\nx,1,y\n", "utf-8")
    with person(chromium, demo.sender, size=DESKTOP) as city:
        city.sign_in_to_work("city-tax@example.jp")
        hand_in(city, items, reference="asked")
        page, draft = city.page, city.page.url
        dialog, discard = page.locator("dialog[open]"), page.locator("form[action$='/discard']")
        for no in ("Escape", "Enter"):
            discard.get_by_role("button").click()
            expect(dialog).to_contain_text("まだ何も送っていません")
            if no == "Enter":
                dialog.locator("[value=no]").focus()
            page.keyboard.press(no)
            expect(dialog).to_have_count(0)
            expect(discard.get_by_role("button")).to_be_focused()
            assert city.go(draft.removeprefix(city.door)).url == draft
        discard.get_by_role("button").click()
        dialog.locator("[value=yes]").click()
        page.wait_for_url(f"{city.door}/consignments")
        assert page.request.get(draft).status == 404
        assert city.complaints == []
