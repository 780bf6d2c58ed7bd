"""What may be asked about alerts."""

from datetime import datetime
from uuid import UUID

from mypost.notifications.models import Alert


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
