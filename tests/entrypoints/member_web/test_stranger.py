"""Jiro, the stranger, with Hanako's addresses: as if there were nothing."""

from uuid import uuid4

import pytest
from django.test import Client

from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.senders.models import Sender
from mypost.subscriptions.models import Subscription
from tests.conftest import SendLetter
from tests.entrypoints.member_web.conftest import openings, page

OF_A_LETTER = ["", "documents/1", "documents/2", "receipt"]


@pytest.mark.parametrize("path", OF_A_LETTER)
def test_he_finds_no_page_of_an_opened_letter(
    his: Client, with_document: Letter, path: str
) -> None:
    assert his.get(f"/letters/{with_document.id}/{path}").status_code == 404


@pytest.mark.parametrize("path", OF_A_LETTER)
def test_he_finds_no_page_of_an_unopened_letter(his: Client, letter: Letter, path: str) -> None:
    assert his.get(f"/letters/{letter.id}/{path}").status_code == 404


def test_he_cannot_open_it(his: Client, letter: Letter) -> None:
    assert his.post(f"/letters/{letter.id}/open").status_code == 404
    letter.refresh_from_db()
    assert letter.state == "consigned"
    assert openings() == 0


@pytest.mark.parametrize("path", OF_A_LETTER)
def test_it_looks_like_a_letter_that_never_was(
    his: Client, with_document: Letter, path: str
) -> None:
    hers = his.get(f"/letters/{with_document.id}/{path}")
    none = his.get(f"/letters/{uuid4()}/{path}")
    assert _without_address(hers.content) == _without_address(none.content)
    assert {**hers.headers, "Content-Length": ""} == {**none.headers, "Content-Length": ""}


def _without_address(content: bytes) -> list[bytes]:
    varying = (b"csrf", b'name="next"')  # the token, and the page that was asked for
    return [line for line in content.splitlines() if not any(v in line.lower() for v in varying)]


@pytest.mark.parametrize("path", ["/", "/box/", "/due/", "/senders/"])
def test_his_own_pages_show_nothing_of_hers(his: Client, letter: Letter, path: str) -> None:
    shown = page(his, path)
    assert "国民健康保険税" not in shown
    assert str(letter.id) not in shown


def test_he_cannot_leave_a_sender_for_her(his: Client, chosen: Subscription) -> None:
    assert his.post(f"/senders/{chosen.sender_id}/leave").status_code == 404
    assert Subscription.objects.get(id=chosen.id).is_active


def test_he_cannot_decline_a_topic_for_her(his: Client, chosen: Subscription, city: Sender) -> None:
    topic = city.topics.get(slug="news")
    answer = his.post(f"/senders/{city.id}/topics/{topic.id}", {"wanted": "no"})
    assert answer.status_code == 404
    assert Subscription.objects.get(id=chosen.id).declined_topics == []


def test_nobody_sees_a_sender_whose_contract_is_not_in_force(his: Client, city: Sender) -> None:
    Sender.objects.filter(id=city.id).update(contract_state="applied", contract_since=None)
    assert his.get(f"/senders/{city.id}/").status_code == 404
    assert his.post(f"/senders/{city.id}/choose").status_code == 404
    assert "みなと市" not in page(his, "/senders/?tab=selectable")


@pytest.mark.parametrize(
    "path", ["/box/", "/due/", "/senders/", "/me/", "/mailbox/", "/box/?show=unread&older=1"]
)
def test_whoever_is_not_signed_in_signs_in_first_and_comes_back(nobodys: Client, path: str) -> None:
    answer = nobodys.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/login/?next=/")


@pytest.mark.parametrize("path", ["", "documents/1", "receipt"])
def test_whoever_is_not_signed_in_gets_nothing_of_a_letter(
    nobodys: Client, with_document: Letter, path: str
) -> None:
    assert nobodys.get(f"/letters/{with_document.id}/{path}").status_code == 302


def test_a_fragment_without_a_session_sends_the_whole_page_to_sign_in(
    nobodys: Client, city: Sender
) -> None:
    answer = nobodys.post(f"/senders/{city.id}/choose", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/account/login/")
    assert answer.content == b""


def test_her_level_does_not_help_him(his: Client, hanako: Member, send_letter: SendLetter) -> None:
    letter_id = send_letter(required_assurance=3).letter_id
    assert his.get(f"/letters/{letter_id}/").status_code == 404
