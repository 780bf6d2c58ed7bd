"""Changing the e-mail address: a code to the new one, a notice to the old one, and a way back."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from pytest_django import Settings

from mypost.accounts.models import Account
from mypost.common.clock import now
from mypost.members.models import Member
from tests.conftest import PASSWORD
from tests.entrypoints.signed_in import confirmed_again, signed_in

NEW, OLD = "hanako.new@example.jp", "hanako@example.jp"


@pytest.fixture(autouse=True)
def _door(settings: Settings) -> None:
    settings.ROOT_URLCONF = "config.urls.member_web"
    settings.DOOR = "member_web"


@pytest.fixture
def hers(hanako: Member) -> Client:
    """Hanako's browser; she has just confirmed that it is she."""
    return confirmed_again(signed_in(hanako.account), hanako.account)


def add(http: Client, email: str = NEW) -> None:
    http.post("/account/email/", {"action_add": "", "email": email})


def confirm(http: Client) -> None:
    found = re.search(r"^ {4}(\S+)$", str(mail.outbox[-1].body), flags=re.MULTILINE)
    assert found
    http.post("/account/confirm-email/", {"code": found[1]})


def make_main(http: Client, email: str = NEW) -> None:
    http.post("/account/email/", {"action_primary": "", "email": email})


def remove(http: Client, email: str) -> None:
    http.post("/account/email/", {"action_remove": "", "email": email})


def addresses() -> dict[str, bool]:
    return dict(EmailAddress.objects.values_list("email", "primary"))


def mails_to(email: str) -> list[str]:
    return [str(sent.subject) for sent in mail.outbox if sent.to == [email]]


def test_adding_one_asks_who_it_is_first(hanako: Member) -> None:
    http = signed_in(hanako.account)
    answer = http.post("/account/email/", {"action_add": "", "email": NEW})
    assert answer["Location"].startswith("/account/reauthenticate/")
    assert mail.outbox == []


def test_the_code_goes_to_the_new_one_and_a_notice_to_the_old_one(hers: Client) -> None:
    add(hers)
    assert (len(mails_to(NEW)), len(mails_to(OLD))) == (1, 0)
    confirm(hers)
    assert (len(mails_to(NEW)), len(mails_to(OLD))) == (1, 1)
    make_main(hers)
    assert len(mails_to(OLD)) == 2
    assert NEW in str(mail.outbox[-1].body)
    assert addresses() == {OLD: False, NEW: True}
    assert Account.objects.get().email == NEW


def test_without_the_code_nothing_changes(hers: Client) -> None:
    add(hers)
    hers.post("/account/confirm-email/", {"code": "ABCDEF"})
    make_main(hers)
    assert addresses() == {OLD: True}


def test_the_old_one_stays_a_week_and_cannot_be_removed(hers: Client) -> None:
    add(hers)
    confirm(hers)
    make_main(hers)
    Account.objects.update(email_changed_at=now() - timedelta(days=6, hours=23))
    remove(hers, OLD)
    assert OLD in addresses()
    Account.objects.update(email_changed_at=now() - timedelta(days=7, minutes=1))
    remove(hers, OLD)
    assert addresses() == {NEW: True}


def test_the_old_one_can_take_the_account_back(hers: Client) -> None:
    add(hers)
    confirm(hers)
    make_main(hers)
    Account.objects.get().set_password("the-thief-chose-this-one")
    back = Client()
    back.post("/account/password/reset/", {"email": OLD})
    found = re.search(r"^(\S{6,12})$", str(mail.outbox[-1].body), flags=re.MULTILINE)
    assert found, mail.outbox[-1].body
    back.post("/account/password/reset/confirm/", {"code": found[1]})
    new = {"password1": "back-in-my-own-house-again", "password2": "back-in-my-own-house-again"}
    back.post("/account/password/reset/complete/", new)
    back.post("/account/login/", {"login": OLD, "password": new["password1"]})
    confirmed_again(back, Account.objects.get())
    make_main(back, OLD)
    assert addresses()[OLD]
    assert hers.get("/box/")["Location"].startswith("/account/login/")


def test_the_strangers_address_is_not_taken(hers: Client, jiro: Member) -> None:
    add(hers, jiro.account.email)
    assert addresses() == {OLD: True, jiro.account.email: True}
    remove(hers, jiro.account.email)
    make_main(hers, jiro.account.email)
    assert EmailAddress.objects.get(email=jiro.account.email).user == jiro.account


def test_both_addresses_sign_in(hers: Client) -> None:
    add(hers)
    confirm(hers)
    for email in (OLD, NEW):
        http = Client()
        http.post("/account/login/", {"login": email, "password": PASSWORD})
        assert "_auth_user_id" in http.session
