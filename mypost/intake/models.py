"""Consignments: what a sender hands in, how far it is decided, and the ledger that must balance."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mypost.senders.models import ApiKey, Sender, Staff, Topic


class Consignment(models.Model):
    """One letter or a million, handed in together, with the ledger of its items."""

    class Kind(models.TextChoices):
        LETTER = "letter", _("single letter")
        BATCH = "batch", _("consignment")

    class State(models.TextChoices):
        OPEN = "open", _("open")  # takes documents and items
        SUBMITTED = "submitted", _("submitted")  # its documents are being examined
        DELIVERING = "delivering", _("being delivered")  # its chunks are being decided
        COMPLETED = "completed", _("completed")  # every item is decided, the transit key is gone

    id = models.UUIDField(primary_key=True)
    sender = models.ForeignKey(Sender, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    live = models.BooleanField()  # false: decides everything, delivers nothing
    reference = models.CharField(max_length=100)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    submitted = models.IntegerField(default=0)
    in_mailbox = models.IntegerField(default=0)
    on_paper = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    pending = models.IntegerField(default=0)
    transit_key = models.BinaryField(null=True)  # wrapped by the intake key; opens what waits
    items_object = models.UUIDField(null=True)
    items_secret = models.BinaryField(null=True)  # that object's key and digest, under transit
    items_format = models.CharField(max_length=8, blank=True)  # "csv" or "ndjson"
    columns = ArrayField(models.CharField(max_length=100), default=list)  # as the sender had them
    made_by_key = models.ForeignKey(ApiKey, models.PROTECT, null=True, related_name="+")
    made_by_staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="consignment_ledger_balances",
                condition=Q(
                    submitted=F("in_mailbox") + F("on_paper") + F("refused") + F("pending")
                ),
                violation_error_message=_("Every item is somewhere, and in one place."),
            ),
            models.CheckConstraint(
                name="consignment_counts_are_not_negative",
                condition=Q(in_mailbox__gte=0, on_paper__gte=0, refused__gte=0, pending__gte=0),
            ),
            models.CheckConstraint(
                name="consignment_times_follow_state",
                condition=Q(state="open", submitted_at=None, completed_at=None)
                | Q(
                    state__in=["submitted", "delivering"],
                    submitted_at__isnull=False,
                    completed_at=None,
                )
                | Q(state="completed", completed_at__isnull=False, pending=0),
            ),
            models.CheckConstraint(
                name="consignment_transit_key_dies_with_completion",
                condition=Q(state="completed", transit_key=None, items_secret=None)
                | ~Q(state="completed"),
            ),
            models.CheckConstraint(
                name="consignment_was_made_by_somebody",
                condition=Q(made_by_key__isnull=False) | Q(made_by_staff__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["sender", "-id"], name="consignment_of_sender")]

    @property
    def decided(self) -> int:
        return self.submitted - self.pending


class ConsignmentDocument(models.Model):
    """One document of a consignment, encrypted under its own key; the key lies under transit."""

    pk = models.CompositePrimaryKey("consignment_id", "name")
    consignment = models.ForeignKey(Consignment, models.PROTECT, related_name="documents")
    name = models.CharField(max_length=200)
    object_id = models.UUIDField()
    size = models.IntegerField()  # bytes, in the clear
    secret = models.BinaryField(null=True)  # document key and digest, wrapped; gone at the end
    pages = models.IntegerField(null=True)
    code = models.CharField(max_length=30, null=True)  # noqa: DJ001  null = not refused
    detail = models.CharField(max_length=300, blank=True)
    examined_at = models.DateTimeField(null=True)


class Chunk(models.Model):
    """Some hundred items that are decided in one transaction."""

    pk = models.CompositePrimaryKey("consignment_id", "number")
    consignment = models.ForeignKey(Consignment, models.PROTECT, related_name="chunks")
    number = models.IntegerField()
    first_position = models.IntegerField()
    size = models.IntegerField()
    object_id = models.UUIDField()
    secret = models.BinaryField(null=True)  # the object's key and digest, under transit
    decided_at = models.DateTimeField(null=True)


class Item(models.Model):
    """The verdict on one item, written once. Its content is not here, or anywhere in the clear."""

    class State(models.TextChoices):
        CONSIGNED = "consigned", _("in the mailbox")
        PAPER = "paper", _("on paper")
        REFUSED = "refused", _("refused")

    pk = models.CompositePrimaryKey("consignment_id", "position")
    consignment = models.ForeignKey(Consignment, models.PROTECT, related_name="items")
    position = models.IntegerField()  # 1 for the first
    sender_id = models.UUIDField()
    letter_id = models.UUIDField()
    number = models.CharField(max_length=14)
    recipient = models.CharField(max_length=60)
    reference = models.CharField(max_length=100)
    state = models.CharField(max_length=9, choices=State.choices)
    code = models.CharField(max_length=30, blank=True)
    place = models.CharField(max_length=100, blank=True)  # the field or document at fault
    detail = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="item_is_refused_with_a_code",
                condition=Q(state="refused") & ~Q(code="") | ~Q(state="refused") & Q(code=""),
            )
        ]
        indexes = [
            models.Index(fields=["sender_id", "letter_id"], name="item_of_letter"),
            models.Index(fields=["sender_id", "reference"], name="item_of_reference"),
            models.Index(fields=["sender_id", "number"], name="item_of_number"),
            models.Index(fields=["sender_id", "recipient"], name="item_of_recipient"),
        ]


class UsedReference(models.Model):
    """A sender's reference that an accepted letter holds; the key makes the second one wait."""

    pk = models.CompositePrimaryKey("sender_id", "reference")
    sender_id = models.UUIDField()
    reference = models.CharField(max_length=100)
    letter_id = models.UUIDField()


class Answer(models.Model):
    """The answer given under an idempotency key, to give again, for 30 days."""

    pk = models.CompositePrimaryKey("sender_id", "key")
    sender_id = models.UUIDField()
    key = models.CharField(max_length=255)
    request_digest = models.BinaryField()
    status = models.SmallIntegerField(null=True)
    body = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="answer_by_age")]
