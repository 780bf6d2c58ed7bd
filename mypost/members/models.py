"""Members: people with a mailbox, and how sure we are of who they are."""

from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class AssuranceLevel(models.IntegerChoices):
    """How a member's identity was proved."""

    EMAIL_ONLY = 0, _("e-mail only")
    SELF_DECLARED = 1, _("self-declared")
    POSTED_PASSCODE = 2, _("posted passcode")
    NATIONAL_ID_CARD = 3, _("My Number Card")


class LevelSource(models.TextChoices):
    """Where a level comes from."""

    OPERATOR = "operator", _("our office")
    DECLARATION = "declaration", _("your own declaration")
    POSTED_PASSCODE = "posted_passcode", _("passcode by restricted delivery")
    CARD = "card", _("My Number Card")
    AUTH_APP = "auth_app", _("Digital Authentication App")
    REVOCATION = "revocation", _("the certificate authority")


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
    # A person has one box. What a second account held is read here too, under its own keys.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    merged_mailboxes = ArrayField(models.UUIDField(), default=list, blank=True)
    closing_at = models.DateTimeField(null=True)  # when the box will be closed; null: it stays
    closed_at = models.DateTimeField(null=True)  # its keys are destroyed

    objects: ClassVar[MemberQuerySet] = MemberQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="member_level_is_0_to_3", condition=models.Q(level__range=(0, 3))
            ),
            models.CheckConstraint(
                name="member_is_not_merged_into_itself",
                condition=~models.Q(merged_into=models.F("id")),
            ),
            models.CheckConstraint(
                name="member_closes_after_asking",
                condition=models.Q(closed_at=None)
                | models.Q(closing_at__isnull=False, closed_at__gte=models.F("closing_at")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["closing_at"],
                name="member_to_close",
                condition=models.Q(closing_at__isnull=False, closed_at=None),
            )
        ]

    @property
    def mailboxes(self) -> list[UUID]:
        """The mailboxes this member reads: their own first, then those of merged accounts."""
        return [self.mailbox_id, *self.merged_mailboxes]

    @property
    def is_verified(self) -> bool:
        return self.level >= VERIFIED


class LevelChange(models.Model):
    """A level is a fact with a source, a reason and a time. Kept for ever, never changed."""

    id = models.UUIDField(primary_key=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="level_changes")
    level = models.SmallIntegerField(choices=AssuranceLevel.choices)
    source = models.CharField(max_length=40)  # see LevelSource; an operator's command too
    reason = models.CharField(max_length=300)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="level_change_has_a_reason", condition=~models.Q(reason=""))
        ]


class Sex(models.TextChoices):
    """As the card writes it."""

    MALE = "1", _("male")
    FEMALE = "2", _("female")
    UNKNOWN = "3", _("unknown")
    NOT_APPLICABLE = "9", _("not applicable")


class DeclaredAttributes(models.Model):
    """What a member says of themselves. A row is never changed; the newest one counts.

    Strings stand exactly as they were typed: matching works on keys derived from them.
    """

    id = models.UUIDField(primary_key=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="declarations")
    name = models.CharField(max_length=100)
    kana = models.CharField(max_length=100)
    postal_code = models.CharField(max_length=7)  # seven ASCII digits
    address = models.CharField(max_length=200)  # prefecture to number, one line
    building = models.CharField(max_length=100, blank=True)
    birth_date = models.CharField(max_length=10)  # ISO 8601; "1980" or "1980-03" when unknown
    sex = models.CharField(max_length=1, choices=Sex.choices)
    address_returned = models.CharField(max_length=20, blank=True)  # why the post came back
    declared_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["member", "-declared_at"], name="declaration_of_member")]
        constraints = [
            models.CheckConstraint(
                name="declared_postal_code_is_7_digits",
                condition=models.Q(postal_code__regex=r"^[0-9]{7}$"),
            ),
        ]


class CertifiedAttributes(models.Model):
    """The basic four attributes as a certificate says them, with where and when from.

    Strings stand byte for byte as certified (B16). A substituted flag is one digit a character,
    "1" where the register has another glyph. Never changed, except that they lapse.
    """

    id = models.UUIDField(primary_key=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="certifications")
    source = models.CharField(max_length=15, choices=LevelSource.choices)
    issuer = models.CharField(max_length=64, blank=True)  # the authority's key identifier, hex
    serial = models.CharField(max_length=40, blank=True)  # of the certificate, in hex
    name = models.CharField(max_length=200)
    name_substituted = models.CharField(max_length=200, blank=True)
    sex = models.CharField(max_length=1, choices=Sex.choices)
    # As the source writes it: the card EYYYYMMDD (era, then the Gregorian year), the app ISO 8601
    birth_date = models.CharField(max_length=10)
    address = models.CharField(max_length=400)
    address_substituted = models.CharField(max_length=400, blank=True)
    certified_at = models.DateTimeField()
    lapsed_at = models.DateTimeField(null=True)  # "no longer certified" from here on
    lapse_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["member", "-certified_at"], name="certified_of_member")]
        constraints = [
            models.CheckConstraint(
                name="certified_lapse_has_a_reason",
                condition=models.Q(lapsed_at=None, lapse_reason="")
                | (models.Q(lapsed_at__isnull=False) & ~models.Q(lapse_reason="")),
            ),
        ]
