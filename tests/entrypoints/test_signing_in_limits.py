"""Limits on guessing, and that no answer tells whether somebody has an account."""

import re
from typing import Any, NamedTuple

import pytest
from django.contrib.auth import hashers
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from mypost.accounts.models import Account, SignIn
from mypost.members.models import Member
from tests.conftest import PASSWORD
from tests.entrypoints.signed_in import give_passkey
from tests.entrypoints.soft_passkey import SIGN_IN

LOGIN, SIGN_UP, RESET = "/account/login/", "/account/signup/", "/account/password/reset/"
NOBODY = "nobody@example.jp"
TRIES = 5
WRITE = re.compile("INSERT|UPDATE|DELETE")
TOKEN = re.compile(r"\b[A-Za-z0-9]{64}\b")


class Cost(NamedTuple):
    """What one request answers, and the work behind it."""

    answer: tuple[int, str]
    hashes: int
    mails: int
    writes: int


@pytest.fixture(autouse=True)
def _door(settings: Settings) -> None:
    settings.ROOT_URLCONF = "config.urls.member_web"
    settings.DOOR = "member_web"
    settings.ACCOUNT_RATE_LIMITS = settings.SIGN_IN_LIMITS


class CountingHasher(hashers.MD5PasswordHasher):
    """Counts how often a password was worked on."""

    algorithm = "md5"
    worked = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).worked += 1
        return super().encode(password, salt)


@pytest.fixture
def hasher(settings: Settings) -> type[CountingHasher]:
    name = f"{__name__}.CountingHasher"
    settings.PASSWORD_HASHERS = [name]
    CountingHasher.worked = 0
    return CountingHasher


def guess(email: str, password: str = "a-wrong-one-of-length", **http: Any) -> Any:
    browser = Client(**http)
    browser.cookies["mypost_language"] = "en"
    return browser.post(LOGIN, {"login": email, "password": password})


def seen(answer: Any, email: str) -> tuple[int, str]:
    """What somebody sees, without what they typed, and without the token of the form."""
    return answer.status_code, TOKEN.sub("", answer.content.decode().replace(email, ""))


def cost_of(about: str, path: str, hasher: type[CountingHasher], **posted: str) -> Cost:
    """What one form about an address costs, and what it answers."""
    hashes, mails, browser = hasher.worked, len(mail.outbox), Client()
    with CaptureQueriesContext(connection) as statements:
        answer = browser.post(path, posted)
    writes = sum(bool(WRITE.match(each["sql"])) for each in statements)
    return Cost(seen(answer, about), hasher.worked - hashes, len(mail.outbox) - mails, writes)


def test_a_wrong_sign_in_is_the_same_for_known_and_unknown(
    hanako: Member, hasher: type[CountingHasher]
) -> None:
    known, unknown = (
        cost_of(email, LOGIN, hasher, login=email, password="wrong")
        for email in (hanako.account.email, NOBODY)
    )
    assert known == unknown
    assert known.hashes == 1


def test_an_account_without_a_password_costs_the_same(
    hanako: Member, hasher: type[CountingHasher]
) -> None:
    Account.objects.update(password=hashers.make_password(None))
    known, unknown = (
        cost_of(email, LOGIN, hasher, login=email, password="wrong")
        for email in (hanako.account.email, NOBODY)
    )
    assert known == unknown


def test_having_a_passkey_shows_to_nobody(hanako: Member, hasher: type[CountingHasher]) -> None:
    give_passkey(hanako.account)
    known, unknown = (
        cost_of(email, LOGIN, hasher, login=email, password="wrong")
        for email in (hanako.account.email, NOBODY)
    )
    assert known == unknown


def test_signing_up_with_a_known_address_looks_and_costs_the_same(
    hanako: Member, hasher: type[CountingHasher]
) -> None:
    wanted = {"name": "x", "password1": "a-long-way-to-the-sea"}
    known, unknown = (
        cost_of(address, SIGN_UP, hasher, **wanted, email=address)
        for address in (hanako.account.email, NOBODY)
    )
    assert known[:3] == unknown[:3]
    assert (known.hashes, known.mails) == (1, 1)


def test_asking_for_a_new_password_looks_and_costs_the_same(
    hanako: Member, hasher: type[CountingHasher]
) -> None:
    known, unknown = (
        cost_of(address, RESET, hasher, email=address) for address in (hanako.account.email, NOBODY)
    )
    assert known[:3] == unknown[:3]
    assert known.mails == 1


@pytest.mark.parametrize("email", ["hanako@example.jp", NOBODY], ids=["known", "unknown"])
def test_the_sixth_guess_is_refused_unlooked_at(
    hanako: Member, hasher: type[CountingHasher], email: str
) -> None:
    for _ in range(TRIES):
        assert "not correct" in guess(email).content.decode()
    before = hasher.worked
    assert "Too many failed login attempts" in guess(email, PASSWORD).content.decode()
    assert hasher.worked == before
    assert SignIn.objects.count() == TRIES


def test_a_lock_out_looks_the_same_for_known_and_unknown(hanako: Member) -> None:
    locked = []
    for email in (hanako.account.email, NOBODY):
        for _ in range(TRIES):
            guess(email)
        locked.append(seen(guess(email), email))
    assert locked[0] == locked[1]


def test_it_does_not_help_to_write_the_address_otherwise_or_to_move(hanako: Member) -> None:
    for number in range(TRIES):
        guess("Hanako@Example.JP", REMOTE_ADDR=f"198.51.100.{number}")
    answer = guess("hanako@example.jp", PASSWORD, REMOTE_ADDR="203.0.113.1")
    assert "Too many" in answer.content.decode()


def test_the_neighbour_on_the_same_network_still_gets_in(hanako: Member, taro: Member) -> None:
    for _ in range(3 * TRIES):
        guess(hanako.account.email)
    answer = guess(taro.account.email, PASSWORD)
    assert answer["Location"] == "/"


def test_a_success_in_between_gives_no_new_guesses(hanako: Member) -> None:
    for _ in range(TRIES - 1):
        guess(hanako.account.email)
    assert guess(hanako.account.email, PASSWORD).status_code == 302
    guess(hanako.account.email)
    assert "Too many" in guess(hanako.account.email, PASSWORD).content.decode()


def test_a_locked_out_member_still_has_the_passkey(hanako: Member) -> None:
    for _ in range(TRIES):
        guess(hanako.account.email)
    asked = Client().get(SIGN_IN, headers={"Accept": "application/json"})
    assert asked.json()["request_options"]["publicKey"]["challenge"]


def test_asking_for_a_passkey_names_nobody(hanako: Member) -> None:
    give_passkey(hanako.account)
    asked = Client().get(SIGN_IN, headers={"Accept": "application/json"}).json()
    assert not asked["request_options"]["publicKey"].get("allowCredentials")


def test_a_flood_of_addresses_pushes_no_limit_out(hanako: Member) -> None:
    for _ in range(TRIES):
        guess(hanako.account.email)
    for number in range(400):
        cache.set(f"other-{number}", 1, 300)
    assert "Too many" in guess(hanako.account.email, PASSWORD).content.decode()
