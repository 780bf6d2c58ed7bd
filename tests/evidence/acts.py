"""Acts to record, many at once, of nobody in particular; and the log, held against its head."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from mypost.evidence import commands as evidence
from mypost.evidence import queries
from mypost.evidence.commands import Act
from mypost.evidence.models import Line
from mypost.kernel import merkle
from mypost.kernel.checkpoint import open_checkpoint
from mypost.kernel.evidence_entry import Event
from tests.conftest import NOW

MAILBOX = UUID("01933f5a-0000-7000-8000-00000000b0c5")
Result = TypeVar("Result")


def act(number: int, *, sender_id: UUID | None = None, mailbox_id: UUID = MAILBOX) -> Act:
    """One act on a letter of its own."""
    return Act(
        Event.CONTENT_CONSIGNMENT,
        subject_id=UUID(int=number + 1),
        mailbox_id=mailbox_id,
        at=NOW + timedelta(seconds=number),
        sender_id=sender_id,
    )


def record(count: int, *, sender_id: UUID | None = None) -> None:
    """Record so many acts in one transaction."""
    with transaction.atomic():
        evidence.record_many(act(number, sender_id=sender_id) for number in range(count))


def grow_log(count: int) -> None:
    """Record so many acts, and take them into the log."""
    record(count)
    assert evidence.integrate(at=NOW) == count


def assert_log_is_whole(size: int) -> None:
    """Hold places, tiles and the newest checkpoint against the entries themselves."""
    placed = Line.objects.filter(leaf_index__isnull=False).order_by("leaf_index")
    rows = list(placed.values_list("leaf_index", "entry"))
    assert [place for place, _ in rows] == list(range(size))
    root = merkle.root_of([merkle.leaf_hash(entry.encode()) for _, entry in rows])
    assert merkle.tree_root(queries.read_tile, size) == root
    head = queries.newest_checkpoint()
    assert head is not None
    signed = open_checkpoint(head.note, verifier_key=settings.LOG_VERIFIER_KEY)
    assert (signed.size, signed.root) == (size, root)


class Neighbours:
    """Threads, each with a database connection of its own that is closed behind it."""

    def __init__(self, count: int) -> None:
        self._pool = ThreadPoolExecutor(count)

    def start(self, work: Callable[[], Result]) -> Future[Result]:
        def alone() -> Result:
            try:
                return work()
            finally:
                connection.close()

        return self._pool.submit(alone)

    def __enter__(self) -> "Neighbours":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()
