"""What became of a passcode letter: the post's words, and what people read."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PostalEvent(StrEnum):
    """What the print shop and the carrier report, in the order of an undisturbed journey."""

    PRINTED = "printed"
    ACCEPTED = "accepted"  # 引受
    NOTICE_LEFT = "notice_left"  # 到着通知, held (保管) for ten days
    HANDED_OVER = "handed_over"  # 交付, after the ID check
    RETURNED = "returned"  # 返還


class ReturnReason(TextChoices):
    """Why a letter came back."""

    MOVED = "moved", _("Nobody of this name lives at the address any more.")
    NAME_DIFFERS = "name_differs", _("The name or address on the ID document was another one.")
    ABSENT = "absent", _("Nobody was there to take the letter.")
    REFUSED = "refused", _("The letter was not accepted.")
    PERIOD_OVER = "period_over", _("Nobody came for the letter within ten days.")
    NOT_PRINTABLE = "not_printable", _("The name or address cannot be printed as it is written.")


class VoidReason(TextChoices):
    """Why a code no longer counts."""

    EXPIRED = "expired", _("The passcode was not entered within thirty days.")
    LOCKED = "locked", _("The passcode was wrong five times.")
    REPLACED = "replaced", _("You asked for a new letter.")
    CHANGED = "changed", _("You changed your name or address after asking for the letter.")
