"""Who may enter the back office."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from mypost.members.models import Member
from mypost.operators.models import Operator
from mypost.senders.models import Staff
from sandbox.demo.world import TOTP_SECRET
from tests.entrypoints.operator_web.conftest import code_now, sign_in, sign_in_with_code

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
LOGIN, SET_UP = "/account/login/?next=", "/account/2fa/totp/activate/?next="
ASK_AGAIN = "/account/2fa/reauthenticate/?next="


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


def test_a_second_factor_alone_makes_no_operator(hanako: Member) -> None:
    TOTP.activate(hanako.account, TOTP_SECRET)
    assert sign_in_with_code(hanako.account).get("/").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_an_operator_without_a_second_factor_sets_one_up_first(
    operator: Operator, path: str
) -> None:
    http = sign_in(operator.account)
    assert http.get(path)["Location"] == f"{SET_UP}{path}"
    assert http.post(path)["Location"] == f"{SET_UP}/"


def test_the_password_alone_signs_nobody_in_who_has_a_second_factor(
    second_factor: Operator,
) -> None:
    http = sign_in(second_factor.account)
    assert http.get("/")["Location"] == f"{LOGIN}/"


@pytest.mark.parametrize("path", PAGES)
def test_a_session_that_has_not_used_it_is_asked_for_it(operator: Operator, path: str) -> None:
    http = sign_in(operator.account)
    TOTP.activate(operator.account, TOTP_SECRET)
    assert http.get(path)["Location"] == f"{ASK_AGAIN}{path}"
    assert http.post(path)["Location"] == f"{ASK_AGAIN}/"


def test_giving_the_code_when_asked_again_opens_the_door(operator: Operator) -> None:
    http = sign_in(operator.account)
    TOTP.activate(operator.account, TOTP_SECRET)
    answer = http.post(f"{ASK_AGAIN}/jobs/", {"code": code_now()})
    assert answer["Location"] == "/jobs/"
    assert http.get("/jobs/").status_code == 200


def test_a_wrong_code_does_not(second_factor: Operator) -> None:
    http = sign_in(second_factor.account)
    wrong = f"{(int(code_now()) + 1) % 1_000_000:06}"
    assert http.post("/account/2fa/authenticate/", {"code": wrong}).status_code == 200
    assert http.get("/")["Location"] == f"{LOGIN}/"


def test_a_spare_code_is_a_second_factor_too(second_factor: Operator) -> None:
    spare = RecoveryCodes.activate(second_factor.account).get_unused_codes()[0]
    http = sign_in(second_factor.account)
    http.post("/account/2fa/authenticate/", {"code": spare})
    assert http.get("/").status_code == 200


def test_both_factors_open_the_door(office: Client) -> None:
    assert office.get("/").status_code == 200


def test_a_session_whose_record_is_gone_is_asked_again(office: Client) -> None:
    session = SessionStore(office.session.session_key)
    session["account_authentication_methods"] = "nonsense"
    session.save()
    assert office.get("/")["Location"] == f"{ASK_AGAIN}/"


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
