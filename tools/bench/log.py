"""Evidence on its way into the Merkle log."""

import time
from uuid import uuid4

from django.db import connection, transaction

from mypost.common.clock import now
from mypost.evidence import commands as evidence
from mypost.evidence.commands import Act
from mypost.kernel.evidence_entry import Event
from tools.bench.figures import Figure, Row
from tools.bench.ground import Ground

LINES = 20_000  # what ten thousand letters leave
BARE = "UPDATE evidence_line SET leaf_index = seq WHERE leaf_index IS NULL"


def measure(ground: Ground, runs: int) -> Figure:
    """Record lines, then take them into the log and sign it."""
    ground.need_database()
    _record()
    bare, _ = ground.watch.repeat(runs, _update)
    _integrate()
    taken, spans = ground.watch.repeat(runs, _integrate, prepare=_record)
    return Figure(
        Row("log", "lines/s", [LINES / seconds for seconds in taken]),
        f"{LINES:,} lines of evidence taken into the Merkle log, signed and committed.",
        spans,
        limits=[Row("bare UPDATE of as many lines", "lines/s", [LINES / s for s in bare])],
    )


@transaction.atomic
def _record() -> None:
    at, facts = now(), {"sender": str(uuid4()), "recipient": "7Q4K-M2XW-9HTC-0B5R-ZN31"}
    evidence.record_many(
        Act(Event.CONTENT_CONSIGNMENT, uuid4(), uuid4(), at, facts=facts) for _ in range(LINES)
    )


def _integrate() -> float:
    """Take everything in; return the seconds."""
    began = time.perf_counter()
    while evidence.integrate(at=now()):
        pass
    return time.perf_counter() - began


@transaction.atomic
def _update() -> float:
    """Give as many lines a number as a run has, and take it back; return the seconds."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(BARE)
        lines: int = cursor.rowcount
    transaction.set_rollback(True)
    return (time.perf_counter() - began) * LINES / lines
