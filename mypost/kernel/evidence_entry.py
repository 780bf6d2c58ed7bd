"""One evidence entry: what happened to which letter and when, with commitments for all facts.

An entry goes into a public log, so it holds no content and no personal data: each fact stands as
a salted hash, which sender and member can open to a third person one by one.
Source: EN 319 522-1 §6; EN 319 522-3 §Table 2.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from mypost.kernel.canonical import canonical_json
from mypost.kernel.errors import EntryMalformed, NotCanonical

SALT_SIZE = 32
_ETSI = "http://uri.etsi.org/19522/Event/"
_OWN = "https://mypost.example/event/"
_TEXTS = ("id", "event", "time", "issuer", "subject")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}")


class Event(StrEnum):
    """What may happen. The standard's own names first, then ours under our own address."""

    SUBMISSION_ACCEPTANCE = _ETSI + "SubmissionAcceptance"  # A.1
    SUBMISSION_REJECTION = _ETSI + "SubmissionRejection"  # A.2
    CONTENT_CONSIGNMENT = _ETSI + "ContentConsignment"  # D.1: lies in the mailbox
    CONTENT_CONSIGNMENT_FAILURE = _ETSI + "ContentConsignmentFailure"  # D.2
    CONSIGNMENT_NOTIFICATION = _ETSI + "ConsignmentNotification"  # D.3: alert mail handed over
    CONSIGNMENT_NOTIFICATION_FAILURE = _ETSI + "ConsignmentNotificationFailure"  # D.4
    CONTENT_ACCESS_TRACKING = _ETSI + "ContentAccessTracking"  # D.6
    CONTENT_HANDOVER = _ETSI + "ContentHandover"  # E.1: opened by the member
    CONTENT_HANDOVER_FAILURE = _ETSI + "ContentHandoverFailure"  # E.2

    SENDER_SELECTION_CHANGED = _OWN + "SenderSelectionChanged"
    ASSURANCE_LEVEL_CHANGED = _OWN + "AssuranceLevelChanged"
    SENDER_CONTRACT_CHANGED = _OWN + "SenderContractChanged"
    LETTER_RECALLED = _OWN + "LetterRecalled"
    CONSIGNMENT_SUBMITTED = _OWN + "ConsignmentSubmitted"
    CONSIGNMENT_COMPLETED = _OWN + "ConsignmentCompleted"  # every item is decided
    TRANSIT_KEY_DESTROYED = _OWN + "TransitKeyDestroyed"
    MAILBOX_CREATED = _OWN + "MailboxCreated"
    AUDIT_ACCESS = _OWN + "AuditAccess"  # an operator looked or acted
    API_KEY_CHANGED = _OWN + "ApiKeyChanged"
    ATTRIBUTES_CHANGED = _OWN + "AttributesChanged"  # declared, certified or lapsed
    PASSCODE_REQUESTED = _OWN + "PasscodeRequested"
    PASSCODE_ENTERED = _OWN + "PasscodeEntered"  # right, or tried too often
    POSTAL_RESULT = _OWN + "PostalResult"  # what the print shop or the carrier reports
    CERTIFICATE_JUDGED = _OWN + "CertificateJudged"  # a verdict
    CARD_LINKED = _OWN + "CardLinked"
    CARD_STOPPED = _OWN + "CardStopped"
    ACCOUNTS_MERGED = _OWN + "AccountsMerged"
    MAILBOX_CLOSING = _OWN + "MailboxClosing"  # asked for, or taken back
    MAILBOX_CLOSED = _OWN + "MailboxClosed"  # its keys are destroyed
    FACTORS_FORGOTTEN = _OWN + "FactorsForgotten"  # a lost passkey, by our office
    CONTENT_EXPORTED = _OWN + "ContentExported"

    @property
    def short_name(self) -> str:
        """The last part of the address, as people read it."""
        return short_name(self.value)


def short_name(event: str) -> str:
    """Return the last part of an event's address, also of one that this version does not know."""
    return event.rpartition("/")[2]


def field_salt(salt: bytes, fact: str) -> bytes:
    """Return the 32-byte salt of one fact, which opens that fact and no other.

    salt: the line's own secret, 32 random bytes. Raises ValueError for any other length.
    Source: RFC 2104 §2.
    """
    if len(salt) != SALT_SIZE:
        raise ValueError("a line's salt has 32 bytes")
    return hmac.digest(salt, fact.encode(), "sha256")


def open_commitment(salt_of_fact: bytes, value: str) -> str:
    """Return the commitment, 64 hex digits, that this field salt and this value give."""
    return hashlib.sha256(salt_of_fact + value.encode()).hexdigest()


def commitment(salt: bytes, fact: str, value: str) -> str:
    """Return the commitment to one fact, 64 hex digits: SHA-256(field salt ‖ value in UTF-8).

    Two facts of equal value look unlike, and no value can be guessed without the salt.
    """
    return open_commitment(field_salt(salt, fact), value)


def build_entry(
    *,
    id: UUID,
    event: Event,
    at: datetime,
    issuer: str,
    subject_id: UUID,
    salt: bytes,
    facts: Mapping[str, str],
    reasons: Sequence[str] = (),
) -> bytes:
    """Return the canonical JSON of one entry, as it is hashed into the log.

    at: aware, any zone; written in UTC to the microsecond. issuer: the name of the service.
    subject_id: the letter, mailbox, member or sender it happened to. facts: name to value.
    reasons: stable codes, for refusals. The frame is written out with its keys in canonical
    order, since a bulk delivery builds thousands a second; each free text goes through
    canonical_json. Raises ValueError for a naive time or a fact name that is not ASCII.
    Source: EN 319 522-1 §6; RFC 8785 §3.2; RFC 3339 §5.6.
    """
    commitments = ",".join(
        f'{_quoted(fact)}:"{commitment(salt, fact, facts[fact])}"' for fact in sorted(facts)
    )
    return (
        f'{{"event":"{event.value}","facts":{{{commitments}}},"id":"{id}"'
        f',"issuer":{_quoted(issuer)},"reasons":[{",".join(map(_quoted, reasons))}]'
        f',"subject":"{subject_id}","time":"{_utc(at)}","v":1}}'
    ).encode()


@lru_cache(maxsize=256)
def _quoted(text: str) -> str:
    """Return a name as canonical JSON. Names are few, so each is worked out once."""
    if not text.isascii():  # beyond ASCII, Python sorts by another order than RFC 8785
        raise ValueError("names in an entry are ASCII")
    return canonical_json(text).decode()


def _utc(at: datetime) -> str:
    """Return the time as RFC 3339 in UTC with six decimals."""
    if at.tzinfo is None:
        raise ValueError("an entry needs an aware time")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """One entry as it was read back. `event` may be newer than this version of the list."""

    id: str
    event: str
    time: str
    issuer: str
    subject: str
    reasons: tuple[str, ...]
    facts: Mapping[str, str]


def read_entry(entry: bytes) -> EvidenceEntry:
    """Return the parts of an entry that has exactly the form build_entry gives.

    Raises EntryMalformed for other keys, types, times or hashes, and for JSON that is right but
    not canonical: what is hashed must have one reading.
    Source: RFC 8785 §3.2; RFC 3339 §5.6.
    """
    try:
        value = json.loads(entry)
        is_canonical = canonical_json(value) == entry
    except (ValueError, RecursionError, NotCanonical) as error:
        raise EntryMalformed from error
    if not (is_canonical and isinstance(value, dict) and _has_form(value)):
        raise EntryMalformed
    parts = {name: value[name] for name in _TEXTS}
    return EvidenceEntry(**parts, reasons=tuple(value["reasons"]), facts=value["facts"])


def _has_form(value: dict[str, object]) -> bool:
    facts, reasons = value.get("facts"), value.get("reasons")
    return (
        value.keys() == {*_TEXTS, "v", "reasons", "facts"}
        and value["v"] == 1
        and all(isinstance(value[name], str) for name in _TEXTS)
        and _TIME.fullmatch(str(value["time"])) is not None
        and isinstance(reasons, list)
        and all(isinstance(reason, str) for reason in reasons)
        and isinstance(facts, dict)
        and all(isinstance(fact, str) and _HASH.fullmatch(fact) for fact in facts.values())
    )
