"""What may be asked of the evidence: lines, tiles, checkpoints, receipts, a sender's feed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, Min

from mypost.evidence.errors import ReceiptNotReady
from mypost.evidence.models import Checkpoint, Line, Tile
from mypost.kernel import merkle
from mypost.kernel.evidence_entry import Event
from mypost.kernel.receipt import ReceiptLine, build_receipt


@dataclass(frozen=True)
class FeedLine:
    """One line of a sender's event feed; cursor is its place in the log."""

    cursor: int
    event: Event
    subject_id: UUID
    mailbox_id: UUID
    at: datetime
    reason: str  # "" when the line has none


@dataclass(frozen=True)
class Backlog:
    """Lines that the log has not taken in: how many, and since when the first one waits."""

    lines: int
    since: datetime | None


def lines_to_integrate(limit: int) -> list[tuple[UUID, UUID, str]]:
    """Return (mailbox, line, entry) not yet in the log, in the order they were recorded."""
    waiting = Line.objects.filter(leaf_index=None).order_by("seq")
    return list(waiting.values_list("mailbox_id", "id", "entry")[:limit])


def log_size() -> int:
    """Return how many leaves the newest checkpoint covers."""
    newest = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first()
    return newest or 0


def newest_checkpoint() -> Checkpoint | None:
    """Return the checkpoint with the largest size, None for an empty log."""
    return Checkpoint.objects.order_by("-size").first()


def recent_checkpoints(limit: int) -> list[Checkpoint]:
    """Return the newest checkpoints, the largest first."""
    return list(Checkpoint.objects.order_by("-size")[:limit])


def backlog() -> Backlog:
    """Return what was recorded and waits for its place in the log."""
    waiting = Line.objects.filter(leaf_index=None)
    return Backlog(**waiting.aggregate(lines=Count("id"), since=Min("recorded_at")))


def read_tile(level: int, index: int) -> bytes:
    """Return the hashes of one tile, empty when it does not exist."""
    tile = Tile.objects.filter(level=level, index=index).values_list("hashes", flat=True).first()
    return bytes(tile or b"")


def entries_of_tile(index: int, width: int) -> list[str]:
    """Return the entries below one level-0 tile, in log order."""
    leaves = Line.objects.filter(leaf_index__gte=index * 256, leaf_index__lt=index * 256 + width)
    return list(leaves.order_by("leaf_index").values_list("entry", flat=True))


def lines_of(mailbox_id: UUID, subject_id: UUID) -> list[Line]:
    """Return one subject's whole story in the order of its acts."""
    return list(Line.objects.filter(mailbox_id=mailbox_id, subject_id=subject_id).order_by("seq"))


def receipt(
    mailbox_id: UUID, letter_id: UUID, *, holder: str, facts: Mapping[str, str]
) -> dict[str, object]:
    """Return the bundle that proves a letter's story without us (kernel/receipt.py).

    holder: "sender" or "member". facts: the values the holder may see; a fact not named here
    is disclosed by its salt alone, so that who holds the document can check it.
    Raises ReceiptNotReady until the log has taken the first line in.
    """
    lines = [line for line in lines_of(mailbox_id, letter_id) if line.leaf_index is not None]
    head = newest_checkpoint()
    if not lines or head is None:
        raise ReceiptNotReady
    proven = [_proven(line, head.size) for line in lines]
    return build_receipt(
        letter_id=letter_id, holder=holder, note=head.note, lines=proven, facts=facts
    )


def _proven(line: Line, size: int) -> ReceiptLine:
    assert line.leaf_index is not None
    proof = merkle.inclusion_proof(read_tile, line.leaf_index, size)
    return ReceiptLine(line.leaf_index, line.entry, proof, bytes(line.salt))


def latest(sender_id: UUID, event: Event, *, limit: int) -> list[tuple[UUID, datetime]]:
    """Return (subject, time) of a sender's newest lines of one event, newest in the log first."""
    lines = Line.objects.filter(sender_id=sender_id, leaf_index__isnull=False)
    newest = lines.filter(event=event.short_name).order_by("-leaf_index")
    return list(newest.values_list("subject_id", "at")[:limit])


FEED = """
    SELECT leaf_index, event, subject_id, mailbox_id, at,
           coalesce(entry::jsonb -> 'reasons' ->> 0, '')
      FROM evidence_line
     WHERE sender_id = %s AND leaf_index > %s AND event = ANY(%s)
     ORDER BY leaf_index
     LIMIT %s
"""


def feed(sender_id: UUID, events: list[Event], *, after: int, limit: int) -> list[FeedLine]:
    """Return a sender's events that follow a cursor (-1 = from the beginning), in log order.

    The order is the log's: a line appears only once it is integrated, so no reader can pass
    a line that commits later.
    """
    names = {event.short_name: event for event in events}
    with connection.cursor() as cursor:
        cursor.execute(FEED, [sender_id, after, list(names), limit])
        rows = cursor.fetchall()
    return [FeedLine(row[0], names[row[1]], *row[2:]) for row in rows]
