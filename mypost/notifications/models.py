"""Alerts: "you have post". They say who wrote, never what."""

from django.db import models

from mypost.senders.models import Sender


class Alert(models.Model):
    """The alert that one letter owes its member."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"  # D.3: the mail server took it
        FAILED = "failed"  # D.4: it never will

    pk = models.CompositePrimaryKey("mailbox_id", "letter_id")
    mailbox_id = models.UUIDField()
    letter_id = models.UUIDField()
    sender = models.ForeignKey(Sender, models.PROTECT, related_name="+")
    batch_id = models.UUIDField()  # alerts of one chunk go out in one job
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    attempts = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField()  # the next try
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["batch_id", "due_at"],
                name="alert_waiting",
                condition=models.Q(state="waiting"),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="alert_times_follow_state",
                condition=models.Q(state="sent", sent_at__isnull=False)
                | models.Q(state__in=["waiting", "failed"], sent_at=None),
            )
        ]
