"""Alerts: "you have post". Notices: "something about your account changed". Never what."""

from django.db import models
from django.utils.translation import gettext_lazy as _

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
    confidential = models.BooleanField(default=False, db_default=False)  # the mail names nobody
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


class NoticeKind(models.TextChoices):
    """What a notice is about: for the page that the member sees after signing in."""

    PASSCODE_POSTED = "passcode_posted", _("The letter with your code has been posted.")
    PASSCODE_WAITS = "passcode_waits", _("The post holds the letter with your code for you.")
    PASSCODE_RETURNED = "passcode_returned", _("The letter with your code came back.")
    LEVEL_CHANGED = "level_changed", _("Your assurance level has changed.")
    CERTIFICATE_LAPSED = (
        "certificate_lapsed",
        _("Something about you is no longer certified."),
    )
    CARD_STOPPED = "card_stopped", _("Your card no longer signs you in.")
    NEW_SIGN_IN = "new_sign_in", _("Somebody signed in from a device that is new here.")
    MAILBOX_CLOSING = "mailbox_closing", _("Your mailbox is going to be closed.")


class Notice(models.Model):
    """A mail that something about an account changed. Its words are the same for every kind."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True)
    mailbox_id = models.UUIDField()
    kind = models.CharField(max_length=20, choices=NoticeKind.choices)
    told_at = models.DateTimeField()  # when it happened
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    attempts = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField()  # the next try
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["mailbox_id", "-told_at"], name="notice_of_mailbox"),
            models.Index(
                fields=["due_at"], name="notice_waiting", condition=models.Q(state="waiting")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox_id", "kind"],
                name="notice_waits_once",
                condition=models.Q(state="waiting"),
            ),
            models.CheckConstraint(
                name="notice_times_follow_state",
                condition=models.Q(state="sent", sent_at__isnull=False)
                | models.Q(state__in=["waiting", "failed"], sent_at=None),
            ),
        ]
