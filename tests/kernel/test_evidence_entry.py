import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypost.kernel.canonical import canonical_json
from mypost.kernel.evidence_entry import (
    Event,
    build_entry,
    commitment,
    field_salt,
    open_commitment,
)

SALT = bytes(range(32))
AT = datetime(2026, 4, 1, 9, 30, 0, 5, tzinfo=timezone(timedelta(hours=9)))
NAMES = st.text(st.characters(max_codepoint=127), max_size=20)


def entry(**changes: object) -> bytes:
    parts = {
        "id": UUID(int=1),
        "event": Event.CONTENT_CONSIGNMENT,
        "at": AT,
        "issuer": "mypost.example",
        "subject_id": UUID(int=2),
        "salt": SALT,
        "facts": {"sender": "city", "recipient": "0000"},
    }
    return build_entry(**{**parts, **changes})  # type: ignore[arg-type]


def test_an_entry_is_the_canonical_json_of_its_parts() -> None:
    assert entry(reasons=["mailbox_full"]) == canonical_json(
        {
            "v": 1,
            "id": "00000000-0000-0000-0000-000000000001",
            "event": "http://uri.etsi.org/19522/Event/ContentConsignment",
            "time": "2026-04-01T00:30:00.000005Z",
            "issuer": "mypost.example",
            "subject": "00000000-0000-0000-0000-000000000002",
            "reasons": ["mailbox_full"],
            "facts": {
                "sender": commitment(SALT, "sender", "city"),
                "recipient": commitment(SALT, "recipient", "0000"),
            },
        }
    )


@given(
    issuer=NAMES,
    facts=st.dictionaries(NAMES, st.text(st.characters(exclude_categories=["Cs"])), max_size=6),
    reasons=st.lists(NAMES, max_size=3),
    event=st.sampled_from(Event),
    at=st.datetimes(min_value=datetime.fromisoformat("1900-01-01"), timezones=st.timezones()),
)
def test_every_entry_is_canonical(
    issuer: str, facts: dict[str, str], reasons: list[str], event: Event, at: datetime
) -> None:
    made = entry(issuer=issuer, facts=facts, reasons=reasons, event=event, at=at)
    assert canonical_json(json.loads(made)) == made


def test_a_commitment_is_what_the_standards_make_of_salt_and_value() -> None:
    salt = hmac.new(SALT, b"sender", hashlib.sha256).digest()
    assert field_salt(SALT, "sender") == salt
    assert commitment(SALT, "sender", "市") == hashlib.sha256(salt + "市".encode()).hexdigest()
    assert open_commitment(salt, "市") == commitment(SALT, "sender", "市")


def test_equal_values_do_not_look_alike() -> None:
    commitments = {
        commitment(salt, fact, "same") for salt in (SALT, bytes(32)) for fact in ("sender", "text")
    }
    assert len(commitments) == 4


def test_an_entry_shows_no_value() -> None:
    assert b"city".hex() not in entry().decode()
    assert b"city" not in entry()


@pytest.mark.parametrize(
    "changes",
    [
        {"at": datetime.fromisoformat("2026-04-01")},
        {"salt": bytes(31)},
        {"salt": bytes(33)},
        {"salt": b""},
        {"facts": {"差出人": "city"}},
        {"issuer": "郵便"},
    ],
    ids=["naive time", "short salt", "long salt", "no salt", "fact not ASCII", "issuer not ASCII"],
)
def test_it_refuses_parts_that_make_no_entry(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"aware|32 bytes|ASCII"):
        entry(**changes)


OF_THE_STANDARD = {  # EN 319 522-3 §Table 2
    "SubmissionAcceptance", "SubmissionRejection", "ContentConsignment",
    "ContentConsignmentFailure", "ConsignmentNotification", "ConsignmentNotificationFailure",
    "ContentAccessTracking", "ContentHandover", "ContentHandoverFailure",
}  # fmt: skip
OURS = {  # receipts that people keep hold these names, so none ever changes
    "SenderSelectionChanged", "AssuranceLevelChanged", "SenderContractChanged", "LetterRecalled",
    "ConsignmentSubmitted", "ConsignmentCompleted", "TransitKeyDestroyed", "MailboxCreated",
    "AuditAccess", "ApiKeyChanged", "AttributesChanged", "PasscodeRequested", "PasscodeEntered",
    "PostalResult", "CertificateJudged", "CardLinked", "CardStopped", "AccountsMerged",
    "MailboxClosing", "MailboxClosed", "FactorsForgotten", "ContentExported",
}  # fmt: skip


def test_events_have_the_names_of_the_standard_or_our_own_address() -> None:
    standard = {f"http://uri.etsi.org/19522/Event/{name}" for name in OF_THE_STANDARD}
    ours = {f"https://mypost.example/event/{name}" for name in OURS}
    assert {event.value for event in Event} == standard | ours
    assert {event.short_name for event in Event} == OF_THE_STANDARD | OURS


def test_times_before_and_after_summer_time_are_written_in_utc() -> None:
    made = json.loads(entry(at=datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)))
    assert made["time"] == "2026-12-31T23:59:59.999999Z"
