"""Deciding and delivering: the night work of a consignment, one transaction a chunk."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from procrastinate.contrib.django import app

from mypost.common.clock import new_id
from mypost.common.failpoints import failpoint
from mypost.evidence import commands as evidence
from mypost.evidence.commands import Act
from mypost.intake import antivirus, ledger
from mypost.intake.decision import (
    DETAILS,
    Decision,
    ExaminedDocument,
    circumstances,
    decide,
    required_level,
)
from mypost.intake.drafts import Reading, read_draft
from mypost.intake.errors import FieldError
from mypost.intake.examiner import examine_document
from mypost.intake.items_file import ItemsFile, read_items_file
from mypost.intake.models import Chunk, Consignment, ConsignmentDocument, Item
from mypost.intake.transit import TransitKey
from mypost.kernel.evidence_entry import Event
from mypost.kernel.identifiers import letter_number
from mypost.letters import commands as letters
from mypost.letters.commands import NewLetter
from mypost.vault.envelope import Document, EnvelopeContent

PDF = "application/pdf"


def examine(content: bytes) -> tuple[str, str, int]:
    """Return a document's (refusal code or "", detail, pages).

    Raises AntivirusUnavailable: without an answer nothing is accepted.
    """
    if len(content) > settings.LARGEST_DOCUMENT:
        return "document_too_large", DETAILS["document_too_large"], 0
    verdict = examine_document(content)
    if verdict.code is None and settings.CLAMD_ADDRESS:
        found = antivirus.scan(
            content, address=settings.CLAMD_ADDRESS, patience=settings.CLAMD_PATIENCE
        )
        if found is not None:
            return "document_infected", DETAILS["document_infected"], 0
    return verdict.code or "", verdict.detail, verdict.pages or 0


# Examination: once a consignment


def examine_consignment(consignment_id: UUID, *, at: datetime) -> None:
    """Examine a submitted consignment's documents, cut its items into chunks, enqueue those.

    Running it again does only what is left. Every chunk's job is enqueued in the transaction
    that makes the chunk.
    """
    for name in _unexamined(consignment_id):
        _examine_one(consignment_id, name, at=at)
    failpoint("examine.documents_done")
    _cut_into_chunks(consignment_id, at=at)


def _unexamined(consignment_id: UUID) -> list[str]:
    waiting = ConsignmentDocument.objects.filter(consignment_id=consignment_id, examined_at=None)
    return list(waiting.values_list("name", flat=True))


def _examine_one(consignment_id: UUID, name: str, *, at: datetime) -> None:
    documents = ConsignmentDocument.objects.select_related("consignment")
    document = documents.filter(consignment_id=consignment_id, name=name).first()
    if document is None:  # the consignment is completed: a late second run
        return
    assert document.secret is not None
    content = transit_of(document.consignment).fetch(document.object_id, bytes(document.secret))
    code, detail, pages = examine(content)
    document.code, document.detail, document.pages = code or None, detail[:300], pages
    document.examined_at = at
    document.save(update_fields=["code", "detail", "pages", "examined_at"])


@transaction.atomic
def _cut_into_chunks(consignment_id: UUID, *, at: datetime) -> None:
    consignment = Consignment.objects.select_for_update().get(id=consignment_id)
    if consignment.state != Consignment.State.SUBMITTED:
        return
    transit = transit_of(consignment)
    rows = iter(_items_file(consignment, transit).rows())
    first_position = 1
    for number, group in enumerate(_groups(rows, settings.CHUNK_SIZE), start=1):
        _make_chunk(consignment, transit, number, first_position, group, at=at)
        first_position += len(group)
    consignment.state = Consignment.State.DELIVERING
    consignment.save(update_fields=["state"])
    failpoint("examine.before_commit")


def _items_file(consignment: Consignment, transit: TransitKey) -> ItemsFile:
    assert consignment.items_object is not None
    assert consignment.items_secret is not None
    content = transit.fetch(consignment.items_object, bytes(consignment.items_secret))
    return read_items_file(content, consignment.items_format)


def _groups(
    rows: Iterator[Mapping[str, object] | FieldError], size: int
) -> Iterator[list[Mapping[str, object] | FieldError]]:
    while group := list(islice(rows, size)):
        yield group


def _make_chunk(
    consignment: Consignment,
    transit: TransitKey,
    number: int,
    first_position: int,
    rows: Sequence[Mapping[str, object] | FieldError],
    *,
    at: datetime,
) -> None:
    object_id, secret = transit.put_away(_pack(rows), at=at)
    Chunk.objects.create(
        consignment=consignment, number=number, first_position=first_position, size=len(rows),
        object_id=object_id, secret=secret,
    )  # fmt: skip
    job = app.configure_task("intake.deliver_chunk", queue="delivery")
    job.defer(consignment_id=str(consignment.id), number=number)


def _pack(rows: Iterable[Mapping[str, object] | FieldError]) -> bytes:
    packed = [
        [row.pointer, row.code, row.detail] if isinstance(row, FieldError) else row for row in rows
    ]
    return json.dumps(packed).encode()


def _unpack(content: bytes) -> list[Reading]:
    return [
        Reading(None, (FieldError(*row),)) if isinstance(row, list) else read_draft(row)
        for row in json.loads(content)
    ]


# Delivery: once a chunk


@transaction.atomic
def deliver_chunk(consignment_id: UUID, number: int, *, at: datetime) -> None:
    """Decide one chunk's items and deliver the accepted ones: one transaction, all or nothing.

    1. lock the chunk, and stop when it is decided: a second run adds nothing
    2. read its items, 3. decide each, 4. deliver and leave evidence
    5. move the ledger, and complete the consignment with its last chunk.
    """
    chunks = Chunk.objects.select_for_update()
    chunk = chunks.get(consignment_id=consignment_id, number=number)  # 1
    if chunk.decided_at is not None:
        return
    consignment = Consignment.objects.select_related("sender", "topic").get(id=consignment_id)
    transit = transit_of(consignment)
    assert chunk.secret is not None
    readings = _unpack(transit.fetch(chunk.object_id, bytes(chunk.secret)))  # 2
    failpoint("deliver.fetched")
    documents = _examined_documents(consignment, transit)
    known = circumstances(consignment, readings, documents)
    undecided = [
        Decision(position, new_id(at), reading)
        for position, reading in enumerate(readings, start=chunk.first_position)
    ]
    decided = decide(undecided, known)  # 3
    failpoint("deliver.decided")
    settle(consignment, decided, batch_id=new_id(at), at=at)  # 4
    Chunk.objects.filter(consignment_id=consignment_id, number=number).update(decided_at=at)
    failpoint("deliver.before_commit")
    ledger.move(consignment, decided, at=at)  # 5


def transit_of(consignment: Consignment) -> TransitKey:
    """Return the key that opens what waits in a consignment. Raises IntakeKeyAbsent."""
    assert consignment.transit_key is not None
    return TransitKey.unwrap(bytes(consignment.transit_key), consignment.id)


def _examined_documents(
    consignment: Consignment, transit: TransitKey
) -> dict[str, ExaminedDocument]:
    return {row.name: _examined(row, transit) for row in consignment.documents.all()}


def _examined(row: ConsignmentDocument, transit: TransitKey) -> ExaminedDocument:
    if row.code is not None:
        return ExaminedDocument(None, row.code, row.detail)
    assert row.secret is not None
    secret = transit.secret(row.object_id, bytes(row.secret))
    return ExaminedDocument(
        Document(row.name, PDF, row.size, row.pages or 0, secret.sha256, row.object_id, secret.key)
    )


def settle(
    consignment: Consignment, decided: Sequence[Decision], *, batch_id: UUID, at: datetime
) -> None:
    """Write down what was decided: evidence of each item, its verdict, and the letters.

    A test consignment leaves its verdicts alone.
    """
    numbers: dict[UUID, str] = {}
    if consignment.live:
        evidence.record_many(_act(consignment, item, at=at) for item in decided)
        accepted = [_new_letter(consignment, item) for item in decided if item.addressee]
        numbers = letters.consign(
            accepted,
            sender_id=consignment.sender_id,
            consignment_id=consignment.id,
            batch_id=batch_id,
            at=at,
        )
    failpoint("deliver.letters_written")
    _copy_items(consignment, decided, numbers, at=at)


def _act(consignment: Consignment, item: Decision, *, at: datetime) -> Act:
    event = Event.SUBMISSION_ACCEPTANCE if item.accepted else Event.SUBMISSION_REJECTION
    return Act(
        event,
        subject_id=item.letter_id,
        mailbox_id=item.addressee.mailbox_id if item.addressee else item.letter_id,
        at=at,
        sender_id=consignment.sender_id,
        facts={
            "sender": str(consignment.sender_id),
            "recipient": item.reading.recipient,
            "reference": item.reading.reference,
        },
        reasons=[] if item.accepted else [item.code],
    )


def _new_letter(consignment: Consignment, item: Decision) -> NewLetter:
    draft, addressee = item.reading.draft, item.addressee
    assert draft is not None
    assert addressee is not None
    return NewLetter(
        id=item.letter_id,
        mailbox_id=addressee.mailbox_id,
        public_key=addressee.public_key,
        recipient=draft.recipient,
        content=EnvelopeContent(
            draft.subject, draft.body, draft.language, draft.reference, item.documents
        ),
        topic_id=item.topic.id if item.topic else None,
        required_assurance=required_level(draft, item.topic, consignment.sender),
        required_aal=draft.required_aal,
        confidential=draft.confidential,
        due=draft.due,
    )


ITEM_COLUMNS = (
    "consignment_id, position, sender_id, letter_id, number, recipient, reference, state, code,"
    " place, detail, decided_at"
)
ITEM_TYPES = [
    "uuid", "int4", "uuid", "uuid", "varchar", "varchar", "varchar", "varchar", "varchar",
    "varchar", "varchar", "timestamptz",
]  # fmt: skip


def _copy_items(
    consignment: Consignment,
    decided: Sequence[Decision],
    numbers: Mapping[UUID, str],
    *,
    at: datetime,
) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY intake_item ({ITEM_COLUMNS}) FROM STDIN (FORMAT binary)") as copy,
    ):
        copy.set_types(ITEM_TYPES)
        for item in decided:
            state = Item.State.CONSIGNED if item.accepted else Item.State.REFUSED
            number = numbers.get(item.letter_id) or letter_number(os.urandom(8))
            row = (
                consignment.id, item.position, consignment.sender_id, item.letter_id, number,
                item.reading.recipient[:60], item.reading.reference[:100], state.value,
                item.code, item.place[:100], item.detail[:300], at,
            )  # fmt: skip
            copy.write_row(row)
