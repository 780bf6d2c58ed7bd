"""How strongly somebody signed in now, as an authenticator assurance level.

1: one factor, such as a password. 2: two factors, or a passkey, which asks for finger, face or
PIN itself. 3: the My Number Card. What the session's record does not say counts as 1. Only what
this session did counts: no header, no parameter and no later, weaker sign-in moves it.
Source: NIST SP 800-63B-4 §2.
"""

from collections.abc import Mapping
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from mypost.accounts.models import SignIn

CARD, AUTH_APP, PASSKEY = SignIn.Method.CARD, SignIn.Method.AUTH_APP, SignIn.Method.PASSKEY
POSSESSION = (SignIn.Method.CODE, SignIn.Method.SPARE_CODE)  # need the password beside them
OF_FACTOR = {
    "webauthn": PASSKEY,
    "totp": SignIn.Method.CODE,
    "recovery_codes": SignIn.Method.SPARE_CODE,
}
STRONGEST_FIRST = (CARD, AUTH_APP, PASSKEY, *POSSESSION)


def session_aal(request: HttpRequest) -> int:
    """Return 1, 2 or 3 for the person who is signed in; 0 for nobody."""
    if not request.user.is_authenticated:
        return 0
    used = _used(request)
    if CARD in used or AUTH_APP in used:
        return 3
    if PASSKEY in used:
        return 2
    return 2 if SignIn.Method.PASSWORD in used and used.intersection(POSSESSION) else 1


def used_passkey(request: HttpRequest) -> bool:
    """Say whether this session has used a factor that no false page can ask for: a passkey."""
    return request.user.is_authenticated and PASSKEY in _used(request)


def method_of(request: HttpRequest) -> SignIn.Method:
    """Return the strongest way in which the person who is signed in now has signed in."""
    used = _used(request)
    return next((method for method in STRONGEST_FIRST if method in used), SignIn.Method.PASSWORD)


def _used(request: HttpRequest) -> set[SignIn.Method]:
    records = get_authentication_records(request, request.user)
    return {method for record in records if (method := _method(record)) is not None}


def _method(record: Mapping[str, Any]) -> SignIn.Method | None:
    match record.get("method"):
        case "mfa":
            return OF_FACTOR.get(str(record.get("type")))
        case "password" | "card" | "auth_app" as method:
            return SignIn.Method(method)
    return None
