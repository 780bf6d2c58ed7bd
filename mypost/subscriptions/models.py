"""Who receives from whom, on which terms, under which pseudonym."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from mypost.senders.models import Sender


class Subscription(models.Model):
    """A member's choice of one sender. It stays, ended, when the member leaves the sender."""

    pk = models.CompositePrimaryKey("mailbox_id", "id")
    mailbox_id = models.UUIDField()
    id = models.UUIDField()
    sender = models.ForeignKey(Sender, models.PROTECT, related_name="+")
    pseudonym = models.CharField(max_length=24)  # 仮名ID: random, this sender's alone
    declined_topics = ArrayField(models.UUIDField(), default=list, blank=True)
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox_id", "sender"], name="subscription_once_a_sender"
            ),
            models.UniqueConstraint(
                fields=["sender", "pseudonym"], name="subscription_pseudonym_once_a_sender"
            ),
            models.CheckConstraint(
                name="subscription_ends_after_it_started",
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("started_at")),
            ),
        ]

    @property
    def is_active(self) -> bool:
        return self.ended_at is None
