"""An OCSP responder: one question for each certificate, and nothing kept."""

import os

from django.conf import settings

from mypost.kernel.jpki import ocsp
from mypost.kernel.jpki.revocation import RevocationStatus
from mypost.verification.exchange import Deadline, Question, ask
from mypost.verification.sources.inquiry import Inquiry

MOST_BYTES = 64 * 1024
_HEADERS = ((b"Content-Type", b"application/ocsp-request"),)


def ask_responder(inquiry: Inquiry, *, deadline: Deadline) -> RevocationStatus:
    """Return what the responder says of the certificate. Source: RFC 6960 §4.1.1; RFC 6960 §3.2."""
    nonce = os.urandom(ocsp.NONCE_SIZE)
    url = settings.JPKI_REVOCATION_URL.rstrip("/") + "/ocsp"
    request = ocsp.question(inquiry.authority, inquiry.serial, nonce=nonce)
    answer = ask(Question(url, MOST_BYTES, request, _HEADERS), deadline=deadline)
    return ocsp.read_answer(
        answer.content,
        authority=inquiry.authority,
        serial=inquiry.serial,
        nonce=nonce,
        at=inquiry.at,
    )
