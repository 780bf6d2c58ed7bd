"""Passkeys at the member's door: registered, named, used, removed; and what is refused."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from pytest_django import Settings

from mypost.accounts.models import Account
from mypost.members.models import Member
from tests.conftest import PASSWORD
from tests.entrypoints.active import active_in
from tests.entrypoints.signed_in import RECORDS, confirmed_again, signed_in
from tests.entrypoints.soft_passkey import (
    ADD,
    AUTHENTICATE,
    CONFIRM,
    SIGN_IN,
    SoftPasskey,
    confirm_at,
    options_on,
    register,
    sign_in_with,
)


@pytest.fixture(autouse=True)
def _door(settings: Settings) -> None:
    settings.ROOT_URLCONF = "config.urls.member_web"
    settings.DOOR = "member_web"


@pytest.fixture
def hers(hanako: Member) -> Client:
    """Hanako's browser; she has just confirmed that it is she."""
    return confirmed_again(signed_in(hanako.account), hanako.account)


def sign_in_with_password(account: Account) -> Client:
    http = Client()
    http.post("/account/login/", {"login": account.email, "password": PASSWORD})
    return http


def passkeys_of(member: Member) -> list[str]:
    own = Authenticator.objects.filter(user=member.account, type="webauthn").order_by("pk")
    return [str(each) for each in own]


def test_a_member_registers_several_and_names_them(hers: Client, hanako: Member) -> None:
    register(hers, SoftPasskey(), "my phone")
    register(hers, SoftPasskey(), "my tablet")
    first = Authenticator.objects.filter(type="webauthn").earliest("pk")
    hers.post(f"/account/2fa/webauthn/keys/{first.pk}/edit/", {"name": "old"})
    assert passkeys_of(hanako) == ["old", "my tablet"]
    assert "old" in hers.get("/account/2fa/webauthn/").content.decode()


def test_one_without_a_name_gets_the_next_number_of_her_own(
    hers: Client, hanako: Member, jiro: Member
) -> None:
    register(confirmed_again(signed_in(jiro.account), jiro.account), SoftPasskey(), "")
    for _ in range(2):
        register(hers, SoftPasskey(), "")
    assert passkeys_of(hanako) == ["パスキー 1", "パスキー 2"]
    assert passkeys_of(jiro) == ["パスキー 1"]


def test_registering_one_tells_the_member_by_mail(hers: Client, hanako: Member) -> None:
    register(hers, SoftPasskey())
    assert [sent.to for sent in mail.outbox][:1] == [[hanako.account.email]]


def test_it_signs_in_without_the_password(hers: Client, hanako: Member) -> None:
    passkey, http = SoftPasskey(), Client()
    register(hers, passkey)
    assert sign_in_with(http, passkey)["Location"] == "/"
    assert http.session["_auth_user_id"] == str(hanako.account.pk)


def test_it_leads_to_the_page_that_was_asked_for(hers: Client) -> None:
    passkey, http = SoftPasskey(), Client()
    register(hers, passkey)
    assert sign_in_with(http, passkey, next="/box/")["Location"] == "/box/"


def test_it_leads_to_no_page_of_others(hers: Client) -> None:
    passkey, http = SoftPasskey(), Client()
    register(hers, passkey)
    assert sign_in_with(http, passkey, next="https://evil.example/")["Location"] == "/"


def test_a_removed_one_signs_nobody_in(hers: Client, hanako: Member) -> None:
    passkey, http = SoftPasskey(), Client()
    register(hers, passkey)
    own = Authenticator.objects.get(type="webauthn")
    hers.post(f"/account/2fa/webauthn/keys/{own.pk}/remove/")
    assert passkeys_of(hanako) == []
    assert sign_in_with(http, passkey)["Location"] == "/account/login/"
    assert "_auth_user_id" not in http.session


def test_the_password_alone_no_longer_does_once_there_is_one(hers: Client, hanako: Member) -> None:
    passkey = SoftPasskey()
    register(hers, passkey)
    http = sign_in_with_password(hanako.account)
    assert "_auth_user_id" not in http.session
    assert confirm_at(http, AUTHENTICATE, passkey)["Location"] == "/"
    assert "_auth_user_id" in http.session


def test_the_stranger_neither_renames_nor_removes_it(hers: Client, jiro: Member) -> None:
    register(hers, SoftPasskey(), "hers")
    own = Authenticator.objects.get(type="webauthn")
    his = confirmed_again(signed_in(jiro.account), jiro.account)
    for act in ("edit", "remove"):
        address = f"/account/2fa/webauthn/keys/{own.pk}/{act}/"
        assert his.get(address).status_code == his.post(address, {"name": "his"}).status_code == 404
    assert str(Authenticator.objects.get(pk=own.pk)) == "hers"


def test_the_strangers_passkey_is_not_hers(hers: Client, hanako: Member, jiro: Member) -> None:
    register(hers, SoftPasskey())
    his = SoftPasskey()
    register(confirmed_again(signed_in(jiro.account), jiro.account), his)
    http = sign_in_with_password(hanako.account)
    assert confirm_at(http, AUTHENTICATE, his).status_code == 200
    his.owner = str(hanako.account.pk).encode()
    another = Client()
    assert sign_in_with(another, his)["Location"] == "/account/login/"
    assert "_auth_user_id" not in {**http.session, **another.session}


def test_one_that_asks_for_no_finger_face_or_pin_is_refused(hers: Client, hanako: Member) -> None:
    register(hers, SoftPasskey(verifies=False))
    assert passkeys_of(hanako) == []


def test_it_asks_for_them_at_each_use(hers: Client) -> None:
    passkey, http = SoftPasskey(), Client()
    register(hers, passkey)
    passkey.verifies = False
    assert sign_in_with(http, passkey)["Location"] == "/account/login/"


def test_a_false_page_gets_nothing_that_opens_ours(hers: Client) -> None:
    passkey, http = SoftPasskey(), Client()
    register(hers, passkey)
    passkey.origin = "https://testserver.evil.example"
    assert sign_in_with(http, passkey)["Location"] == "/account/login/"


def test_an_answer_counts_once(hers: Client) -> None:
    passkey, http = SoftPasskey(), Client()
    register(hers, passkey)
    options = http.get(SIGN_IN, headers={"Accept": "application/json"}).json()["request_options"]
    answer = {"credential": json.dumps(passkey.sign(options))}
    assert http.post(SIGN_IN, answer)["Location"] == "/"
    http.post("/account/logout/")
    assert http.post(SIGN_IN, answer)["Location"] == "/account/login/"
    assert Client().post(SIGN_IN, answer)["Location"] == "/account/login/"


NONSENSE: list[Any] = [
    "", "{", "null", "[]", "1", '"x"', "{}", '{"id": 1}', '{"response": 1}',
    '{"response": {"userHandle": 1}}', '{"response": {"userHandle": "////"}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA",'
    '"attestationObject":"AA","authenticatorData":"AA","signature":"AA","userHandle":"AA"}}',
    '{"id":"AA","rawId":"AA","type":"x","response":{"clientDataJSON":"e30",'
    '"attestationObject":"oA","authenticatorData":"","signature":"","userHandle":"MQ"}}',
]  # fmt: skip


@pytest.mark.parametrize("nonsense", NONSENSE, ids=range(len(NONSENSE)))
@pytest.mark.parametrize("page", [ADD, SIGN_IN, CONFIRM, AUTHENTICATE])
def test_nonsense_is_a_wrong_answer(hers: Client, hanako: Member, page: str, nonsense: str) -> None:
    register(hers, SoftPasskey())
    http = {ADD: hers, CONFIRM: hers, SIGN_IN: Client()}.get(page)
    http = http or sign_in_with_password(hanako.account)
    http.get(page, headers={"Accept": "application/json"})
    answer = http.post(page, {"credential": nonsense, "passwordless": "on"})
    assert answer.status_code in (200, 302)
    assert len(passkeys_of(hanako)) == 1


@pytest.mark.parametrize("cut", range(0, 100, 9))
def test_a_truncated_answer_is_a_wrong_one(hers: Client, hanako: Member, cut: int) -> None:
    passkey = SoftPasskey()
    answer = passkey.register(options_on(hers.get(ADD))["creation_options"])
    for part, text in answer["response"].items():
        kept = text[: len(text) * cut // 100]
        damaged = {**answer, "response": {**answer["response"], part: kept}}
        hers.get(ADD)
        assert (
            hers.post(ADD, {"credential": json.dumps(damaged), "passwordless": "on"}).status_code
            == 200
        )
    assert passkeys_of(hanako) == []


def test_adding_and_removing_ask_who_it_is_first(hanako: Member) -> None:
    http = signed_in(hanako.account)
    for page in (ADD, "/account/2fa/totp/activate/", "/account/2fa/recovery-codes/generate/"):
        assert http.get(page)["Location"].startswith("/account/reauthenticate/"), page


def test_having_confirmed_does_not_last(hers: Client) -> None:
    session = hers.session
    for record in session[RECORDS]:
        record["at"] -= 301
    session.save()
    assert hers.get(ADD)["Location"].startswith("/account/reauthenticate/")


@pytest.mark.parametrize("page", [ADD, CONFIRM, "/account/2fa/", "/account/2fa/webauthn/"])
def test_its_pages_do_without_scripts_in_them(hers: Client, page: str) -> None:
    register(hers, SoftPasskey())
    assert active_in(hers.get(page).content.decode()) == []


def test_the_page_for_signing_in_does_too(db: None) -> None:
    shown = Client().get("/account/login/").content.decode()
    assert active_in(shown) == []
    assert 'data-passkey="login"' in shown
