"""Looking at an open consignment before it is sent: what the letters will be, and what is wrong.

Nothing found here is stored, and nothing leaves the room but to the page that asked: the words
lie encrypted under the transit key before and after.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from mypost.intake import delivery, queries
from mypost.intake.decision import Circumstances, Decision, ExaminedDocument, foresee
from mypost.intake.drafts import Reading, read_draft
from mypost.intake.errors import ConsignmentClosed, FieldError
from mypost.intake.items_file import read_items_file
from mypost.intake.models import Consignment, ConsignmentDocument, UsedReference
from mypost.intake.transit import TransitKey
from mypost.subscriptions import queries as subscriptions
from mypost.subscriptions.queries import Addressee
from mypost.vault.envelope import Document

MOST_CHECKED = 10_000  # items; the rest is checked when it is delivered
MOST_TROUBLES = 100  # told one by one

Row = Mapping[str, object] | FieldError


@dataclass(frozen=True)
class PreviewedDocument:
    """A document with the verdict that it would get. size: bytes. code: "" when it is good."""

    name: str
    size: int
    pages: int
    code: str
    detail: str


@dataclass(frozen=True)
class Trouble:
    """An item that would be refused. written: what stands at the place that is wrong."""

    item: Decision
    written: str


@dataclass(frozen=True)
class Preview:
    """An open consignment as it would be delivered now.

    letters: the first ones. checked: how many items were looked at, refused: how many of those
    would be refused; troubles: the first of them.
    """

    consignment: Consignment
    documents: list[PreviewedDocument]
    letters: list[Decision]
    checked: int
    refused: int
    troubles: list[Trouble]

    @property
    def sendable(self) -> int:
        return self.consignment.submitted - self.refused


def open_consignment_of(sender_id: UUID, consignment_id: UUID) -> Consignment:
    """Return a sender's consignment that still takes something in.

    Raises ConsignmentNotFound, ConsignmentClosed.
    """
    consignment = queries.consignment_of(sender_id, consignment_id)
    if consignment.state != Consignment.State.OPEN:
        raise ConsignmentClosed
    return consignment


def written_items(consignment: Consignment) -> Iterator[Row]:
    """Yield the items of an open consignment as the sender wrote them; none when it has none."""
    if consignment.items_object is None:
        return
    assert consignment.items_secret is not None  # written with it
    transit = delivery.transit_of(consignment)
    content = transit.fetch(consignment.items_object, bytes(consignment.items_secret))
    yield from read_items_file(content, consignment.items_format).rows()


def preview(sender_id: UUID, consignment_id: UUID, *, limit: int) -> Preview:
    """Say what an open consignment would become, its documents examined now.

    limit: how many letters to show. Whether a member declined the topic or is verified well
    enough is not foretold: a sender learns that of letters it sends, not by asking.
    Raises ConsignmentNotFound, ConsignmentClosed, AntivirusUnavailable, ExaminerUnavailable.
    """
    consignment = open_consignment_of(sender_id, consignment_id)
    examined = _examine_documents(consignment)
    rows = list(islice(written_items(consignment), MOST_CHECKED))
    foreseen = _foresee(consignment, [_read(row) for row in rows], examined)
    refused = [item for item in foreseen if not item.accepted]
    return Preview(
        consignment=consignment,
        documents=_documents(consignment, examined),
        letters=foreseen[:limit],
        checked=len(foreseen),
        refused=len(refused),
        troubles=[_trouble(item, rows[item.position - 1]) for item in refused[:MOST_TROUBLES]],
    )


def _read(row: Row) -> Reading:
    return Reading(None, (row,)) if isinstance(row, FieldError) else read_draft(row)


def _examine_documents(consignment: Consignment) -> dict[str, ExaminedDocument]:
    transit = delivery.transit_of(consignment)
    return {row.name: _examine(row, transit) for row in consignment.documents.all()}


def _examine(row: ConsignmentDocument, transit: TransitKey) -> ExaminedDocument:
    assert row.secret is not None  # until the consignment is completed
    content = transit.fetch(row.object_id, bytes(row.secret))
    code, detail, pages = delivery.examine(content)
    if code:
        return ExaminedDocument(None, code, detail)
    secret = transit.secret(row.object_id, bytes(row.secret))
    return ExaminedDocument(
        Document(row.name, delivery.PDF, row.size, pages, secret.sha256, row.object_id, secret.key)
    )


def _documents(
    consignment: Consignment, examined: Mapping[str, ExaminedDocument]
) -> list[PreviewedDocument]:
    return [
        PreviewedDocument(row.name, row.size, found.document.pages, "", "")
        if (found := examined[row.name]).document
        else PreviewedDocument(row.name, row.size, 0, found.code, found.detail)
        for row in consignment.documents.order_by("name")
    ]


def _foresee(
    consignment: Consignment,
    readings: Sequence[Reading],
    examined: Mapping[str, ExaminedDocument],
) -> list[Decision]:
    undecided = [
        Decision(position, consignment.id, reading)
        for position, reading in enumerate(readings, start=1)
    ]
    known = _circumstances(consignment, readings, examined)
    return _refuse_repeated(consignment.sender_id, foresee(undecided, known))


def _circumstances(
    consignment: Consignment,
    readings: Sequence[Reading],
    examined: Mapping[str, ExaminedDocument],
) -> Circumstances:
    """Suppose the best of every member: verified, and wanting every topic."""
    pseudonyms = [reading.draft.recipient for reading in readings if reading.draft]
    active = subscriptions.active_pseudonyms(consignment.sender_id, pseudonyms)
    anybody = Addressee(consignment.id, level=3, declined_topics=frozenset(), public_key=b"")
    return Circumstances(
        sender=consignment.sender,
        live=consignment.live,
        default_topic=consignment.topic,
        topics={topic.slug: topic for topic in consignment.sender.topics.all()},
        documents=examined,
        addressees=dict.fromkeys(active, anybody),
    )


def _refuse_repeated(sender_id: UUID, foreseen: Sequence[Decision]) -> list[Decision]:
    references = [item.reading.reference for item in foreseen if item.accepted]
    used = UsedReference.objects.filter(sender_id=sender_id, reference__in=references)
    taken = set(used.values_list("reference", flat=True))
    checked = []
    for item in foreseen:
        if item.accepted and item.reading.reference in taken:
            item = item.refuse("reference_repeated", "reference")
        elif item.accepted:
            taken.add(item.reading.reference)
        checked.append(item)
    return checked


def _trouble(item: Decision, row: Row) -> Trouble:
    written = "" if isinstance(row, FieldError) else row.get(item.place)
    shown = "" if written is None else str(written)[:60]
    return Trouble(item, shown.encode(errors="replace").decode())  # JSON can spell half characters
