"""Senders: municipalities, agencies and companies under contract, their staff, topics and keys."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mypost.kernel.codes import is_corporate_number, is_municipality_code


class SenderQuerySet(models.QuerySet["Sender"]):
    """Ways to find senders."""

    def choosable(self) -> "SenderQuerySet":
        """Senders that members see in the list: those under a contract in force."""
        return self.filter(contract_state=Sender.ContractState.ACTIVE)


class Sender(models.Model):
    """A body that may write to members who chose it."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", _("municipality")
        AGENCY = "agency", _("agency")
        COMPANY = "company", _("company")

    class ContractState(models.TextChoices):
        APPLIED = "applied", _("applied")  # asked for a contract; nobody sees it yet
        ACTIVE = "active", _("active")  # in the members' list; may send
        SUSPENDED = "suspended", _("suspended")  # its letters stay; nothing new
        ENDED = "ended", _("ended")  # its letters stay; gone from the list

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    code = models.CharField(max_length=13)  # municipality code or corporate number
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    description = models.CharField(max_length=400, blank=True)
    description_en = models.CharField(max_length=400, blank=True)
    website = models.URLField(blank=True)
    support = models.CharField(max_length=200, blank=True)  # how a member reaches a human
    required_assurance = models.SmallIntegerField(default=0)  # to choose this sender at all
    contract_state = models.CharField(
        max_length=9, choices=ContractState.choices, default=ContractState.APPLIED
    )
    contract_since = models.DateField(null=True, blank=True)
    applied_at = models.DateTimeField()

    objects: ClassVar[SenderQuerySet] = SenderQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                name="sender_code_once_in_force",
                condition=~models.Q(contract_state="ended"),
                violation_error_message=_("There is a sender with this code."),
            ),
            models.CheckConstraint(
                name="sender_code_fits_its_kind",
                condition=models.Q(kind="municipality", code__regex=r"^\d{6}$")
                | models.Q(kind__in=["agency", "company"], code__regex=r"^\d{13}$"),
                violation_error_message=_("The code must fit the kind of sender."),
            ),
            models.CheckConstraint(
                name="sender_contract_has_a_start",
                condition=models.Q(contract_state="applied")
                | models.Q(contract_since__isnull=False),
            ),
            models.CheckConstraint(
                name="sender_required_assurance_is_0_to_3",
                condition=models.Q(required_assurance__range=(0, 3)),
            ),
        ]

    def __str__(self) -> str:
        return self.local_name

    @property
    def local_name(self) -> str:
        """Return the name in the reader's language."""
        return self.name_en if get_language() == "en" and self.name_en else self.name

    @property
    def local_description(self) -> str:
        """Return the description in the reader's language."""
        english = get_language() == "en" and self.description_en
        return self.description_en if english else self.description

    @property
    def may_send(self) -> bool:
        return self.contract_state == Sender.ContractState.ACTIVE

    def clean(self) -> None:
        """Verify the check digit.

        Source: JIS X 0402 §check digit; Corporate Number Ordinance §check digit.
        """
        if self.kind == Sender.Kind.MUNICIPALITY and not is_municipality_code(self.code):
            raise ValidationError({"code": _("This is not a municipality code.")})
        if self.kind != Sender.Kind.MUNICIPALITY and not is_corporate_number(self.code):
            raise ValidationError({"code": _("This is not a corporate number.")})


class ContractChange(models.Model):
    """A step of a contract is a fact with a reason and a time. Kept for ever, never changed."""

    id = models.UUIDField(primary_key=True)
    sender = models.ForeignKey(Sender, models.PROTECT, related_name="contract_changes")
    state = models.CharField(max_length=9, choices=Sender.ContractState.choices)
    reason = models.CharField(max_length=300)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contract_change_has_a_reason", condition=~models.Q(reason="")
            )
        ]


class Category(models.TextChoices):
    """What a topic is about; the monthly statistics count by it (FEATURES F27)."""

    CITY = "city", _("City affairs")
    EDUCATION = "education", _("Education and culture")
    HEALTH = "health", _("Health and welfare")
    TOURISM = "tourism", _("Tourism and local life")
    LIVING = "living", _("Living")
    INFRASTRUCTURE = "infrastructure", _("Infrastructure")
    STAFF = "staff", _("For employees")


class Topic(models.Model):
    """One thing a sender writes about; members may decline it alone."""

    id = models.UUIDField(primary_key=True)
    sender = models.ForeignKey(Sender, models.PROTECT, related_name="topics")
    slug = models.SlugField(max_length=50)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    category = models.CharField(max_length=14, choices=Category.choices)
    required_assurance = models.SmallIntegerField(default=0)  # 2 = "verified members only"

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["sender", "slug"], name="topic_once_a_sender"),
            models.CheckConstraint(
                name="topic_required_assurance_is_0_to_3",
                condition=models.Q(required_assurance__range=(0, 3)),
            ),
        ]

    def __str__(self) -> str:
        return self.local_name

    @property
    def local_name(self) -> str:
        """Return the name in the reader's language."""
        return self.name_en if get_language() == "en" and self.name_en else self.name


class Staff(models.Model):
    """A person who works for a sender."""

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", _("administrator")  # also makes keys and topics
        CLERK = "clerk", _("clerk")  # composes and sends

    id = models.UUIDField(primary_key=True)
    sender = models.ForeignKey(Sender, models.PROTECT, related_name="staff")
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="sender_staff"
    )
    role = models.CharField(max_length=13, choices=Role.choices)

    @property
    def is_administrator(self) -> bool:
        return self.role == Staff.Role.ADMINISTRATOR


class Scope(models.TextChoices):
    """What an API key may do."""

    LETTERS_WRITE = "letters:write", _("submit letters and consignments")
    LETTERS_READ = "letters:read", _("read states, results and receipts")
    EVENTS_READ = "events:read", _("read the event feed")


class ApiKey(models.Model):
    """A key of a sender's program. Shown once; kept as a hash."""

    id = models.UUIDField(primary_key=True)
    sender = models.ForeignKey(Sender, models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=100)
    live = models.BooleanField()  # a test key runs everything and delivers nothing
    start = models.CharField(max_length=16)  # "mp_live_ab12": enough to recognise, not to use
    digest = models.BinaryField(unique=True)  # SHA-256; the key has 256 random bits, so no salt
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices))
    networks = ArrayField(models.CharField(max_length=43), default=list, blank=True)  # CIDR
    created_by = models.ForeignKey(Staff, models.PROTECT)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="api_key_digest_is_sha256",
                condition=Exact(Length("digest"), 32),
            )
        ]

    def is_usable(self, *, at: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > at)
