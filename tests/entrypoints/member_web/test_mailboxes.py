"""Who gets a mailbox: everybody who confirms an address, and nobody who works here."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from mypost.evidence.models import Line
from mypost.members.models import Member
from mypost.operators.models import Operator
from mypost.senders.models import Staff
from mypost.vault.models import MailboxKey
from tests.conftest import make_account
from tests.entrypoints.member_web.conftest import browser_of, page, text_of
from tests.entrypoints.signed_in import confirmed_again

NEW = {"email": "misaki@example.jp", "name": "鈴木　美咲", "password1": "a-long-way-to-the-sea"}


def sign_up(http: Client) -> None:
    assert http.post("/account/signup/", NEW).status_code == 302


def code_in(mails: list[EmailMessage]) -> str:
    found = re.search(r"^ {4}(\S+)$", str(mails[-1].body), flags=re.MULTILINE)
    assert found, mails[-1].body
    return found.group(1)


def test_confirming_the_address_opens_the_mailbox(
    nobodys: Client, mailoutbox: list[EmailMessage]
) -> None:
    sign_up(nobodys)
    assert not Member.objects.exists()
    answer = nobodys.post("/account/confirm-email/", {"code": code_in(mailoutbox)}, follow=True)
    assert "新しい手紙はありません" in text_of(answer)
    member = Member.objects.get(account__email="misaki@example.jp")
    assert (member.level, member.account.name) == (0, "鈴木　美咲")
    assert MailboxKey.objects.filter(mailbox_id=member.mailbox_id).count() == 1
    assert Line.objects.filter(event="MailboxCreated", mailbox_id=member.mailbox_id).count() == 1


def test_a_wrong_code_opens_none(nobodys: Client, mailoutbox: list[EmailMessage]) -> None:
    sign_up(nobodys)
    nobodys.post("/account/confirm-email/", {"code": "ABCDEF"})
    assert not Member.objects.exists()


def test_the_mailbox_and_the_confirmation_stand_or_fall_together(
    nobodys: Client, mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    sign_up(nobodys)
    settings.CUSTODIAN_KEY_FILE = None
    nobodys.raise_request_exception = False
    answer = nobodys.post("/account/confirm-email/", {"code": code_in(mailoutbox)})
    assert answer.status_code == 500  # a misconfigured door, not an input
    assert not Member.objects.exists()
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_confirming_a_further_address_opens_no_second_one(
    hers: Client, hanako: Member, mailoutbox: list[EmailMessage]
) -> None:
    confirmed_again(hers, hanako.account)
    hers.post("/account/email/", {"action_add": "", "email": "hanako2@example.jp"})
    hers.post("/account/confirm-email/", {"code": code_in(mailoutbox)})
    assert EmailAddress.objects.filter(email="hanako2@example.jp", verified=True).exists()
    assert Member.objects.count() == 1


def test_staff_are_shown_their_own_door(clerk: Staff) -> None:
    http = browser_of(clerk.account)
    answer = http.get("/box/", follow=True)
    assert 'href="http://localhost:8001"' in text_of(answer)
    assert "places__list" not in text_of(answer)
    assert page(http, "/mailbox/")


def test_operators_are_shown_their_own_door(operator: Operator) -> None:
    answer = browser_of(operator.account).get("/", follow=True)
    assert 'href="http://localhost:8002"' in text_of(answer)


@pytest.mark.parametrize("who", ["clerk", "operator"])
def test_who_works_here_gets_no_mailbox_by_a_forged_form(
    who: str, request: pytest.FixtureRequest
) -> None:
    worker: Staff | Operator = request.getfixturevalue(who)
    assert browser_of(worker.account).post("/mailbox/open").status_code == 302
    assert not Member.objects.filter(account=worker.account).exists()


def test_staff_who_confirm_an_address_get_no_mailbox(
    clerk: Staff, mailoutbox: list[EmailMessage]
) -> None:
    http = confirmed_again(browser_of(clerk.account), clerk.account)
    http.post("/account/email/", {"action_add": "", "email": "clerk2@example.jp"})
    http.post("/account/confirm-email/", {"code": code_in(mailoutbox)})
    assert EmailAddress.objects.filter(email="clerk2@example.jp", verified=True).exists()
    assert not Member.objects.exists()


def test_who_misses_the_mailbox_opens_it_by_a_button_and_no_get(db: None) -> None:
    http = browser_of(make_account("misaki@example.jp", "美咲"))
    assert "郵便受けがまだありません" in text_of(http.get("/box/", follow=True))
    assert not Member.objects.exists()
    assert http.get("/mailbox/open").status_code == 405
    assert "新しい手紙はありません" in text_of(http.post("/mailbox/open", follow=True))
    assert Member.objects.count() == 1


def test_an_unconfirmed_address_opens_none(db: None) -> None:
    account = make_account("misaki@example.jp", "美咲")
    EmailAddress.objects.update(verified=False)
    browser_of(account).post("/mailbox/open")
    assert not Member.objects.exists()


def test_a_member_has_no_use_for_the_page(hers: Client) -> None:
    assert hers.get("/mailbox/").headers["Location"] == "/"
