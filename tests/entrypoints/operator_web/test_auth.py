"""Who may enter the back office."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from mypost.members.models import Member
from mypost.operators.models import Operator
from mypost.senders.models import Staff
from tests.entrypoints.operator_web.conftest import sign_in
from tests.entrypoints.signed_in import (
    CODE_RECORD,
    PASSWORD_RECORD,
    SPARE_CODE_RECORD,
    give_passkey,
    signed_in,
    signed_in_by_passkey,
)

PAGES = [
    "/",
    "/senders/",
    "/senders/new/",
    "/senders/00000000-0000-7000-8000-000000000001/",
    "/senders/00000000-0000-7000-8000-000000000001/topics/new/",
    "/senders/00000000-0000-7000-8000-000000000001/contract/active/",
    "/ledger/",
    "/ledger/check/",
    "/ledger/00000000-0000-7000-8000-000000000001/",
    "/jobs/",
    "/jobs/1/retry/",
    "/evidence/",
]
LOGIN, REGISTER = "/account/login/?next=", "/account/2fa/webauthn/add/?next="
USE_IT = "/account/2fa/webauthn/reauthenticate/?next="
WEAKER = [
    pytest.param([PASSWORD_RECORD], id="password"),
    pytest.param([PASSWORD_RECORD, CODE_RECORD], id="one-time code"),
    pytest.param([PASSWORD_RECORD, SPARE_CODE_RECORD], id="spare code"),
    pytest.param([], id="nothing on record"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_whoever_is_not_signed_in_is_asked_to(path: str) -> None:
    assert Client().get(path)["Location"] == f"{LOGIN}{path}"
    assert Client().post(path)["Location"] == f"{LOGIN}/"


@pytest.mark.parametrize("path", PAGES)
def test_a_member_finds_nothing_here(hanako: Member, path: str) -> None:
    http = sign_in(hanako.account)
    assert http.get(path).status_code == http.post(path).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_a_senders_staff_finds_nothing_here(clerk: Staff, path: str) -> None:
    http = sign_in(clerk.account)
    assert http.get(path).status_code == http.post(path).status_code == 404


def test_a_passkey_alone_makes_no_operator(hanako: Member) -> None:
    assert signed_in_by_passkey(hanako.account).get("/").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_an_operator_without_a_passkey_registers_one_first(operator: Operator, path: str) -> None:
    http = sign_in(operator.account)
    assert http.get(path)["Location"] == f"{REGISTER}{path}"
    assert http.post(path)["Location"] == f"{REGISTER}/"


def test_registering_the_first_asks_once_more_when_signing_in_was_long_ago(
    operator: Operator,
) -> None:
    add = "/account/2fa/webauthn/add/"
    assert sign_in(operator.account).get(add).status_code == 200
    long_ago = signed_in(operator.account, {**PASSWORD_RECORD, "at": 0})
    assert long_ago.get(add)["Location"].startswith("/account/reauthenticate/?next=")


def test_the_password_alone_signs_nobody_in_who_has_a_passkey(operator: Operator) -> None:
    give_passkey(operator.account)
    assert sign_in(operator.account).get("/")["Location"] == f"{LOGIN}/"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("records", WEAKER)
def test_a_session_that_has_not_used_it_is_asked_for_it(
    operator: Operator, path: str, records: list[dict[str, str]]
) -> None:
    give_passkey(operator.account)
    http = signed_in(operator.account, *records)
    assert http.get(path)["Location"] == f"{USE_IT}{path}"
    assert http.post(path)["Location"] == f"{USE_IT}/"


@pytest.mark.parametrize("page", ["/account/reauthenticate/", "/account/2fa/reauthenticate/"])
def test_no_weaker_factor_confirms_who_has_a_passkey(operator: Operator, page: str) -> None:
    give_passkey(operator.account)
    http = signed_in(operator.account, PASSWORD_RECORD, CODE_RECORD)
    answer = http.post(f"{page}?next=/account/2fa/webauthn/add/", {"password": "x", "code": "x"})
    assert answer["Location"].startswith("/account/2fa/webauthn/reauthenticate/")


def test_a_passkey_opens_the_door(office: Client) -> None:
    assert office.get("/").status_code == 200


def test_a_session_whose_record_is_gone_is_asked_again(office: Client, operator: Operator) -> None:
    give_passkey(operator.account)
    session = SessionStore(office.session.session_key)
    session["account_authentication_methods"] = "nonsense"
    session.save()
    assert office.get("/")["Location"] == f"{USE_IT}/"


def test_whoever_stops_working_here_is_out_at_once(office: Client, operator: Operator) -> None:
    operator.delete()
    assert office.get("/").status_code == 404


def test_a_part_of_a_page_sends_the_whole_browser_to_sign_in(db: None) -> None:
    answer = Client().get("/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == f"{LOGIN}/"


def test_the_door_says_which_one_it_is(office: Client) -> None:
    text = office.get("/").content.decode()
    assert 'data-door="operator"' in text
    assert "Back office" in text
