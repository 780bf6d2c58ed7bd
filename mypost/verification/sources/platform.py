"""A platform operator (プラットフォーム事業者): an HTTP service that may tell more than a list.

Beside the reason it knows the cause, and its own id of the holder, which outlives a renewal.
"""

import json
from datetime import datetime
from typing import get_args

from django.conf import settings

from mypost.kernel.errors import RevocationProofInvalid
from mypost.kernel.jpki.revocation import (
    REASONS,
    UNSPECIFIED,
    ProofKind,
    RevocationStatus,
    State,
    is_fresh,
    proof_of,
)
from mypost.verification.exchange import Deadline, Question, ask
from mypost.verification.sources.inquiry import Inquiry

MOST_BYTES = 64 * 1024
CAUSES = ("", "move", "name_change", "death", "emigration", "loss", "renewal")
_LONGEST_PERSON = 100


def ask_platform(inquiry: Inquiry, *, deadline: Deadline) -> RevocationStatus:
    """Return what the platform says of the certificate. It is known by its address and TLS."""
    url = settings.JPKI_REVOCATION_URL.rstrip("/") + "/platform/v1/status"
    asked = json.dumps({"issuer": inquiry.authority.key_id, "serial": inquiry.serial}).encode()
    headers = (
        (b"Authorization", f"Bearer {settings.JPKI_PLATFORM_TOKEN}".encode()),
        (b"Content-Type", b"application/json"),
    )
    answer = ask(Question(url, MOST_BYTES, asked, headers), deadline=deadline)
    try:
        return _read(answer.content, inquiry.at)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RevocationProofInvalid from error


def _read(content: bytes, at: datetime) -> RevocationStatus:
    """Return the status that the JSON tells; any other raises ValueError, KeyError, TypeError."""
    told = json.loads(content)
    checked_at = datetime.fromisoformat(told["checked_at"])
    state: State = told["state"]
    if state not in get_args(State) or not is_fresh(checked_at, None, at):
        raise ValueError
    revoked = state == "revoked"
    return RevocationStatus(
        state,
        reason=_one_of(REASONS, told["reason"], UNSPECIFIED) if revoked else "",
        cause=_one_of(CAUSES, told["cause"], "") if revoked else "",
        revoked_at=datetime.fromisoformat(told["revoked_at"]) if revoked else None,
        person=_person(told["person"]),
        proof=proof_of(ProofKind.PLATFORM, content, checked_at),
    )


def _one_of(known: tuple[str, ...], said: str, otherwise: str) -> str:
    """A word that came after our version is no reason to overlook a revocation."""
    return said if said in known else otherwise


def _person(told: str) -> str:
    if not isinstance(told, str) or len(told) > _LONGEST_PERSON:
        raise ValueError
    return told
