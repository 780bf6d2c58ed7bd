"""The operator, at work in the back office with a passkey; and others who try the door."""

import pytest
from django.test import Client
from pytest_django import Settings

from mypost.accounts.models import Account
from mypost.operators.models import Operator
from tests.conftest import PASSWORD
from tests.entrypoints.signed_in import signed_in_by_passkey


def sign_in(account: Account) -> Client:
    """Sign in with the password alone."""
    http = Client()
    http.post("/account/login/", {"login": account.email, "password": PASSWORD})
    return http


def page(http: Client, path: str, **asked: str) -> str:
    """The text of a page that is there."""
    answer = http.get(path, asked)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture(autouse=True)
def _door(settings: Settings) -> None:
    settings.ROOT_URLCONF = "config.urls.operator_web"
    settings.DOOR = "operator_web"


@pytest.fixture
def office(operator: Operator) -> Client:
    """The operator's browser, signed in with a passkey, in English."""
    http = signed_in_by_passkey(operator.account)
    http.cookies["mypost_language"] = "en"
    return http
