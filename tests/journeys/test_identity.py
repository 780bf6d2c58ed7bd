"""How people prove who they are: through the post, with the card, with the app; and what becomes
of it when they move or lose the card. Everybody outside answers over real sockets.
"""

import json
import re
from uuid import uuid4

import httpx
import pypdfium2
from playwright.sync_api import Browser, Page, expect

from tests.journeys.asking import Asked
from tests.journeys.browser import DESKTOP, Person, person
from tests.journeys.conftest import Demo
from tests.journeys.newcomer import mails_to, sign_up, text_of
from tests.patience import PATIENCE, await_it

SIGN_PIN, AUTH_PIN = "ABC123", "1234"


def declare(member: Person, name: str, kana: str) -> None:
    page = member.go("/me/profile/")
    page.fill("[name=name]", name)
    page.fill("[name=kana]", kana)
    page.fill("[name=postal_code]", "１００－０００１")
    page.get_by_role("button", name="住所を調べる").click()
    expect(page.locator("[name=address]")).to_have_value(re.compile("千代田区千代田"))
    page.fill("[name=address]", "東京都千代田区千代田１－１")
    page.fill("[name=birth_year]", "平成2")
    page.fill("[name=birth_month]", "３")
    page.fill("[name=birth_day]", "21")
    page.check("[name=sex][value='2']")
    member.submit("main form:has([name=kana])")


def ask_for_passcode(member: Person) -> None:
    member.go("/me/passcode/")
    member.page.get_by_role("button", name="この住所に送る").click()
    member.page.wait_for_load_state()


def printed_paper(demo: Demo, name: str) -> str:
    """The text of the newest letter to this person that the print shop has."""

    def newest() -> str | None:
        shown = httpx.get(demo.print_shop, timeout=PATIENCE).text
        for path in re.findall(r"/pieces/[^/\"]+/paper\.pdf", shown):
            answer = httpx.get(f"{demo.print_shop}{path}", timeout=PATIENCE)
            paper = pypdfium2.PdfDocument(answer.content)
            text = str(paper[0].get_textpage().get_text_range())
            paper.close()
            if name in text:
                return text
        return None

    return await_it(newest, "the printed letter")


def code_on(paper: str) -> str:
    code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b(?!.*〒)", paper.split("様")[1])
    assert code is not None, paper
    return code.group()


def at_the_door(page: Page, demo: Demo, name: str, act: str) -> None:
    """Do something with a person's letter at the carrier's."""
    await_it(
        lambda: name in httpx.get(demo.carrier, timeout=PATIENCE).text,
        "the letter at the carrier's",
    )
    page.goto(demo.carrier)
    page.locator(f"li:has-text('{name}') a, article:has-text('{name}') a").first.click()
    if act == "本人確認をして渡す":
        page.fill("[name=digits]", "0257")
    page.get_by_role("button", name=act).click()
    page.wait_for_load_state()


def use_card(member: Person, resident: str, pin: str) -> None:
    """At the reader's page: choose the card, enter its PIN, come back."""
    page = member.page
    page.wait_for_url("**/card?**")
    page.check(f"[name=card][value={resident}]")
    page.fill("[name=pin]", pin)
    page.get_by_role("button", name="署名する").click()
    page.locator("form[action^='http'] button").first.click()
    page.wait_for_url(f"{member.door}/**")


def begin_with_card(member: Person, path: str) -> None:
    member.go(path)
    go_on_to_reader(member)


def go_on_to_reader(member: Person) -> None:
    member.page.locator("main form:has(details) .button-row button").first.click()


def prove_by_card(member: Person, resident: str) -> None:
    """Level 3, and the card linked for signing in."""
    begin_with_card(member, "/me/card/prove/")
    use_card(member, resident, SIGN_PIN)
    go_on_to_reader(member)  # the next page offers it
    use_card(member, resident, AUTH_PIN)


def sign_in_by_card(member: Person, resident: str) -> None:
    begin_with_card(member, "/account/card/")
    use_card(member, resident, AUTH_PIN)


def at_the_office(page: Page, demo: Demo, resident: str, act: str) -> None:
    page.goto(f"{demo.cards}/residents/{resident}")
    page.get_by_role("button", name=act).click()
    page.wait_for_load_state()


def level_of(member: Person) -> str:
    return member.go("/me/").locator("#level").inner_text()


def test_a_newcomer_reaches_level_2_through_the_post_and_level_3_through_the_card(
    demo: Demo, chromium: Browser
) -> None:
    email = f"{uuid4().hex[:8]}@example.jp"
    with (
        person(chromium, demo.member) as member,
        person(chromium, demo.member, size=DESKTOP) as outside,
    ):
        sign_up(member, demo, email, name="辻さくら")
        declare(member, "辻　さくら", "つじ　さくら")
        assert "レベル1" in level_of(member)
        ask_for_passcode(member)
        code = code_on(printed_paper(demo, "辻　さくら"))
        at_the_door(outside.page, demo, "辻　さくら", "不在通知書を入れる")
        at_the_door(outside.page, demo, "辻　さくら", "本人確認をして渡す")
        member.go("/me/passcode/")
        member.page.fill("input[name=code]", "ZZZZ-ZZZZ-ZZZZ")
        member.submit("main form:has([name=code])")
        expect(member.page.locator("main")).to_contain_text("4回")
        member.page.fill("input[name=code]", code.lower().replace("-", " "))
        member.submit("main form:has([name=code])")
        await_it(lambda: "レベル2" in level_of(member), "level 2")
        prove_by_card(member, "sakura")
        assert "レベル3" in level_of(member)
        expect(member.page.locator("main")).to_contain_text("辻")
        mails = [text_of(mail) for mail in mails_to(demo, email)]
        assert not any("千代田" in mail or code in mail for mail in mails)
    with person(chromium, demo.member) as returning:
        sign_in_by_card(returning, "sakura")
        assert "レベル3" in level_of(returning)


def test_a_letter_that_comes_back_flags_the_address(demo: Demo, chromium: Browser) -> None:
    with (
        person(chromium, demo.member) as member,
        person(chromium, demo.member, size=DESKTOP) as outside,
    ):
        sign_up(member, demo, f"{uuid4().hex[:8]}@example.jp", name="井上澪")
        declare(member, "井上　澪", "いのうえ　みお")
        ask_for_passcode(member)
        printed_paper(demo, "井上　澪")
        at_the_door(outside.page, demo, "井上　澪", "返還する")
        await_it(
            lambda: (
                "返還" in member.go("/me/passcode/").locator("main").inner_text()
                or "戻" in member.page.locator("main").inner_text()
            ),
            "the returned letter",
        )
        assert "レベル1" in level_of(member)


def test_a_moved_member_is_noticed_and_a_lost_card_is_stopped(
    demo: Demo, chromium: Browser
) -> None:
    with (
        person(chromium, demo.member) as member,
        person(chromium, demo.member, size=DESKTOP) as outside,
    ):
        member.sign_in("taro@example.jp")
        prove_by_card(member, "taro")
        assert "レベル3" in level_of(member)
        at_the_office(outside.page, demo, "taro", "転居・転入届")
        sign_in_by_card(outside, "taro")  # the card still signs in, and the move is noticed
        told = level_of(outside)
        assert "レベル3" in told
        assert "証明が切れています" in told
        with person(chromium, demo.member) as office:
            at_the_office(office.page, demo, "taro", "紛失の届け出")
            begin_with_card(office, "/account/card/")
            use_card(office, "taro", AUTH_PIN)
            expect(office.page.locator("main")).to_contain_text("certificate_revoked")
        assert "/account/login/" in member.go("/me/").url  # whoever was signed in is signed out
        member.sign_in("taro@example.jp")  # the password still opens the box
        assert "レベル3" in level_of(member)


def send_to_hanako(demo: Demo, stage: Asked, subject: str, **demands: object) -> None:
    key = stage.ask("make-keys", "city@example.jp")["city@example.jp"]
    pseudonym = stage.ask("name-for", "hanako@example.jp", "city@example.jp")
    letter = {
        "recipient": pseudonym, "reference": uuid4().hex[:12], "subject": subject,
        "body": "マイナンバーカードで確認できた方だけがお読みになれます。", **demands,
    }  # fmt: skip
    sent = httpx.post(
        f"{demo.sender}/api/v1/letters",
        files={"letter": (None, json.dumps(letter), "application/json")},
        headers={"Authorization": f"Bearer {key}", "Idempotency-Key": uuid4().hex},
        timeout=PATIENCE,
    )
    assert sent.json()["state"] == "consigned", sent.text


def test_a_letter_asks_for_the_card_now_and_tells_nothing_before(
    demo: Demo, demo_stage: Asked, chromium: Browser
) -> None:
    subject = f"所得の証明 {uuid4().hex[:6]}"
    send_to_hanako(demo, demo_stage, subject, required_aal=3, confidential=True)
    with person(chromium, demo.member) as member:
        member.sign_in("hanako@example.jp")
        page = member.go("/box/")
        assert subject not in page.content()
        page.locator("main a[href^='/letters/']").first.click()
        page.wait_for_load_state()
        assert subject not in page.content()
        assert "みなと市" not in page.locator("main").inner_text()
        page.locator("main a[href*='step-up']").first.click()
        go_on_to_reader(member)
        use_card(member, "hanako", AUTH_PIN)
        page.locator("form[action$='/open'] button").first.click()
        expect(page.locator("h1")).to_contain_text(subject)


def test_the_app_proves_and_signs_in(demo: Demo, chromium: Browser) -> None:
    with person(chromium, demo.member) as member:
        sign_up(member, demo, f"{uuid4().hex[:8]}@example.jp", name="Emma")
        member.go("/me/app/")
        use_app(member, "emma", SIGN_PIN)
        assert "レベル3" in level_of(member)
    with person(chromium, demo.member) as returning:
        returning.go("/account/app/sign-in/")
        use_app(returning, "emma", AUTH_PIN)
        assert "レベル3" in level_of(returning)


def use_app(member: Person, resident: str, pin: str) -> None:
    page = member.page
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/authorize?**")
    page.select_option("[name=card]", resident)
    page.fill("[name=pin]", pin)
    page.locator("button[value=agree]").click()
    page.wait_for_url(f"{member.door}/account/app/**")
    member.submit("main form")


def test_a_wrong_pin_tells_how_many_tries_are_left(demo: Demo, chromium: Browser) -> None:
    with person(chromium, demo.member) as member:
        begin_with_card(member, "/account/card/")
        member.page.check("[name=card][value=kiyo]")
        member.page.fill("[name=pin]", "9999")
        member.page.get_by_role("button", name="署名する").click()
        expect(member.page.locator("main")).to_contain_text("残り2回")
