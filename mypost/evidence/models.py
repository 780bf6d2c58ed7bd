"""What the evidence room keeps: lines, the tiles of the log above them, and signed checkpoints.

All three are insert-only for every door (migrations/grants.sql); only the worker may give a
line its place in the log.
"""

from django.db import models
from django.db.models.functions import Length, Now
from django.db.models.lookups import Exact


class Line(models.Model):
    """One act, as canonical JSON with salted commitments: no content, no personal data."""

    pk = models.CompositePrimaryKey("mailbox_id", "id")
    mailbox_id = models.UUIDField()  # whose story it is; for acts without a mailbox, the subject
    id = models.UUIDField()
    seq = models.BigIntegerField(
        db_default=models.Func(models.Value("evidence_line_seq"), function="nextval")
    )
    event = models.CharField(max_length=60)
    subject_id = models.UUIDField()  # the letter, subscription, sender … it is about
    sender_id = models.UUIDField(null=True)  # whose event feed shows it
    at = models.DateTimeField()  # when it happened
    recorded_at = models.DateTimeField(db_default=Now())  # when we learned of it
    salt = models.BinaryField()
    entry = models.TextField()
    leaf_index = models.BigIntegerField(null=True)  # its place in the log, once integrated

    class Meta:
        indexes = [
            models.Index(fields=["mailbox_id", "subject_id"], name="line_of_subject"),
            models.Index(
                fields=["seq"], name="line_to_integrate", condition=models.Q(leaf_index=None)
            ),
            models.Index(
                fields=["sender_id", "leaf_index"],
                name="line_in_feed",
                condition=models.Q(sender_id__isnull=False, leaf_index__isnull=False),
            ),
            models.Index(
                fields=["leaf_index"],
                name="line_in_log",
                condition=models.Q(leaf_index__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="line_salt_is_32_bytes",
                condition=Exact(Length("salt"), 32),
            )
        ]


class Tile(models.Model):
    """Up to 256 hashes of one level of the log (C2SP tlog-tiles), the last one still growing."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()


class Checkpoint(models.Model):
    """The log's size and root, signed (C2SP tlog-checkpoint). One for each time it grew."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    signed_at = models.DateTimeField()
