"""THE HALL: one letter, its states and times. Its content lies sealed in the vault."""

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from mypost.members.models import Member
from mypost.senders.models import Sender, Topic


class LetterQuerySet(models.QuerySet["Letter"]):
    """Who may see which letters."""

    def readable_by(self, reader: Member) -> "LetterQuerySet":
        """Letters in the reader's own mailbox, and in those of accounts merged into theirs."""
        return self.in_mailboxes(reader.mailboxes)

    def in_mailboxes(self, mailbox_ids: Sequence[UUID]) -> "LetterQuerySet":
        """Letters in some mailboxes."""
        if len(mailbox_ids) == 1:  # as an equality, the index gives them in their order
            return self.filter(mailbox_id=mailbox_ids[0])
        return self.filter(mailbox_id__in=mailbox_ids)

    def naming_sender_to(self, reader: Member, *, aal: int) -> "LetterQuerySet":
        """Letters whose sender the reader may know now; see Letter.names_sender_to."""
        opening = models.Q(required_assurance__lte=reader.level, required_aal__lte=aal)
        return self.filter(models.Q(confidential=False) | opening)

    def sent_by(self, sender_id: UUID) -> "LetterQuerySet":
        """Letters of one sender; it sees their states, never their content."""
        return self.filter(sender_id=sender_id)


class Letter(models.Model):
    """One letter in one mailbox."""

    class State(models.TextChoices):
        CONSIGNED = "consigned", _("delivered")  # D.1: lies in the mailbox
        HANDED_OVER = "handed_over", _("opened")  # E.1: has been opened

    pk = models.CompositePrimaryKey("mailbox_id", "id")
    mailbox_id = models.UUIDField()
    id = models.UUIDField()
    number = models.CharField(max_length=14)  # readable, with a check character; for the phone
    sender = models.ForeignKey(Sender, models.PROTECT, related_name="+")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="+", null=True)
    consignment_id = models.UUIDField()
    state = models.CharField(max_length=11, choices=State.choices, default=State.CONSIGNED)
    documents = models.SmallIntegerField(default=0)  # how many
    required_assurance = models.SmallIntegerField(default=0)  # to open it
    # How strongly its reader must have signed in now. NIST SP 800-63B-4 §2
    required_aal = models.SmallIntegerField(default=1, db_default=1)
    confidential = models.BooleanField(default=False, db_default=False)  # the sender is, too
    due = models.DateField(null=True)
    consigned_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True)

    objects: ClassVar[LetterQuerySet] = LetterQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="letter_times_follow_state",
                condition=models.Q(
                    state="consigned", consigned_at__isnull=False, handed_over_at=None
                )
                | models.Q(
                    state="handed_over",
                    handed_over_at__isnull=False,  # NULL >= x is no refusal
                    handed_over_at__gte=models.F("consigned_at"),
                ),
                violation_error_message=_("The times of a letter follow its state."),
            ),
            models.CheckConstraint(
                name="letter_required_assurance_is_0_to_3",
                condition=models.Q(required_assurance__range=(0, 3)),
            ),
            models.CheckConstraint(
                name="letter_required_aal_is_1_to_3",
                condition=models.Q(required_aal__range=(1, 3)),
            ),
            models.UniqueConstraint(fields=["mailbox_id", "number"], name="letter_number_once"),
        ]
        indexes = [
            models.Index(fields=["mailbox_id", "-consigned_at", "-id"], name="letter_in_mailbox"),
            models.Index(
                fields=["mailbox_id", "-consigned_at", "-id"],
                name="letter_unread",
                condition=models.Q(state="consigned"),
            ),
            models.Index(fields=["consignment_id", "id"], name="letter_of_consignment"),
            models.Index(fields=["sender", "id"], name="letter_of_sender"),
        ]

    @property
    def is_opened(self) -> bool:
        return self.state == Letter.State.HANDED_OVER

    def opens_to(self, reader: Member, *, aal: int) -> bool:
        """Say whether its reader is known, and signed in now, as well as the letter demands.

        aal: of the session, 1 to 3. Below it nothing of what the letter says is shown.
        """
        return reader.level >= self.required_assurance and aal >= self.required_aal

    def names_sender_to(self, reader: Member, *, aal: int) -> bool:
        """Say whether the reader may know now who wrote.

        Of a confidential letter that does not open to them they learn only that it waits.
        """
        return not self.confidential or self.opens_to(reader, aal=aal)
