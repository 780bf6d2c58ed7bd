"""Who receives from whom, on which terms, under which pseudonym."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from mypost.members.models import Member
from mypost.senders.models import Sender


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Whose choices, and of whom."""

    def of_member(self, member: Member) -> "SubscriptionQuerySet":
        """Choices from every mailbox the member reads, those of merged accounts too."""
        return self.filter(mailbox_id__in=member.mailboxes)

    def relations_of(self, sender_id: UUID) -> "SubscriptionQuerySet":
        """Those who chose a sender, each person once."""
        return self.filter(sender_id=sender_id, ended_at=None, is_alias=False)


class Subscription(models.Model):
    """A member's choice of one sender. It stays, ended, when the member leaves the sender.

    Who merged two accounts reads two mailboxes, and may have chosen a sender from both. Then the
    second choice is an alias: letters still arrive under its pseudonym, and it is counted nowhere.
    """

    pk = models.CompositePrimaryKey("mailbox_id", "id")
    mailbox_id = models.UUIDField()
    id = models.UUIDField()
    sender = models.ForeignKey(Sender, models.PROTECT, related_name="+")
    pseudonym = models.CharField(max_length=24)  # 仮名ID: random, this sender's alone
    declined_topics = ArrayField(models.UUIDField(), default=list, blank=True)
    is_alias = models.BooleanField(default=False, db_default=False)
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[SubscriptionQuerySet] = SubscriptionQuerySet.as_manager()  # type: ignore[assignment]

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

    @property
    def precedence(self) -> tuple[bool, bool, datetime]:
        """Of one member's choices of one sender, the greatest is the one to show and to revive."""
        return self.is_active, not self.is_alias, self.started_at
