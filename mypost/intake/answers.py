"""The same answer again: what an idempotency key promises.

An act, its answer and the key are written in one transaction, so that a program that lost the
answer asks again and gets it, and nothing happens twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from mypost.intake.errors import KeyReused
from mypost.intake.models import Answer

KEEP_ANSWERS = timedelta(days=30)


@dataclass(frozen=True)
class GivenAnswer:
    """The status and body that a request got, or gets again."""

    status: int
    body: str


def earlier_answer(sender_id: UUID, key: str, digest: bytes) -> GivenAnswer | None:
    """Return the answer already given under this key. Raises KeyReused for another request."""
    answer = Answer.objects.filter(sender_id=sender_id, key=key).first()
    if answer is None or answer.status is None:
        return None
    if bytes(answer.request_digest) != digest:
        raise KeyReused
    return GivenAnswer(answer.status, answer.body)


@transaction.atomic
def answer_once(
    sender_id: UUID, key: str, digest: bytes, act: Callable[[], GivenAnswer], *, at: datetime
) -> GivenAnswer:
    """Do an act once under a sender's idempotency key, and give its answer every time.

    The unique key makes a second request wait for the first one's commit; a refused act rolls
    back and leaves the key free. Raises KeyReused, and what the act raises.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO intake_answer (sender_id, key, request_digest, body, at)
            VALUES (%s, %s, %s, '', %s) ON CONFLICT DO NOTHING
            """,
            [sender_id, key, digest, at],
        )
        is_first = cursor.rowcount == 1
    if not is_first:
        earlier = earlier_answer(sender_id, key, digest)
        assert earlier is not None  # whoever held the key has committed
        return earlier
    given = act()
    mine = Answer.objects.filter(sender_id=sender_id, key=key)
    mine.update(status=given.status, body=given.body)
    return given


def forget_old_answers(*, at: datetime) -> int:
    """Delete answers older than 30 days; return how many."""
    count, _ = Answer.objects.filter(at__lt=at - KEEP_ANSWERS).delete()
    return count
