"""The operator, at work in the back office with both factors; and others who try the door."""

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from pytest_django import Settings

from mypost.accounts.models import Account
from mypost.operators.models import Operator
from sandbox.demo.code import code
from sandbox.demo.world import TOTP_SECRET
from tests.conftest import PASSWORD


def code_now() -> str:
    return code(TOTP_SECRET, at=time.time())


def sign_in(account: Account) -> Client:
    """Sign in with the password alone."""
    http = Client()
    http.post("/account/login/", {"login": account.email, "password": PASSWORD})
    return http


def sign_in_with_code(account: Account) -> Client:
    """Sign in with the password and the second factor."""
    http = sign_in(account)
    answer = http.post("/account/2fa/authenticate/", {"code": code_now()})
    assert answer.status_code == 302
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
def second_factor(operator: Operator) -> Operator:
    """The operator, who has set up an app for one-time codes."""
    TOTP.activate(operator.account, TOTP_SECRET)
    return operator


@pytest.fixture
def office(second_factor: Operator) -> Client:
    """The operator's browser, signed in with both factors, in English."""
    http = sign_in_with_code(second_factor.account)
    http.cookies["mypost_language"] = "en"
    return http
