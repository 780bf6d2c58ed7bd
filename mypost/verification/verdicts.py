"""What a check says: a verdict with its reasons, and what was known of the revocation."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mypost.kernel.jpki.basic_four import BasicFour
from mypost.kernel.jpki.certificate import CardCertificate
from mypost.kernel.jpki.revocation import RevocationProof, RevocationStatus

__all__ = ["BasicFour", "CardCertificate", "Outcome", "Purpose", "RevocationProof",
           "RevocationStatus", "Verdict"]  # fmt: skip


class Purpose(StrEnum):
    """What the card is used for; each takes one of its two certificates."""

    SIGN_IN = "sign_in"  # 利用者証明用
    PROVE = "prove"  # 署名用, with the basic four attributes


class Outcome(StrEnum):
    """INDETERMINATE: nobody can say now. It counts as little as INVALID, but may be tried again."""

    VALID = "valid"
    INVALID = "invalid"
    INDETERMINATE = "indeterminate"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check found.

    reasons: codes of reasons.py, empty when valid. faults: rules of the profile that were broken.
    certificate: None when it could not be read. status: None unless revocation was asked about.
    basic_four: of a valid certificate for signatures only; personal, so never in a log. at: of the
    check, aware.
    """

    outcome: Outcome
    purpose: Purpose
    at: datetime
    reasons: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    certificate: CardCertificate | None = None
    basic_four: BasicFour | None = field(default=None, repr=False)
    status: RevocationStatus | None = None

    @property
    def revocation(self) -> RevocationProof | None:
        """The proof that was relied on, None when there is none."""
        return self.status.proof if self.status else None

    @property
    def person(self) -> str:
        """The platform's id of the holder, which outlives a renewal; "" when nobody tells."""
        return self.status.person if self.status else ""
