"""What may be done with evidence: record an act, and take recorded lines into the log."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.db import connection, transaction

from mypost.common.clock import new_id
from mypost.common.failpoints import failpoint
from mypost.evidence import queries
from mypost.evidence.errors import LogKeyAbsent, OutsideTransaction
from mypost.evidence.models import Checkpoint
from mypost.kernel import checkpoint, merkle
from mypost.kernel.evidence_entry import Event, build_entry

LOG_LOCK = 6962  # the advisory lock that makes one process at a time the log's writer
MOST_LEAVES = 50_000  # taken in at once


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that happened.

    facts: name to value; only salted commitments of the values are kept.
    mailbox_id: whose story it belongs to; for acts without a mailbox, the subject's id.
    at: aware, UTC.
    """

    event: Event
    subject_id: UUID
    mailbox_id: UUID
    at: datetime
    sender_id: UUID | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    reasons: Sequence[str] = ()


def record(
    event: Event,
    *,
    subject_id: UUID,
    at: datetime,
    mailbox_id: UUID | None = None,
    sender_id: UUID | None = None,
    facts: Mapping[str, str] | None = None,
    reasons: Sequence[str] = (),
) -> None:
    """Record one act. See Act for the fields. Raises OutsideTransaction."""
    owner = mailbox_id or subject_id
    record_many([Act(event, subject_id, owner, at, sender_id, facts or {}, reasons)])


def record_many(acts: Iterable[Act]) -> None:
    """Record many acts with one COPY. Raises OutsideTransaction."""
    if not connection.in_atomic_block:
        raise OutsideTransaction
    columns = "mailbox_id, id, event, subject_id, sender_id, at, salt, entry"
    types = ["uuid", "uuid", "varchar", "uuid", "uuid", "timestamptz", "bytea", "text"]
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY evidence_line ({columns}) FROM STDIN (FORMAT binary)") as copy,
    ):
        copy.set_types(types)
        for act in acts:
            copy.write_row(_line(act))


def _line(act: Act) -> tuple[object, ...]:
    line_id, salt = new_id(act.at), os.urandom(32)
    entry = build_entry(
        id=line_id,
        event=act.event,
        at=act.at,
        issuer=settings.LOG_NAME,
        subject_id=act.subject_id,
        salt=salt,
        facts=act.facts,
        reasons=act.reasons,
    )
    return (
        act.mailbox_id, line_id, act.event.short_name, act.subject_id, act.sender_id, act.at, salt,
        entry.decode(),
    )  # fmt: skip


@transaction.atomic
def integrate(*, at: datetime) -> int:
    """Take recorded lines into the Merkle log, sign the new checkpoint, return how many.

    1. become the only writer, 2. read the lines in the order they were recorded,
    3. grow the tiles, 4. give each line its place, 5. sign.
    Running it twice adds nothing. Raises LogKeyAbsent.
    Source: RFC 6962 §2.1; C2SP tlog-tiles §Merkle tree; C2SP tlog-checkpoint §Note text.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOG_LOCK])  # 1
        if not cursor.fetchone()[0]:
            return 0
        lines = queries.lines_to_integrate(MOST_LEAVES)  # 2
        if not lines:
            return 0
        size = queries.log_size()
        hashes = [merkle.leaf_hash(entry.encode()) for _, _, entry in lines]
        _grow(size, hashes)  # 3
        mailbox_ids, line_ids, _ = zip(*lines, strict=True)
        cursor.execute(PLACE, [size, list(mailbox_ids), list(line_ids)])  # 4
    failpoint("evidence.before_checkpoint")
    _sign(size + len(lines), at=at)  # 5
    return len(lines)


PLACE = """
    UPDATE evidence_line
       SET leaf_index = %s::bigint + place.ordinality - 1
      FROM unnest(%s::uuid[], %s::uuid[]) WITH ORDINALITY AS place (mailbox_id, id, ordinality)
     WHERE evidence_line.mailbox_id = place.mailbox_id AND evidence_line.id = place.id
"""


def _grow(size: int, hashes: Sequence[bytes]) -> None:
    tiles = merkle.append(queries.read_tile, size, hashes)
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO evidence_tile (level, index, hashes) VALUES (%s, %s, %s)
            ON CONFLICT (level, index) DO UPDATE SET hashes = excluded.hashes
            """,
            [(level, index, content) for (level, index), content in tiles.items()],
        )


def _sign(size: int, *, at: datetime) -> None:
    head = checkpoint.Checkpoint(settings.LOG_NAME, size, merkle.tree_root(queries.read_tile, size))
    note = checkpoint.sign_checkpoint(head, name=settings.LOG_NAME, private_key=_log_key())
    Checkpoint.objects.create(size=size, note=note, signed_at=at)


def _log_key() -> Ed25519PrivateKey:
    if settings.LOG_KEY_FILE is None:
        raise LogKeyAbsent
    key = load_pem_private_key(settings.LOG_KEY_FILE.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key
