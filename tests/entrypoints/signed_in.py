"""Browsers that are signed in, each by another way: allauth's own record says which."""

import time
from collections.abc import Mapping

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.test import Client

from mypost.accounts.models import Account

RECORDS = AUTHENTICATION_METHODS_SESSION_KEY
PASSWORD_RECORD = {"method": "password"}
PASSKEY_RECORD = {"method": "mfa", "type": "webauthn", "passwordless": True}
CODE_RECORD = {"method": "mfa", "type": "totp"}
SPARE_CODE_RECORD = {"method": "mfa", "type": "recovery_codes"}


def note_in(http: Client, account: Account, *records: Mapping[str, object]) -> Client:
    """Write into a signed-in browser's session what it has used, just now."""
    session = http.session
    at = time.time()
    session[RECORDS] = [{"at": at, **record} for record in records]
    session[f"{RECORDS}_user"] = str(account.pk)
    session.save()
    return http


def signed_in(account: Account, *records: Mapping[str, object]) -> Client:
    """A browser in which somebody has signed in with these factors."""
    http = Client()
    http.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return note_in(http, account, *records)


def confirmed_again(http: Client, account: Account) -> Client:
    """Let the person have confirmed just now that it is they, with the passkey."""
    session = http.session
    records = [*session.get(RECORDS, []), {**PASSKEY_RECORD, "reauthenticated": True}]
    return note_in(http, account, *records)


def give_passkey(account: Account) -> Authenticator:
    """Let an account have a passkey that no device holds."""
    data = {"name": "passkey", "credential": {}}
    return Authenticator.objects.create(user=account, type=Authenticator.Type.WEBAUTHN, data=data)


def signed_in_by_passkey(account: Account) -> Client:
    """A browser in which somebody has signed in with a passkey."""
    return signed_in(account, PASSKEY_RECORD)
