"""Sessions, factors and accounts end: all of one person's, and nothing of another's."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from mypost.accounts import commands
from mypost.accounts.models import Account, SignIn
from mypost.evidence.models import Line
from tests.conftest import NOW, make_account
from tests.entrypoints.signed_in import give_passkey
from tests.told import commits_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers() -> Account:
    return busy("hanako@example.jp", "花子")


@pytest.fixture
def his() -> Account:
    return busy("jiro@example.jp", "次郎")


def busy(email: str, name: str) -> Account:
    """An account with a passkey and a history, signed in on two devices."""
    account = make_account(email, name)
    Account.objects.filter(pk=account.pk).update(last_login=NOW, email_changed_at=NOW)
    give_passkey(account)
    commands.note_sign_in(
        account, SignIn.Method.PASSKEY, succeeded=True, browser="", network="", at=NOW
    )
    for _device in range(2):
        session = SessionStore()
        session.create()
        UserSession.objects.create(
            user=account, session_key=str(session.session_key), ip="127.0.0.1", user_agent="test"
        )
    return account


def kept(account: Account) -> dict[str, int]:
    """What there is of an account, each kind with its number."""
    listed = UserSession.objects.filter(user=account)
    keys = [one.session_key for one in listed]
    return {
        "listed": listed.count(),
        "factors": Authenticator.objects.filter(user=account).count(),
        "addresses": EmailAddress.objects.filter(user=account).count(),
        "history": SignIn.objects.filter(account=account).count(),
        "sessions": Session.objects.filter(session_key__in=keys).count(),
    }


ALL = {"listed": 2, "factors": 1, "addresses": 1, "history": 1, "sessions": 2}


def test_a_session_ends_on_every_device_of_one_person(hers: Account, his: Account) -> None:
    commands.end_sessions(hers)
    assert kept(hers) == {**ALL, "listed": 0, "sessions": 0}
    assert kept(his) == ALL
    assert Session.objects.count() == 2


def test_who_lost_a_passkey_is_signed_out_and_has_none_for_a_reason_on_record(
    hers: Account, his: Account
) -> None:
    assert commands.forget_factors(hers, reason="came with her ID", at=NOW) == 1
    assert kept(hers) == {**ALL, "listed": 0, "sessions": 0, "factors": 0}
    assert kept(his) == ALL
    assert Session.objects.count() == 2
    line = Line.objects.get()
    assert (line.event, line.subject_id, line.at) == ("FactorsForgotten", hers.pk, NOW)
    assert commits_to(line, reason="came with her ID")
    assert commands.forget_factors(hers, reason="again", at=NOW) == 0


def test_a_closed_account_is_nobodys_and_its_neighbour_stays(hers: Account, his: Account) -> None:
    commands.close(hers)
    assert set(kept(hers).values()) == {0}
    assert kept(his) == ALL
    assert Session.objects.count() == 2
    hers.refresh_from_db()
    his.refresh_from_db()
    assert hers.email == f"{hers.pk}@closed.invalid"  # RFC 2606: nobody ever has it
    assert (hers.name, hers.is_active, hers.has_usable_password()) == ("", False, False)
    assert (hers.last_login, hers.email_changed_at) == (None, None)
    assert (his.email, his.name, his.is_active) == ("jiro@example.jp", "次郎", True)
    assert his.has_usable_password()


def test_closing_twice_is_the_same_as_once(hers: Account) -> None:
    for _ in range(2):
        commands.close(hers)
    hers.refresh_from_db()
    assert hers.email == f"{hers.pk}@closed.invalid"
