"""What the vault keeps: mailbox keys, sealed envelopes, and which objects lie in the store."""

from django.db import models


class MailboxKey(models.Model):
    """A mailbox's key pair. The private half is wrapped by the custodian."""

    pk = models.CompositePrimaryKey("mailbox_id", "version")
    mailbox_id = models.UUIDField()
    version = models.SmallIntegerField(default=1)
    public_key = models.BinaryField()
    wrapped_private_key = models.BinaryField()
    created_at = models.DateTimeField()


class Envelope(models.Model):
    """One letter's content, sealed to its mailbox. Deleting the row destroys the letter's keys."""

    pk = models.CompositePrimaryKey("mailbox_id", "letter_id")
    mailbox_id = models.UUIDField()
    letter_id = models.UUIDField()
    key_version = models.SmallIntegerField()
    sealed = models.BinaryField()


class StoredObject(models.Model):
    """One encrypted object of the store. A file without its row is an accident, and is swept."""

    id = models.UUIDField(primary_key=True)
    size = models.BigIntegerField()
    created_at = models.DateTimeField()
