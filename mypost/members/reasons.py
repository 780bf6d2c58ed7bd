"""Why a level changed, and why something is no longer certified: codes, and what people read."""

from django.db import models
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from mypost.members.attributes import Change
from mypost.members.models import CertifiedAttributes, LevelChange


class LevelReason(models.TextChoices):
    """Why a level changed, when no operator said it in words of their own."""

    ATTRIBUTES_DECLARED = "attributes_declared", _("You told us your name and address.")
    NAME_CHANGED = (
        "name_changed",
        _("You changed your name. The passcode was handed to the former one."),
    )
    ADDRESS_CHANGED = (
        "address_changed",
        _("You changed your address. The passcode went to the former one."),
    )
    BIRTH_DATE_CHANGED = (
        "birth_date_changed",
        _("You changed your date of birth after the passcode had been handed over."),
    )
    PASSCODE_CONFIRMED = (
        "passcode_confirmed",
        _("You entered the passcode that the post handed to you."),
    )
    PASSCODE_RETURNED = (
        "passcode_returned",
        _("The post reports that the letter with your passcode came back."),
    )
    CERTIFICATE_SHOWN = "certificate_shown", _("You proved who you are with your My Number Card.")
    CERTIFICATE_STOPPED = (
        "certificate_stopped",
        _("The certificate that proved who you are no longer counts."),
    )


CHANGE_REASONS = {
    Change.NAME: LevelReason.NAME_CHANGED,
    Change.ADDRESS: LevelReason.ADDRESS_CHANGED,
    Change.BIRTH_DATE: LevelReason.BIRTH_DATE_CHANGED,
}

# Codes of the authority's reasons and of the causes that only the platform knows
LAPSE_REASONS = {
    "move": gettext_noop("You have moved: the address is no longer certified."),
    "name_change": gettext_noop("Your name has changed: it is no longer certified."),
    "death": gettext_noop("The authority reports that the holder has died."),
    "emigration": gettext_noop("The authority reports a move abroad."),
    "loss": gettext_noop("The card was reported as lost."),
    "renewal": gettext_noop("The certificate was replaced by a new one."),
    "expired": gettext_noop("The certificate has expired."),
    "affiliation_changed": gettext_noop("Name or address on the card have changed."),
    "superseded": gettext_noop("The certificate was replaced by a new one."),
    "cessation_of_operation": gettext_noop("The certificate was given up."),
    "certificate_hold": gettext_noop("The authority has put the certificate on hold."),
    "key_compromise": gettext_noop("The key of the certificate may be in other hands."),
    "ca_compromise": gettext_noop("The authority's own key may be in other hands."),
    "unspecified": gettext_noop("The authority has revoked the certificate."),
}


def level_sentence(change: LevelChange) -> str:
    """Return why a level changed, in the reader's language; an operator's words as they stand."""
    if change.reason in LevelReason.values:
        return str(LevelReason(change.reason).label)
    return change.reason


def lapse_sentence(certified: CertifiedAttributes) -> str:
    """Return why something is no longer certified, in the reader's language; "" while it is."""
    if certified.lapsed_at is None:
        return ""
    return gettext(LAPSE_REASONS.get(certified.lapse_reason, LAPSE_REASONS["unspecified"]))
