"""A letter being written at the console, to one person or to several.

Between two pages it lies in an open consignment, encrypted like everything that waits: as items,
one a recipient, that differ in recipient and reference alone. No session and no file holds it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction

from mypost.intake import commands as intake
from mypost.intake.commands import HandedDocument, Origin
from mypost.intake.errors import ConsignmentNotFound
from mypost.intake.items_file import NDJSON
from mypost.intake.models import Consignment
from mypost.intake.preview import open_consignment_of, written_items
from mypost.kernel.pseudonyms import normalise_pseudonym

MOST_RECIPIENTS = 1_000  # more belong into a file
WORDS = (
    "subject", "body", "language", "topic", "required_assurance", "required_aal", "confidential",
    "due", "documents",
)  # fmt: skip
# What a letter lacks that was begun before these could be said.
UNSAID: Mapping[str, object] = {"required_aal": 1, "confidential": False}


@dataclass(frozen=True)
class Composition:
    """A letter as far as it is written. words: the fields that all its recipients share."""

    words: Mapping[str, object] = field(default_factory=dict)
    recipients: Sequence[str] = ()


def draft_of(sender_id: UUID, consignment_id: UUID) -> Consignment:
    """Return an open consignment that was begun at the console.

    One that a program is handing in is the program's business.
    Raises ConsignmentNotFound, ConsignmentClosed.
    """
    draft = open_consignment_of(sender_id, consignment_id)
    if draft.made_by_staff_id is None:
        raise ConsignmentNotFound
    return draft


def read_composition(consignment: Consignment) -> Composition | None:
    """Return the letter that a consignment's items are, None when they are different letters.

    A consignment without items is a letter not yet written.
    """
    if consignment.items_object is None:
        return Composition()
    if consignment.items_format != NDJSON or consignment.submitted > MOST_RECIPIENTS:
        return None
    rows = list(written_items(consignment))
    whole = [{**UNSAID, **row} for row in rows if isinstance(row, Mapping)]
    letters = [row for row in whole if _is_ours(row)]
    words = [{name: row[name] for name in WORDS} for row in letters]
    if len(letters) < len(rows) or any(other != words[0] for other in words):
        return None
    recipients = [str(row["recipient"]) for row in letters if row["recipient"]]
    return Composition(words[0], recipients)


def _is_ours(row: Mapping[str, object]) -> bool:
    return set(row) == {"recipient", "reference", *WORDS}


@transaction.atomic
def keep(
    origin: Origin,
    consignment_id: UUID | None,
    letter: Composition | None,
    *,
    added: Iterable[HandedDocument],
    removed: str,
    reference: str,
    at: datetime,
) -> UUID:
    """Keep what is good of a letter so far, all or nothing; return its consignment's id.

    consignment_id: None opens one. letter: None when its words are not yet right.
    removed: a document's name, or "". Raises SenderSuspended, ConsignmentNotFound,
    ConsignmentClosed.
    """
    if consignment_id is None:
        consignment_id = intake.open_consignment(origin, reference=reference, at=at).id
    owner = origin.sender.id
    if removed:
        intake.remove_document(owner, consignment_id, removed)
    for number, new in enumerate(added):
        # Identifiers sort by millisecond: with one each, documents stay in the order of adding.
        then = at + number * timedelta(milliseconds=1)
        intake.put_document(owner, consignment_id, new.name, new.content, sha256=None, at=then)
    if letter is not None:
        write(owner, consignment_id, letter, reference=reference, at=at)
    return consignment_id


@transaction.atomic
def write(
    sender_id: UUID, consignment_id: UUID, letter: Composition, *, reference: str, at: datetime
) -> None:
    """Write the letter into its consignment, in place of what was there.

    Raises ConsignmentNotFound, ConsignmentClosed.
    """
    intake.change_reference(sender_id, consignment_id, reference)
    intake.put_items(sender_id, consignment_id, _as_items(letter, reference), form=NDJSON, at=at)


def _as_items(letter: Composition, reference: str) -> bytes:
    recipients = letter.recipients or [""]
    several = len(recipients) > 1
    rows = (
        {
            "recipient": recipient,
            "reference": f"{reference}-{number}" if several else reference,
            **letter.words,
        }
        for number, recipient in enumerate(recipients, start=1)
    )
    return "\n".join(json.dumps(row) for row in rows).encode()


def distinct_recipients(written: Iterable[str]) -> list[str]:
    """Return pseudonyms as written, in normal form where they have one, each once, in order."""
    lines = (line.strip() for line in written)
    normal = (normalise_pseudonym(line) or line for line in lines if line)
    return list(islice(dict.fromkeys(normal), MOST_RECIPIENTS + 1))
