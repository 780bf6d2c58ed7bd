"""How strongly somebody signed in now, as an authenticator assurance level.

1: one factor, such as a password. 2: two factors, or a passkey. 3: the My Number Card.
What the session's record does not say counts as 1.
Source: NIST SP 800-63B-4 §2.
"""

from collections.abc import Mapping
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

CARD_METHODS = ("card", "auth_app")


def session_aal(request: HttpRequest) -> int:
    """Return 1, 2 or 3 for the person who is signed in; 0 for nobody."""
    if not request.user.is_authenticated:
        return 0
    records = get_authentication_records(request, request.user)
    return max((_aal_of(record) for record in records), default=1)


def used_passkey(request: HttpRequest) -> bool:
    """Say whether this session has used a factor that no false page can ask for: a passkey."""
    if not request.user.is_authenticated:
        return False
    records = get_authentication_records(request, request.user)
    return any(
        record.get("method") == "mfa" and record.get("type") == "webauthn" for record in records
    )


def _aal_of(record: Mapping[str, Any]) -> int:
    if record.get("method") in CARD_METHODS:
        return 3
    return 2 if record.get("method") == "mfa" else 1
