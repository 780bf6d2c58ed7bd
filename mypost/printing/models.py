"""Mail pieces, and what the outside parties have told of them."""

from django.db import models


class Party(models.TextChoices):
    """Whom we give paper to, and who tells us what became of it."""

    PRINT_SHOP = "print_shop"
    CARRIER = "carrier"


class MailPiece(models.Model):
    """One piece of paper mail, from composing to the addressee's hands or back.

    subject_id names what it is about in the room that asked for it: for a passcode, its request.
    """

    class Kind(models.TextChoices):
        PASSCODE = "passcode"  # by restricted delivery, 本人限定受取（特定事項伝達型）

    class State(models.TextChoices):
        COMPOSED = "composed"  # sealed to the print shop, and waits to be taken by it
        ORDERED = "ordered"  # the print shop has it
        PRINTED = "printed"  # our sealed copy is destroyed
        ACCEPTED = "accepted"  # 引受
        NOTICE_LEFT = "notice_left"  # 到着通知, held (保管) for ten days
        HANDED_OVER = "handed_over"  # 交付, after the ID check
        RETURNED = "returned"  # 返還
        FAILED = "failed"  # could not be composed; failure says why
        CANCELLED = "cancelled"  # no longer wanted when its turn came

    pk = models.CompositePrimaryKey("mailbox_id", "id")
    mailbox_id = models.UUIDField()
    id = models.UUIDField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    subject_id = models.UUIDField()
    number = models.CharField(max_length=16)  # readable, with a check character; for all parties
    state = models.CharField(max_length=11, choices=State.choices, default=State.COMPOSED)
    object_id = models.UUIDField(null=True)  # the sealed paper, until it is printed
    tracking_number = models.CharField(max_length=20, blank=True)  # the carrier's own
    failure = models.CharField(max_length=40, blank=True)  # code of the last thing that went wrong
    attempts = models.SmallIntegerField(default=0)  # to hand it to the print shop
    due_at = models.DateTimeField()  # the next attempt
    composed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox_id", "kind", "subject_id"], name="piece_once_for_its_subject"
            ),
            models.UniqueConstraint(fields=["mailbox_id", "number"], name="piece_number_once"),
            models.CheckConstraint(
                name="piece_waits_with_its_paper",
                condition=~models.Q(state="composed") | models.Q(object_id__isnull=False),
            ),
            models.CheckConstraint(
                name="piece_given_up_has_no_paper",
                condition=~models.Q(state__in=["failed", "cancelled"])
                | models.Q(object_id__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["number"], name="piece_by_number"),
            models.Index(
                fields=["due_at"], name="piece_to_hand_over", condition=models.Q(state="composed")
            ),
        ]


class PartyEvent(models.Model):
    """One thing that a party has told of a mail piece. Kept for ever, once per party and id."""

    pk = models.CompositePrimaryKey("mailbox_id", "party", "event_id")
    mailbox_id = models.UUIDField()
    party = models.CharField(max_length=10, choices=Party.choices)
    event_id = models.CharField(max_length=100)  # the party's own
    piece_id = models.UUIDField()
    kind = models.CharField(max_length=11)
    happened_at = models.DateTimeField()  # as the party says
    taken_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["mailbox_id", "piece_id"], name="event_of_piece")]


class StrayEvent(models.Model):
    """An event that we could make nothing of, kept aside with the code that says why."""

    pk = models.CompositePrimaryKey("party", "event_id")
    party = models.CharField(max_length=10, choices=Party.choices)
    event_id = models.CharField(max_length=100)  # the party's own, or the digest of what it sent
    code = models.CharField(max_length=40)
    body = models.CharField(max_length=2000)  # its beginning, as it came
    taken_at = models.DateTimeField()


class Feed(models.Model):
    """How far one party's events are taken, and when we ask again."""

    party = models.CharField(max_length=10, choices=Party.choices, primary_key=True)
    cursor = models.CharField(max_length=200, blank=True)
    failures = models.SmallIntegerField(default=0)  # in a row
    failure = models.CharField(max_length=40, blank=True)  # code of the last one
    due_at = models.DateTimeField()
