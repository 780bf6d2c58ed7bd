"""Does this certificate still count? One question, and whom this installation asks.

Nothing is ever fetched from an address inside a certificate: only from the configured one.
"""

from django.conf import settings

from mypost.kernel.errors import RevocationProofInvalid
from mypost.kernel.jpki.revocation import RevocationStatus
from mypost.verification.exchange import Deadline, TooLate, Unanswered
from mypost.verification.sources.inquiry import Inquiry, Source
from mypost.verification.sources.lists import ask_list
from mypost.verification.sources.platform import ask_platform
from mypost.verification.sources.responder import ask_responder

SOURCES: dict[str, Source] = {"crl": ask_list, "ocsp": ask_responder, "platform": ask_platform}
UNKNOWN = RevocationStatus("unknown")


def learn(inquiry: Inquiry, *, deadline: Deadline) -> RevocationStatus:
    """Return what is known of a certificate; "unknown" when nobody said anything that counts.

    Hard-fail: no source, no answer, an old one or one by a stranger all leave it unknown.
    Raises TooLate when the time of the check is over.
    """
    source = SOURCES.get(settings.JPKI_REVOCATION)
    if source is None:
        return UNKNOWN
    try:
        return source(inquiry, deadline=deadline)
    except TooLate:
        raise
    except (Unanswered, RevocationProofInvalid):
        return UNKNOWN
