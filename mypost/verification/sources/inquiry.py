"""What every source is asked, and how it is asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mypost.kernel.jpki.authorities import Authority
from mypost.kernel.jpki.revocation import RevocationStatus
from mypost.verification.exchange import Deadline


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One certificate. serial: hex. crl_point: RFC 4514. at: aware, the moment that matters."""

    authority: Authority
    serial: str
    crl_point: str
    at: datetime


class Source(Protocol):
    """Somebody who may be asked, at the configured address and nowhere else.

    Raises Unanswered, TooLate, RevocationProofInvalid: whatever else it returns was proved.
    """

    def __call__(self, inquiry: Inquiry, *, deadline: Deadline) -> RevocationStatus: ...
