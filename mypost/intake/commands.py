"""What may be done with consignments: hand one in, piece by piece or a single letter at once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from mypost.common.clock import new_id
from mypost.common.failpoints import failpoint
from mypost.evidence import commands as evidence
from mypost.intake import delivery, ledger
from mypost.intake.decision import Decision, ExaminedDocument, circumstances, decide
from mypost.intake.drafts import Reading, document_name
from mypost.intake.errors import (
    ConsignmentClosed,
    ConsignmentNotFound,
    DigestMismatch,
    DocumentTooLarge,
    ItemsMissing,
    SenderSuspended,
    TopicUnknown,
)
from mypost.intake.items_file import read_items_file
from mypost.intake.models import Consignment, ConsignmentDocument, Item
from mypost.intake.transit import TransitKey
from mypost.kernel.evidence_entry import Event
from mypost.senders.models import ApiKey, Sender, Staff, Topic
from mypost.vault import commands as vault
from mypost.vault.envelope import Document


@dataclass(frozen=True)
class Origin:
    """Who hands something in: a key of the API, or a person at the console."""

    sender: Sender
    live: bool
    key: ApiKey | None = None
    staff: Staff | None = None


@dataclass(frozen=True)
class HandedDocument:
    """A document as it arrived with a single letter."""

    name: str
    content: bytes


# A consignment, piece by piece


@transaction.atomic
def open_consignment(
    origin: Origin, *, reference: str, topic: str = "", at: datetime
) -> Consignment:
    """Open a consignment. topic: the slug that items without one get.

    Raises SenderSuspended, TopicUnknown.
    """
    if not origin.sender.may_send:
        raise SenderSuspended
    consignment = _new(origin, Consignment.Kind.BATCH, reference, at=at)
    consignment.topic = _topic(origin.sender, topic)
    consignment.save(force_insert=True)
    return consignment


def _new(origin: Origin, kind: Consignment.Kind, reference: str, *, at: datetime) -> Consignment:
    consignment_id = new_id(at)
    return Consignment(
        id=consignment_id, sender=origin.sender, kind=kind, live=origin.live,
        reference=reference, transit_key=TransitKey.new(consignment_id).wrapped(),
        made_by_key=origin.key, made_by_staff=origin.staff, opened_at=at,
    )  # fmt: skip


def _topic(sender: Sender, slug: str) -> Topic | None:
    if not slug:
        return None
    topic = Topic.objects.filter(sender=sender, slug=slug).first()
    if topic is None:
        raise TopicUnknown
    return topic


def put_document(
    sender_id: UUID,
    consignment_id: UUID,
    name: str,
    content: bytes,
    *,
    sha256: bytes | None,
    at: datetime,
) -> ConsignmentDocument:
    """Take in one document, encrypted; the same name again replaces it.

    sha256: what the sender says the bytes are, when it says so. Raises ConsignmentNotFound,
    ConsignmentClosed, DigestMismatch, DocumentTooLarge, FieldsInvalid.
    """
    name = document_name(name)
    if len(content) > settings.LARGEST_DOCUMENT:
        raise DocumentTooLarge
    if sha256 is not None and hashlib.sha256(content).digest() != sha256:
        raise DigestMismatch
    with transaction.atomic():
        consignment = _open_one(sender_id, consignment_id)
        object_id, secret = delivery.transit_of(consignment).put_away(content, at=at)
        failpoint("intake.object_put_away")
        replaced = consignment.documents.filter(name=name)
        vault.destroy_objects(list(replaced.values_list("object_id", flat=True)))
        replaced.delete()
        return ConsignmentDocument.objects.create(
            consignment=consignment, name=name, object_id=object_id, size=len(content),
            secret=secret,
        )  # fmt: skip


@transaction.atomic
def remove_document(sender_id: UUID, consignment_id: UUID, name: str) -> None:
    """Destroy one document of an open consignment; one that is not there is no fault.

    Raises ConsignmentNotFound, ConsignmentClosed.
    """
    consignment = _open_one(sender_id, consignment_id)
    removed = consignment.documents.filter(name=name)
    vault.destroy_objects(list(removed.values_list("object_id", flat=True)))
    removed.delete()


def put_items(
    sender_id: UUID, consignment_id: UUID, content: bytes, *, form: str, at: datetime
) -> Consignment:
    """Take in the addressees; a second file replaces the first.

    form: "csv" or "ndjson". Raises ConsignmentNotFound, ConsignmentClosed, ItemsInvalid with
    the column at fault; single rows at fault are refused later, each by itself.
    """
    file = read_items_file(content, form)
    with transaction.atomic():
        consignment = _open_one(sender_id, consignment_id)
        if consignment.items_object is not None:
            vault.destroy_objects([consignment.items_object])
        transit = delivery.transit_of(consignment)
        consignment.items_object, consignment.items_secret = transit.put_away(content, at=at)
        consignment.items_format, consignment.columns = file.form, list(file.columns)
        consignment.submitted = consignment.pending = file.count
        consignment.save()
        return consignment


@transaction.atomic
def change_reference(sender_id: UUID, consignment_id: UUID, reference: str) -> None:
    """Give an open consignment another name. Raises ConsignmentNotFound, ConsignmentClosed."""
    consignment = _open_one(sender_id, consignment_id)
    consignment.reference = reference
    consignment.save(update_fields=["reference"])


@transaction.atomic
def discard(sender_id: UUID, consignment_id: UUID) -> None:
    """Forget an open consignment with all that was handed in; nothing had been promised.

    Raises ConsignmentNotFound, ConsignmentClosed.
    """
    consignment = _open_one(sender_id, consignment_id)
    objects = list(consignment.documents.values_list("object_id", flat=True))
    if consignment.items_object is not None:
        objects.append(consignment.items_object)
    vault.destroy_objects(objects)
    consignment.documents.all().delete()
    consignment.delete()


def _open_one(sender_id: UUID, consignment_id: UUID) -> Consignment:
    own = Consignment.objects.select_for_update(of=("self",)).filter(sender_id=sender_id)
    consignment = own.select_related("sender").filter(id=consignment_id).first()
    if consignment is None:
        raise ConsignmentNotFound
    if consignment.state != Consignment.State.OPEN:
        raise ConsignmentClosed
    return consignment


@transaction.atomic
def submit(sender_id: UUID, consignment_id: UUID, *, at: datetime) -> Consignment:
    """Hand the consignment over to the night work; from here on it takes nothing more.

    Raises ConsignmentNotFound, ConsignmentClosed, ItemsMissing, SenderSuspended.
    """
    consignment = _open_one(sender_id, consignment_id)
    if consignment.items_object is None:
        raise ItemsMissing
    if not consignment.sender.may_send:
        raise SenderSuspended
    consignment.state, consignment.submitted_at = Consignment.State.SUBMITTED, at
    consignment.save(update_fields=["state", "submitted_at"])
    if consignment.live:
        _record_submission(consignment, at=at)
    job = app.configure_task("intake.examine_consignment", queue="delivery")
    job.defer(consignment_id=str(consignment.id))
    failpoint("submit.before_commit")
    return consignment


def _record_submission(consignment: Consignment, *, at: datetime) -> None:
    evidence.record(
        Event.CONSIGNMENT_SUBMITTED,
        subject_id=consignment.id,
        sender_id=consignment.sender_id,
        at=at,
        facts={"sender": str(consignment.sender_id), "items": str(consignment.submitted)},
    )


# A single letter


def submit_letter(
    origin: Origin, reading: Reading, documents: Sequence[HandedDocument], *, at: datetime
) -> Item:
    """Decide and deliver one letter at once. Returns its item, which says what became of it.

    Everything is durable when this returns. Documents are examined before the transaction
    begins, so that no lock waits for a child process. Raises AntivirusUnavailable,
    ExaminerUnavailable, FieldsInvalid.
    """
    documents = [replace(doc, name=document_name(doc.name)) for doc in documents]
    verdicts = {doc.name: delivery.examine(doc.content) for doc in documents}
    with transaction.atomic():
        consignment = _new(origin, Consignment.Kind.LETTER, reading.reference, at=at)
        consignment.state, consignment.submitted_at = Consignment.State.DELIVERING, at
        consignment.submitted = consignment.pending = 1
        consignment.save(force_insert=True)
        examined = _examine_handed(consignment, documents, verdicts, at=at)
        known = circumstances(consignment, [reading], examined)
        decided = decide([Decision(1, new_id(at), reading)], known)
        delivery.settle(consignment, decided, batch_id=new_id(at), at=at)
        failpoint("intake.before_commit")
        ledger.move(consignment, decided, at=at)
        return Item.objects.get(consignment=consignment, position=1)


def _examine_handed(
    consignment: Consignment,
    documents: Sequence[HandedDocument],
    verdicts: dict[str, tuple[str, str, int]],
    *,
    at: datetime,
) -> dict[str, ExaminedDocument]:
    transit = delivery.transit_of(consignment)
    examined = {}
    for handed in documents:
        code, detail, pages = verdicts[handed.name]
        if code:
            examined[handed.name] = ExaminedDocument(None, code, detail)
        else:
            examined[handed.name] = _put_away(consignment, transit, handed, pages, at=at)
    return examined


def _put_away(
    consignment: Consignment,
    transit: TransitKey,
    handed: HandedDocument,
    pages: int,
    *,
    at: datetime,
) -> ExaminedDocument:
    object_id, wrapped = transit.put_away(handed.content, at=at)
    failpoint("intake.object_put_away")
    ConsignmentDocument.objects.create(
        consignment=consignment, name=handed.name, object_id=object_id,
        size=len(handed.content), secret=wrapped, pages=pages, examined_at=at,
    )  # fmt: skip
    secret, size = transit.secret(object_id, wrapped), len(handed.content)
    return ExaminedDocument(
        Document(handed.name, delivery.PDF, size, pages, secret.sha256, object_id, secret.key)
    )
