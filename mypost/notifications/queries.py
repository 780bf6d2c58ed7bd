"""What may be asked about alerts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from mypost.notifications.models import Alert, Notice

LATE = timedelta(minutes=5)  # an alert that has not left by then shows in the back office (B05)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class AlertCounts:
    """How the alerts stand. waiting: also the late ones. failed: given up within the last week."""

    waiting: int
    late: int
    failed: int


def overdue_batches(*, at: datetime) -> list[UUID]:
    """Return batches with an alert whose next try is due."""
    due = Alert.objects.filter(state=Alert.State.WAITING, due_at__lte=at)
    return list(due.order_by().values_list("batch_id", flat=True).distinct())


def alerted_at(mailbox_id: UUID, letter_id: UUID) -> datetime | None:
    """Return when the alert of a letter left, None when it has not."""
    sent = Alert.objects.filter(mailbox_id=mailbox_id, letter_id=letter_id)
    return sent.values_list("sent_at", flat=True).first()


def count_waiting() -> int:
    """Return how many alerts have not left yet."""
    return Alert.objects.filter(state=Alert.State.WAITING).count()


def count_alerts(*, at: datetime) -> AlertCounts:
    """Return how many alerts wait, how many of them are late, and how many failed this week.

    Late is what should have left five minutes ago, or what a mail server has put off already.
    """
    waiting, failed = Q(state=Alert.State.WAITING), Q(state=Alert.State.FAILED)
    late = waiting & (Q(due_at__lte=at - LATE) | Q(attempts__gt=0))
    this_week = failed & Q(due_at__gt=at - WEEK)
    counts = Alert.objects.filter(waiting | this_week).aggregate(
        waiting=Count("letter_id", filter=waiting),
        late=Count("letter_id", filter=late),
        failed=Count("letter_id", filter=this_week),
    )
    return AlertCounts(**counts)


def notices_since(mailbox_ids: Collection[UUID], since: datetime) -> list[Notice]:
    """Return what happened to an account of late, the newest first: a page says what it was."""
    told = Notice.objects.filter(mailbox_id__in=mailbox_ids, told_at__gte=since)
    return list(told.order_by("-told_at", "-id"))
