"""The passcode at the member's door: ask, follow, enter, and what may go wrong."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from mypost.common.clock import now
from mypost.kernel import passcodes as kernel
from mypost.members import commands as members
from mypost.members.attributes import NewAttributes
from mypost.members.models import Member, Sex
from mypost.proofing import passcodes
from mypost.proofing.models import PasscodeRequest
from mypost.proofing.passcodes import PostalFacts
from mypost.proofing.reasons import PostalEvent, ReturnReason
from tests.conftest import NOW
from tests.entrypoints.active import active_in
from tests.entrypoints.member_web.conftest import page, text_of

PAGE = "/me/passcode/"
WRONG = "0000-0000-0000"
HE_SAYS = NewAttributes(
    name="芝　次郎", kana="シバ　ジロウ", birth_date="1980-02-17", sex=Sex.MALE,
    postal_code="1050011", address="東京都港区芝公園４－２－８", building="みなとハイツ２０２",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _ground(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = tmp_path / "person.key"
    key.write_text(os.urandom(32).hex(), encoding="ascii")
    settings.PERSON_KEY_FILE = key
    monkeypatch.setattr(kernel, "COST", 2)  # as for tests; the cost in earnest is tried elsewhere


@pytest.fixture
def jiro(jiro: Member) -> Member:
    """Jiro has told us who he is."""
    members.declare(jiro, HE_SAYS, at=NOW)
    return Member.objects.get(id=jiro.id)


def ask(http: Client) -> PasscodeRequest:
    assert http.post("/me/passcode/ask").headers["Location"] == PAGE
    return PasscodeRequest.objects.latest("requested_at")


def compose(asked: PasscodeRequest) -> str:
    return passcodes.issue(asked.id, at=now())


def report(asked: PasscodeRequest, *events: PostalEvent, facts: PostalFacts | None = None) -> None:
    for event in events:
        passcodes.note(asked.id, event, at=now(), facts=facts or PostalFacts())


def enter(http: Client, code: str, status: int) -> str:
    return text_of(http.post(PAGE, {"code": code}), status)


def level_of(member: Member) -> int:
    return Member.objects.get(id=member.id).level


def test_it_shows_where_the_letter_goes_before_it_is_asked_for(his: Client, jiro: Member) -> None:
    shown = page(his, PAGE)
    for part in ("105", "東京都港区芝公園４－２－８", "みなとハイツ２０２", "芝　次郎"):
        assert part in shown
    assert "在留カード" in shown
    assert not PasscodeRequest.objects.exists()


def test_without_an_address_it_leads_to_the_profile(hers: Client, hanako: Member) -> None:
    Member.objects.filter(id=hanako.id).update(level=0)
    assert 'href="/me/profile/"' in page(hers, PAGE)
    assert hers.post("/me/passcode/ask").headers["Location"] == "/me/profile/"


def test_asking_twice_sends_one_letter(his: Client, jiro: Member) -> None:
    ask(his)
    ask(his)
    assert PasscodeRequest.objects.count() == 1


def current_step(shown: str) -> int:
    """Where the steps say the letter is, from 1; how many are done, plus one."""
    return shown.count("steps__step--done") + 1


def test_the_letter_can_be_followed(his: Client, jiro: Member) -> None:
    asked = ask(his)
    assert current_step(page(his, PAGE)) == 2
    assert 'name="code"' not in page(his, PAGE)
    compose(asked)
    steps = []
    for event in (PostalEvent.PRINTED, PostalEvent.ACCEPTED):
        report(asked, event, facts=PostalFacts(tracking_number="1234-5678-9012"))
        steps.append(current_step(page(his, PAGE)))
    assert steps == [3, 4]
    assert "1234-5678-9012" in page(his, PAGE)


def test_a_notice_says_until_when_the_letter_is_held(his: Client, jiro: Member) -> None:
    asked = ask(his)
    compose(asked)
    facts = PostalFacts(held_until=(now() + timedelta(days=10)).date())
    report(asked, PostalEvent.NOTICE_LEFT, facts=facts)
    asked.refresh_from_db()
    assert asked.held_until is not None
    shown = page(his, PAGE)
    assert f"{asked.held_until.year}年{asked.held_until.month}月{asked.held_until.day}日" in shown
    assert "郵便局で保管されています" in shown


def test_the_right_code_after_the_hand_over_gives_level_2(his: Client, jiro: Member) -> None:
    asked = ask(his)
    code = compose(asked)
    report(asked, PostalEvent.ACCEPTED, PostalEvent.HANDED_OVER)
    answer = his.post(PAGE, {"code": code.lower().replace("-", " ")}, follow=True)
    assert "住所を確認しました。レベル2になりました。" in text_of(answer)
    assert level_of(jiro) == 2
    assert "住所の確認は済んでいます" in page(his, PAGE)


def test_the_right_code_before_the_hand_over_waits_for_it(his: Client, jiro: Member) -> None:
    asked = ask(his)
    code = compose(asked)
    shown = text_of(his.post(PAGE, {"code": code}, follow=True))
    assert "パスコードは正しく入力されました" in shown
    assert 'name="code"' not in shown
    assert level_of(jiro) == 1
    report(asked, PostalEvent.HANDED_OVER)
    assert level_of(jiro) == 2


def test_a_wrong_code_costs_a_try_and_says_how_many_are_left(his: Client, jiro: Member) -> None:
    compose(ask(his))
    assert "残り4回です" in enter(his, WRONG, 422)
    assert "残り3回です" in enter(his, WRONG, 422)


@pytest.mark.parametrize("code", ["", "12", "あ", "\x00", "x" * 5000], ids=range(5))
def test_what_is_no_code_costs_no_try(his: Client, jiro: Member, code: str) -> None:
    asked = ask(his)
    compose(asked)
    assert 'id="id_code_error"' in enter(his, code, 422)
    asked.refresh_from_db()
    assert asked.tries_left == 5


def test_five_wrong_codes_lock_it_and_the_page_says_why_and_what_next(
    his: Client, jiro: Member
) -> None:
    code = compose(ask(his))
    for _ in range(4):
        enter(his, WRONG, 422)
    enter(his, WRONG, 303)
    enter(his, code, 303)
    shown = page(his, PAGE)
    assert "パスコードは使えなくなりました" in shown
    assert "もう一度手紙を申し込む" in shown
    assert level_of(jiro) == 1


def test_an_old_code_says_that_it_is_too_old(his: Client, jiro: Member) -> None:
    asked = ask(his)
    code = compose(asked)
    PasscodeRequest.objects.filter(id=asked.id).update(expires_at=NOW - timedelta(days=400))
    assert "パスコードは使えなくなりました" in page(his, PAGE)
    enter(his, code, 303)
    assert level_of(jiro) == 1


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        ("moved", "あて名の方はこの住所にお住まいではありませんでした。"),
        ("name_differs", "本人確認書類の氏名または住所が、あて名と違っていました。"),
        ("absent", "ご不在でお渡しできませんでした。"),
        ("refused", "手紙の受け取りを断られました。"),
        ("period_over", "10日間の保管期間内に受け取りがありませんでした。"),
        ("not_printable", "氏名または住所に、印刷できない文字があります。"),
    ],
)
def test_a_letter_that_came_back_says_why(his: Client, jiro: Member, reason: str, why: str) -> None:
    asked = ask(his)
    compose(asked)
    facts = PostalFacts(return_reason=ReturnReason(reason))
    report(asked, PostalEvent.RETURNED, facts=facts)
    shown = page(his, PAGE)
    assert "手紙が戻ってきました" in shown
    assert why in shown
    assert "もう一度手紙を申し込む" in shown
    assert "戻ってきました" in page(his, "/me/")


def test_the_fourth_letter_within_thirty_days_has_to_wait(his: Client, jiro: Member) -> None:
    for _ in range(3):
        asked = ask(his)
        compose(asked)
        report(asked, PostalEvent.RETURNED)
    shown = text_of(his.post("/me/passcode/ask", follow=True))
    assert "しばらくお待ちください" in shown
    assert PasscodeRequest.objects.count() == 3


def test_a_second_account_of_the_same_person_is_led_to_merging(
    his: Client, jiro: Member, hers: Client, hanako: Member
) -> None:
    Member.objects.filter(id=hanako.id).update(level=0)
    members.declare(Member.objects.get(id=hanako.id), HE_SAYS, at=NOW)
    for http in (his, hers):
        asked = ask(http)
        code = compose(asked)
        report(asked, PostalEvent.HANDED_OVER)
        answer = http.post(PAGE, {"code": code})
    assert answer.headers["Location"] == "/me/merge/same-person/"
    assert 'href="/me/merge/same-person/"' in page(hers, PAGE)
    assert level_of(hanako) == 1


def test_a_stranger_neither_sees_the_letter_nor_uses_its_code(
    his: Client, hers: Client, jiro: Member, hanako: Member
) -> None:
    Member.objects.filter(id=hanako.id).update(level=0)
    code = compose(ask(his))
    assert "芝公園" not in page(hers, PAGE)
    assert hers.post(PAGE, {"code": code}).status_code == 303
    assert level_of(hanako) == 0


@pytest.mark.parametrize("state", ["asked", "notice", "entered", "returned"])
def test_it_reads_well_in_both_languages(his: Client, jiro: Member, state: str) -> None:
    asked = ask(his)
    code = compose(asked)
    report(asked, *([PostalEvent.NOTICE_LEFT] if state == "notice" else []))
    report(asked, *([PostalEvent.RETURNED] if state == "returned" else []))
    if state == "entered":
        his.post(PAGE, {"code": code})
    for language in ("ja", "en"):
        his.cookies["mypost_language"] = language
        shown = page(his, PAGE)
        assert active_in(shown) == []
        japanese = re.findall(r"(?s)<h[12][^>]*>[^<]*[\u3040-\u30ff][^<]*</h", shown)
        assert bool(japanese) == (language == "ja")
