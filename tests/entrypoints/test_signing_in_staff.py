"""Staff of senders: in with a passkey only, and once more with it before keys are made or ended."""

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from pytest_django import Settings

from mypost.accounts.models import SignIn
from mypost.operators.models import Operator
from mypost.senders import commands as senders
from mypost.senders.models import ApiKey, Scope, Staff
from tests.conftest import NOW, PASSWORD
from tests.entrypoints.signed_in import (
    CODE_RECORD,
    PASSWORD_RECORD,
    confirmed_again,
    give_passkey,
    signed_in,
    signed_in_by_passkey,
)
from tests.entrypoints.soft_passkey import (
    ADD,
    CONFIRM,
    SoftPasskey,
    register,
    sign_in_with,
)

NEW_KEY = "/developers/keys/new"
KEY = {"name": "k", "kind": "live", "scopes": ["letters:write"]}


@pytest.fixture(autouse=True)
def _door(settings: Settings) -> None:
    settings.ROOT_URLCONF = "config.urls.sender"
    settings.DOOR = "sender"


def with_password(staff: Staff | Operator) -> Client:
    http = Client()
    http.post("/account/login/", {"login": staff.account.email, "password": PASSWORD})
    return http


def test_from_the_first_sign_in_to_the_first_page(clerk: Staff) -> None:
    http, passkey = with_password(clerk), SoftPasskey()
    assert http.get("/letters")["Location"] == f"{ADD}?next=/letters"
    assert http.get(ADD).status_code == 200  # the password was given a moment ago
    assert register(http, passkey).status_code == 302
    assert http.get("/letters").status_code == 200  # who has just made it has just used it


def test_whoever_signed_in_long_ago_confirms_before_the_first_passkey(clerk: Staff) -> None:
    http = signed_in(clerk.account, {**PASSWORD_RECORD, "at": 0})
    assert http.get(ADD)["Location"].startswith("/account/reauthenticate/")


def test_a_fragment_leads_the_whole_browser_to_the_passkey(clerk: Staff) -> None:
    answer = with_password(clerk).get("/running", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == f"{ADD}?next=/running"


@pytest.mark.parametrize("path", ["/", "/letters", "/members.csv", NEW_KEY])
def test_a_one_time_code_does_not_do(clerk: Staff, path: str) -> None:
    give_passkey(clerk.account)
    http = signed_in(clerk.account, PASSWORD_RECORD, CODE_RECORD)
    assert http.get(path)["Location"] == f"{CONFIRM}?next={path}"


def test_a_stolen_password_adds_no_passkey_beside_the_first(clerk: Staff) -> None:
    give_passkey(clerk.account)
    http = signed_in(clerk.account, PASSWORD_RECORD, CODE_RECORD)
    answer = http.post("/account/reauthenticate/", {"password": PASSWORD})
    assert answer["Location"] == CONFIRM
    assert http.get(ADD)["Location"].startswith(CONFIRM)


@pytest.mark.parametrize("door", ["member_web", "sender"])
def test_nor_at_the_door_next_to_it(operator: Operator, settings: Settings, door: str) -> None:
    settings.DOOR, settings.ROOT_URLCONF = door, f"config.urls.{door}"
    give_passkey(operator.account)
    http = signed_in(operator.account, PASSWORD_RECORD, CODE_RECORD)
    assert http.post("/account/reauthenticate/", {"password": PASSWORD})["Location"] == CONFIRM
    assert http.get(ADD)["Location"].startswith(CONFIRM)


def test_making_and_ending_a_key_ask_who_it_is_once_more(clerk: Staff) -> None:
    give_passkey(clerk.account)
    key, _secret = senders.make_api_key(
        clerk, name="k", live=True, scopes=[Scope.LETTERS_WRITE], at=NOW
    )
    http = signed_in_by_passkey(clerk.account)
    for path in (NEW_KEY, f"/developers/keys/{key.id}/end"):
        assert http.post(path, KEY)["Location"].startswith(CONFIRM), path
    assert http.get(NEW_KEY)["Location"].startswith(CONFIRM)
    assert ApiKey.objects.get().revoked_at is None
    confirmed_again(http, clerk.account)
    http.post(f"/developers/keys/{key.id}/end")
    assert ApiKey.objects.get().revoked_at is not None


def test_another_senders_key_is_not_there_whoever_confirms(
    clerk: Staff, power_clerk: Staff
) -> None:
    key, _secret = senders.make_api_key(
        clerk, name="k", live=True, scopes=[Scope.LETTERS_WRITE], at=NOW
    )
    http = confirmed_again(signed_in_by_passkey(power_clerk.account), power_clerk.account)
    assert http.post(f"/developers/keys/{key.id}/end").status_code == 404
    assert ApiKey.objects.get().revoked_at is None


@pytest.mark.parametrize("door", ["member_web", "sender", "operator_web"])
def test_each_doors_role_is_enough_for_all_of_it(
    clerk: Staff, operator: Operator, settings: Settings, door: str
) -> None:
    settings.DOOR, settings.ROOT_URLCONF = door, f"config.urls.{door}"
    who = operator if door == "operator_web" else clerk
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE mypost_{door}")
    assert Client().post("/account/login/", {"login": "x@example.jp", "password": "x"})
    http, passkey = with_password(who), SoftPasskey()
    http.post("/account/reauthenticate/", {"password": PASSWORD})
    register(http, passkey)
    another = Client()
    sign_in_with(another, passkey)
    assert another.post("/account/sessions/").status_code == 302
    assert SignIn.objects.filter(account=who.account, succeeded=True).count() == 2
    assert [sent.to for sent in mail.outbox][-1] == [who.account.email]
