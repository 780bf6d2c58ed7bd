"""What is kept of signing in, for how long, and what may be asked of it."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from mypost.accounts import commands, queries
from mypost.accounts.commands import forget_old_sign_ins, note_sign_in
from mypost.accounts.models import Account, SignIn
from tests.conftest import NOW, make_account

pytestmark = pytest.mark.django_db
A_YEAR = datetime(2027, 11, 22, 1, 0, tzinfo=UTC)  # after NOW; 2027 has 365 days


def note(
    account: Account | None, *, at: datetime = NOW, succeeded: bool = True, mark: str = ""
) -> SignIn:
    return note_sign_in(
        account, SignIn.Method.PASSKEY, succeeded=succeeded, browser="Firefox on Linux",
        network="192.0.2.0/24", browser_mark=mark, at=at,
    )  # fmt: skip


@pytest.fixture
def hers() -> Account:
    return make_account("hanako@example.jp", "花子")


@pytest.fixture
def his() -> Account:
    return make_account("jiro@example.jp", "次郎")


def test_a_try_stands_there_as_it_was_noted(hers: Account) -> None:
    noted = note(hers, mark="m")
    noted.refresh_from_db()
    assert (noted.account, noted.method, noted.succeeded, noted.at) == (hers, "passkey", True, NOW)
    told = (noted.browser, noted.network, noted.browser_mark)
    assert told == ("Firefox on Linux", "192.0.2.0/24", "m")


def test_nobody_succeeds_without_an_account() -> None:
    note(None, succeeded=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        note(None)


def test_a_sign_in_is_kept_for_a_year_of_365_days() -> None:
    note(None, succeeded=False)
    assert forget_old_sign_ins(at=A_YEAR) == 0
    assert forget_old_sign_ins(at=A_YEAR + timedelta(milliseconds=1)) == 1
    assert not SignIn.objects.exists()


def test_more_than_one_transaction_holds_are_forgotten_too_and_no_others(
    hers: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "AT_ONCE", 2)
    for _ in range(3):
        note(hers)
    kept = note(hers, at=NOW + timedelta(seconds=1))
    assert forget_old_sign_ins(at=A_YEAR + timedelta(milliseconds=1)) == 3
    assert SignIn.objects.get() == kept


def test_the_latest_tries_come_first_and_nobody_elses(hers: Account, his: Account) -> None:
    first, second, third = (
        note(hers, at=NOW + timedelta(minutes=minute), succeeded=minute != 1) for minute in range(3)
    )
    note(his)
    assert queries.last_sign_ins(hers, limit=9) == [third, second, first]
    assert queries.last_sign_ins(hers, limit=2) == [third, second]


def test_a_browser_is_known_to_whom_it_signed_in(hers: Account, his: Account) -> None:
    note(hers, mark="a")
    note(hers, mark="b", succeeded=False)
    note(hers, mark="")
    known = [queries.knows_browser(hers, mark) for mark in ("a", "b", "c", "")]
    assert known == [True, False, False, False]
    assert not queries.knows_browser(his, "a")


def test_who_only_failed_has_not_signed_in(hers: Account, his: Account) -> None:
    note(hers, succeeded=False)
    note(his)
    assert (queries.has_signed_in(hers), queries.has_signed_in(his)) == (False, True)


def test_an_address_finds_its_account_whatever_its_letters_and_verified_ones_first(
    hers: Account, his: Account
) -> None:
    for account, verified in ((hers, False), (his, True)):
        EmailAddress.objects.create(user=account, email="both@example.jp", verified=verified)
    assert queries.account_of_address("HANAKO@example.jp") == hers
    assert queries.account_of_address("Both@example.jp") == his
    assert queries.account_of_address("nobody@example.jp") is None


def test_an_address_is_kept_in_small_letters_and_found_in_any() -> None:
    account = Account.objects.create_user("Hanako@EXAMPLE.jp", None, name="花子")
    assert account.email == "hanako@example.jp"
    assert not account.has_usable_password()
    assert Account.objects.get_by_natural_key("HANAKO@example.jp") == account
    assert str(account) == "hanako@example.jp"
