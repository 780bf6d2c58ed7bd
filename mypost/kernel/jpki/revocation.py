"""What an authority says of a certificate: good, revoked and why, or nothing. And by what proof.

Source: RFC 5280 §5.3.1; RFC 6960 §2.2.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from cryptography import x509

State = Literal["good", "revoked", "unknown"]

SKEW = timedelta(minutes=5)  # by which another's clock may be ahead of ours
OLDEST = timedelta(hours=24)  # a proof of yesterday morning proves nothing today

REASONS = tuple(flag.name for flag in x509.ReasonFlags)  # affiliation_changed, superseded …
HOLD = x509.ReasonFlags.certificate_hold.name
UNSPECIFIED = x509.ReasonFlags.unspecified.name


class ProofKind(StrEnum):
    """Who said it."""

    CRL = "crl"
    OCSP = "ocsp"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class RevocationProof:
    """The answer that was relied on. digest: SHA-256 of its bytes, hex. at: when it was true."""

    kind: ProofKind
    digest: str
    at: datetime


def proof_of(kind: ProofKind, answer: bytes, at: datetime) -> RevocationProof:
    """Return the proof that these bytes are. at: aware, UTC."""
    return RevocationProof(kind, hashlib.sha256(answer).hexdigest(), at)


@dataclass(frozen=True, slots=True)
class RevocationStatus:
    """What was said of one certificate.

    reason: a CRLReason in snake_case, "unspecified" when none was given; "" unless revoked.
    cause, person: what a platform tells beside (move, name_change, death …; its id of the holder).
    proof: None when nobody said anything that counts, and then state is "unknown".
    """

    state: State
    reason: str = ""
    cause: str = ""
    revoked_at: datetime | None = None
    person: str = ""
    proof: RevocationProof | None = None


def reason_of(extension: x509.ReasonFlags | None) -> str:
    """Return a CRLReason as "affiliation_changed". Source: RFC 5280 §5.3.1."""
    return UNSPECIFIED if extension is None else extension.name


def is_fresh(this_update: datetime, next_update: datetime | None, at: datetime) -> bool:
    """Tell whether an answer is true now: not of the future, not older than a day, not outlived.

    All times aware. Source: RFC 5280 §5.1.2.4; RFC 5280 §5.1.2.5; RFC 6960 §4.2.2.1.
    """
    return this_update - SKEW <= at <= this_update + OLDEST and (
        next_update is None or at < next_update
    )
