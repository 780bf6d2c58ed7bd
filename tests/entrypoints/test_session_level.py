"""What a session is worth: what it used itself, and nothing that anybody says of it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import Client, RequestFactory

from mypost.accounts.models import Account
from mypost.entrypoints.session_level import session_aal, used_passkey
from mypost.members.models import Member
from tests.conftest import PASSWORD
from tests.entrypoints.signed_in import (
    CODE_RECORD,
    PASSKEY_RECORD,
    PASSWORD_RECORD,
    RECORDS,
    SPARE_CODE_RECORD,
    signed_in,
)

CARD, APP = {"method": "card"}, {"method": "auth_app"}
RESET = {"method": "password_reset"}
WORTH = [
    ([], 1, "nothing on record"),
    ([PASSWORD_RECORD], 1, "a password"),
    ([RESET], 1, "a new password"),
    ([CODE_RECORD], 1, "a code alone is one factor"),
    ([SPARE_CODE_RECORD], 1, "so is a spare code"),
    ([PASSWORD_RECORD, CODE_RECORD], 2, "password and code"),
    ([PASSWORD_RECORD, SPARE_CODE_RECORD], 2, "password and spare code"),
    ([PASSKEY_RECORD], 2, "a passkey asks for finger, face or PIN"),
    ([PASSWORD_RECORD, PASSKEY_RECORD], 2, "no more with the password"),
    ([CARD], 3, "the card"),
    ([APP], 3, "the card by the app"),
    ([CARD, {**PASSWORD_RECORD, "reauthenticated": True}], 3, "a weaker one later lowers nothing"),
    ([{**PASSWORD_RECORD, "reauthenticated": True}] * 9, 1, "the same one again raises nothing"),
    ([{"method": "mfa"}], 1, "a factor without a kind"),
    ([{"method": "mfa", "type": "unknown"}], 1, "a kind that is unknown"),
    ([{"method": "mfa", "type": ["webauthn"]}], 1, "a kind that is none"),
    ([{"method": "CARD"}, {"aal": 3}, {"acr": "aal3"}], 1, "words that look like one"),
]


def request_of(http: Client, account: Account) -> HttpRequest:
    request = RequestFactory().get("/?acr_values=aal3", headers={"X-AAL": "3", "ACR": "aal3"})
    request.session = SessionStore(http.session.session_key)
    request.user = account
    return request


@pytest.mark.parametrize(("records", "aal", "why"), WORTH, ids=[why for _, _, why in WORTH])
def test_it_is_worth(hanako: Member, records: list[dict[str, object]], aal: int, why: str) -> None:
    request = request_of(signed_in(hanako.account, *records), hanako.account)
    assert session_aal(request) == aal
    assert used_passkey(request) == (PASSKEY_RECORD in records)


def test_nobody_is_worth_nothing(db: None) -> None:
    request = RequestFactory().get("/")
    request.session, request.user = SessionStore(), AnonymousUser()
    assert (session_aal(request), used_passkey(request)) == (0, False)


def test_what_another_person_used_in_this_browser_counts_for_nothing(
    hanako: Member, jiro: Member
) -> None:
    http = signed_in(hanako.account, CARD, PASSKEY_RECORD)
    request = request_of(http, jiro.account)
    assert (session_aal(request), used_passkey(request)) == (1, False)


@pytest.mark.parametrize("nonsense", ["x", 3, {}, None, {"method": "card"}], ids=str)
def test_a_record_of_another_shape_counts_for_nothing(hanako: Member, nonsense: object) -> None:
    http = signed_in(hanako.account, CARD)
    session = http.session
    session[RECORDS] = nonsense
    session.save()
    assert session_aal(request_of(http, hanako.account)) == 1


def test_signing_in_anew_starts_from_the_ground(hanako: Member) -> None:
    http = signed_in(hanako.account, CARD)
    http.post("/account/logout/")
    http.post("/account/login/", {"login": hanako.account.email, "password": PASSWORD})
    assert session_aal(request_of(http, hanako.account)) == 1


def test_another_person_signing_in_after_finds_nothing_of_it(hanako: Member, jiro: Member) -> None:
    http = signed_in(hanako.account, CARD)
    http.force_login(jiro.account)
    assert session_aal(request_of(http, jiro.account)) == 1
