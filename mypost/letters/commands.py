"""What may be done with letters: put them into mailboxes, and hand one over to its reader."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from mypost.common.failpoints import failpoint
from mypost.evidence import commands as evidence
from mypost.evidence.commands import Act
from mypost.kernel.canonical import canonical_json
from mypost.kernel.evidence_entry import Event
from mypost.kernel.identifiers import letter_number
from mypost.letters.demands import check_demands
from mypost.letters.errors import LetterNotFound
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.notifications import commands as notifications
from mypost.vault import commands as vault
from mypost.vault.envelope import EnvelopeContent


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter that intake has accepted for a mailbox.

    public_key: the mailbox's. recipient: the sender's pseudonym for the member.
    required_assurance, required_aal, confidential: as of the row; see Letter.
    """

    id: UUID
    mailbox_id: UUID
    public_key: bytes
    recipient: str
    content: EnvelopeContent
    topic_id: UUID | None
    required_assurance: int
    required_aal: int
    confidential: bool
    due: date | None


def consign(
    letters: Sequence[NewLetter],
    *,
    sender_id: UUID,
    consignment_id: UUID,
    batch_id: UUID,
    at: datetime,
) -> dict[UUID, str]:
    """Put letters into their mailboxes: rows, sealed envelopes, evidence, alerts owed.

    In the caller's transaction: all of it or nothing. Returns each letter's number by its id.
    Source: EN 319 522-1 §6: event D.1 ContentConsignment.
    """
    if not letters:
        return {}
    numbers = {letter.id: letter_number(os.urandom(8)) for letter in letters}
    _copy_rows(letters, numbers, sender_id=sender_id, consignment_id=consignment_id, at=at)
    vault.seal_letters(
        vault.LetterToSeal(new.id, new.mailbox_id, new.public_key, new.content) for new in letters
    )
    failpoint("deliver.sealed")
    evidence.record_many(
        Act(
            Event.CONTENT_CONSIGNMENT,
            new.id,
            new.mailbox_id,
            at,
            sender_id,
            facts_of(new, sender_id),
        )
        for new in letters
    )
    owed = ((new.mailbox_id, new.id, new.confidential) for new in letters)
    notifications.owe(owed, sender_id=sender_id, batch_id=batch_id, at=at)
    return numbers


def facts_of(letter: NewLetter, sender_id: UUID) -> dict[str, str]:
    """Return what the evidence of a letter commits to; only salted hashes of it are kept."""
    digests = [document.sha256.hex() for document in letter.content.documents]
    return {
        "sender": str(sender_id),
        "recipient": letter.recipient,
        "reference": letter.content.reference,
        "documents": canonical_json(digests).decode(),
        "text": f"{letter.content.subject}\n\n{letter.content.body}",
    }


COLUMNS = (
    "mailbox_id, id, number, topic_id, state, documents, required_assurance, required_aal,"
    " confidential, due, sender_id, consignment_id, consigned_at"
)
TYPES = [
    "uuid", "uuid", "varchar", "uuid", "varchar", "int2", "int2", "int2",
    "bool", "date", "uuid", "uuid", "timestamptz",
]  # fmt: skip


def _copy_rows(
    letters: Sequence[NewLetter],
    numbers: dict[UUID, str],
    *,
    sender_id: UUID,
    consignment_id: UUID,
    at: datetime,
) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY letters_letter ({COLUMNS}) FROM STDIN (FORMAT binary)") as copy,
    ):
        copy.set_types(TYPES)
        for new in letters:
            copy.write_row((*_row(new, numbers[new.id]), sender_id, consignment_id, at))


def _row(new: NewLetter, number: str) -> tuple[object, ...]:
    return (
        new.mailbox_id, new.id, number, new.topic_id, Letter.State.CONSIGNED.value,
        len(new.content.documents), new.required_assurance, new.required_aal, new.confidential,
        new.due,
    )  # fmt: skip


@transaction.atomic
def hand_over(letter_id: UUID, *, reader: Member, aal: int, at: datetime) -> EnvelopeContent:
    """Give the reader the content of one letter, and put the first time on record.

    aal: how strongly the reader has signed in now, 1 to 3. at: aware, UTC. Both are given by the
    door, so that a test or a replay is exact.
    Returns the opened envelope; the caller shows it and keeps no copy.
    Raises LetterNotFound, AssuranceTooLow, SignInTooWeak. Opening again is allowed and adds no
    evidence.
    Source: EN 319 522-1 §6: event E.1 ContentHandover.
    """
    letters = Letter.objects.readable_by(reader).select_for_update(of=("self",))
    letter = letters.filter(id=letter_id).first()
    if letter is None:
        raise LetterNotFound
    check_demands(letter, reader, aal=aal)
    if letter.state == Letter.State.CONSIGNED:
        letter.state, letter.handed_over_at = Letter.State.HANDED_OVER, at
        letter.save(update_fields=["state", "handed_over_at"])
        evidence.record(
            Event.CONTENT_HANDOVER,
            subject_id=letter.id,
            mailbox_id=letter.mailbox_id,
            sender_id=letter.sender_id,
            at=at,
        )
    failpoint("open.first")
    return vault.open_envelope(letter.mailbox_id, letter.id)
