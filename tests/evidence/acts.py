"""Acts to record, many at once, of nobody in particular."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from mypost.evidence import commands as evidence
from mypost.evidence.commands import Act
from mypost.kernel.evidence_entry import Event
from tests.conftest import NOW

MAILBOX = UUID("01933f5a-0000-7000-8000-00000000b0c5")


def acts(count: int, *, sender_id: UUID | None = None) -> list[Act]:
    """Acts on different letters of one mailbox, a second apart."""
    return [
        Act(
            Event.CONTENT_CONSIGNMENT,
            subject_id=UUID(int=number + 1),
            mailbox_id=MAILBOX,
            at=NOW + timedelta(seconds=number),
            sender_id=sender_id,
        )
        for number in range(count)
    ]


def record(count: int, *, sender_id: UUID | None = None) -> None:
    """Record so many acts in one transaction."""
    with transaction.atomic():
        evidence.record_many(acts(count, sender_id=sender_id))


def grow_log(count: int) -> None:
    """Record so many acts, and take them into the log."""
    record(count)
    assert evidence.integrate(at=NOW) == count
