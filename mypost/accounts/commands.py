"""What may be done with accounts: keep the history of signing in, and close one."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction

from mypost.accounts.models import Account, SignIn
from mypost.common.clock import new_id
from mypost.evidence import commands as evidence
from mypost.kernel.evidence_entry import Event
from mypost.kernel.identifiers import uuid7

KEPT = timedelta(days=365)
AT_ONCE = 10_000  # rows that one transaction deletes


def note_sign_in(
    account: Account | None,
    method: SignIn.Method,
    *,
    succeeded: bool,
    browser: str,
    network: str,
    at: datetime,
    browser_mark: str = "",
) -> SignIn:
    """Put one try to sign in on record. account: None when nobody has the address."""
    return SignIn.objects.create(
        id=new_id(at), account=account, method=method, succeeded=succeeded, browser=browser,
        network=network, browser_mark=browser_mark, at=at,
    )  # fmt: skip


def forget_old_sign_ins(*, at: datetime) -> int:
    """Delete what is older than a year, return how many. Running it twice is the same as once."""
    first_kept = uuid7(at - KEPT, bytes(10))  # identifiers sort by their time
    forgotten = 0
    while old := list(SignIn.objects.filter(id__lt=first_kept).values_list("id")[:AT_ONCE]):
        SignIn.objects.filter(id__in=[row[0] for row in old]).delete()
        forgotten += len(old)
    return int(forgotten)


@transaction.atomic
def end_sessions(account: Account) -> None:
    """Sign an account out everywhere. It may sign in again if it still can."""
    sessions = UserSession.objects.filter(user_id=account.pk)
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    sessions.delete()


@transaction.atomic
def forget_factors(account: Account, *, reason: str, at: datetime) -> int:
    """Take a lost passkey's place: all factors go, every session ends. Returns how many went.

    The person signs in with the password once more, and is asked for a new passkey where one is
    needed. Whoever does this has seen who asks; the reason stands in the evidence.
    """
    end_sessions(account)
    forgotten, _ = Authenticator.objects.filter(user_id=account.pk).delete()
    evidence.record(Event.FACTORS_FORGOTTEN, subject_id=account.pk, at=at, facts={"reason": reason})
    return int(forgotten)


@transaction.atomic
def close(account: Account) -> None:
    """End an account for good: nothing is left that signs in, nor who it was.

    Sessions end, factors, addresses and the history go. The row itself stays, since evidence and
    facts of others name it; its address becomes one that nobody has, so that the person may sign
    up anew. Closing twice is the same as once.
    """
    end_sessions(account)
    Authenticator.objects.filter(user_id=account.pk).delete()
    EmailAddress.objects.filter(user_id=account.pk).delete()
    SignIn.objects.filter(account_id=account.pk).delete()
    # Another password also ends sessions that no list knows: their hash holds the old one.
    Account.objects.filter(pk=account.pk).update(
        email=f"{account.pk}@closed.invalid", name="", is_active=False, last_login=None,
        email_changed_at=None, password=make_password(None),
    )  # fmt: skip
