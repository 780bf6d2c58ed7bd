"""What holds for every page of this door."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings as django_settings
from django.test import Client

from mypost.letters.models import Letter
from mypost.subscriptions.models import Subscription
from tests.conftest import SendLetter
from tests.entrypoints.active import active_in
from tests.entrypoints.member_web.conftest import page, text_of

PUBLIC = ["/", "/help/", "/receipts/", "/account/login/", "/account/signup/"]
OF_MEMBERS = [
    "/", "/box/", "/box/?show=unread", "/due/", "/due/?show=past", "/senders/",
    "/senders/?tab=selectable", "/senders/?tab=needs_verification", "/me/", "/help/", "/receipts/",
]  # fmt: skip
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def headings(shown: str) -> list[str]:
    return re.findall(r"(?s)<h[12][^>]*>(.*?)</h[12]>", shown)


@pytest.mark.parametrize("path", OF_MEMBERS)
def test_it_speaks_japanese(hers: Client, with_document: Letter, path: str) -> None:
    shown = page(hers, path)
    assert '<html lang="ja">' in shown
    assert [heading for heading in headings(shown) if not JAPANESE.search(heading)] == []


@pytest.mark.parametrize("path", OF_MEMBERS)
def test_it_speaks_english(in_english: Client, path: str) -> None:
    shown = page(in_english, path)
    assert '<html lang="en">' in shown
    assert [heading for heading in headings(shown) if JAPANESE.search(heading)] == []


@pytest.mark.parametrize("path", OF_MEMBERS)
def test_it_has_one_first_heading_and_a_name(hers: Client, path: str) -> None:
    shown = page(hers, path)
    assert shown.count("<h1") == 1
    assert re.search(r"<title>\S.*｜MyPost</title>", shown)


@pytest.mark.parametrize("path", OF_MEMBERS)
def test_nothing_in_it_acts_by_itself(hers: Client, send_letter: SendLetter, path: str) -> None:
    send_letter()
    assert active_in(page(hers, path)) == []


@pytest.mark.parametrize("path", [*OF_MEMBERS, "/nowhere/", "/letters/"])
def test_its_policy_is_strict(hers: Client, path: str) -> None:
    headers = hers.get(path).headers
    policy = headers["Content-Security-Policy"]
    for rule in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in headers["Cache-Control"]


def test_the_page_of_a_letter_is_as_strict(hers: Client, with_document: Letter) -> None:
    policy = hers.get(f"/letters/{with_document.id}/").headers["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_viewer_is_an_empty_room(nobodys: Client, db: None) -> None:
    policy = nobodys.get("/viewer/").headers["Content-Security-Policy"]
    assert "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("path", PUBLIC)
def test_everybody_may_see_what_is_public(nobodys: Client, db: None, path: str) -> None:
    assert page(nobodys, path)


@pytest.mark.parametrize("path", OF_MEMBERS)
def test_a_head_is_answered_like_a_get_without_its_body(hers: Client, path: str) -> None:
    answer = hers.head(path)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        *OF_MEMBERS, "/me/history/", "/me/card/", "/me/merge/same-person/", "/me/security/",
        "/me/export/", "/me/closing/", "/mailbox/", "/viewer/",
    ],
)  # fmt: skip
def test_it_takes_no_form(hers: Client, path: str) -> None:
    assert hers.post(path).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/box/?show=%00&older=%ff&newer[]=1", "/due/?show=%00", "/senders/?tab=%00&name=%00&all=x",
        "/senders/?name=" + "あ" * 3000, "/?%00", "/help/?a=%f0%28%8c%28",
    ],
)  # fmt: skip
def test_no_question_breaks_it(hers: Client, path: str) -> None:
    assert page(hers, path)


def test_the_style_guide_is_for_development_only(hers: Client) -> None:
    assert not django_settings.DEVELOPMENT
    assert hers.get("/specimen/").status_code == 404


def test_what_is_not_there_is_said_in_words(hers: Client, in_english: Client) -> None:
    assert "ページが見つかりません" in page(hers, "/nowhere/", 404)
    assert "There is no such page" in page(in_english, "/nowhere/", 404)


def test_a_form_that_is_too_old_is_said_in_words(db: None) -> None:
    guarded = Client(enforce_csrf_checks=True)
    guarded.cookies["mypost_language"] = "ja"
    assert "この画面の有効な時間が過ぎました" in text_of(guarded.post("/language"), 403)


def test_our_own_fault_is_said_in_words_even_without_a_database(
    hers: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("mypost.entrypoints.member_web.box.read_page", fail)
    hers.raise_request_exception = False
    shown = page(hers, "/box/", 500)
    assert "こちらの不具合で表示できません" in shown
    assert active_in(shown) == []


def test_the_doors_own_role_is_enough_for_every_page(
    hers: Client,
    send_letter: SendLetter,
    with_document: Letter,
    integrated: Callable[[], None],
    as_the_door: Callable[[], None],
) -> None:
    letter = send_letter(reference="R-2").letter_id
    integrated()
    as_the_door()
    one = f"/letters/{with_document.id}/"
    for path in [*OF_MEMBERS, one, f"{one}documents/1", f"{one}receipt", f"/letters/{letter}/"]:
        assert page_or_file(hers, path)
    assert hers.post(f"/letters/{letter}/open").status_code == 303


def test_the_doors_own_role_is_enough_for_every_choice(
    hers: Client, chosen: Subscription, as_the_door: Callable[[], None]
) -> None:
    sender, topic = chosen.sender_id, chosen.sender.topics.first()
    assert topic is not None
    as_the_door()
    for act in ("leave", "choose", f"topics/{topic.id}"):
        assert hers.post(f"/senders/{sender}/{act}").status_code == 303
    assert hers.post("/me/name", {"name": "花"}).status_code == 303
    assert hers.post("/mailbox/open").status_code == 302


def page_or_file(http: Client, path: str) -> bytes:
    answer = http.get(path)
    assert answer.status_code == 200, path
    return answer.content
