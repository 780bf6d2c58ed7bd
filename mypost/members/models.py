"""Members: people with a mailbox, and how sure we are of who they are."""

from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AssuranceLevel(models.IntegerChoices):
    """How a member's identity was proved."""

    EMAIL_ONLY = 0, _("e-mail only")
    SELF_DECLARED = 1, _("self-declared")
    POSTED_PASSCODE = 2, _("posted passcode")
    NATIONAL_ID_CARD = 3, _("My Number Card")


VERIFIED = AssuranceLevel.POSTED_PASSCODE  # from here on a member counts as verified


class MemberQuerySet(models.QuerySet["Member"]):
    """Ways to find members."""

    def of_account(self, account_id: UUID) -> "MemberQuerySet":
        return self.filter(account_id=account_id).select_related("account")


class Member(models.Model):
    """A person with a mailbox."""

    id = models.UUIDField(primary_key=True)
    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="member")
    mailbox_id = models.UUIDField(unique=True)
    level = models.SmallIntegerField(
        choices=AssuranceLevel.choices, default=AssuranceLevel.EMAIL_ONLY
    )
    joined_at = models.DateTimeField()

    objects: ClassVar[MemberQuerySet] = MemberQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="member_level_is_0_to_3", condition=models.Q(level__range=(0, 3))
            )
        ]

    @property
    def is_verified(self) -> bool:
        return self.level >= VERIFIED


class LevelChange(models.Model):
    """A level is a fact with a source, a reason and a time. Kept for ever, never changed."""

    id = models.UUIDField(primary_key=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="level_changes")
    level = models.SmallIntegerField(choices=AssuranceLevel.choices)
    source = models.CharField(max_length=40)  # "operator"; later "posted_passcode", "card"
    reason = models.CharField(max_length=300)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="level_change_has_a_reason", condition=~models.Q(reason=""))
        ]
