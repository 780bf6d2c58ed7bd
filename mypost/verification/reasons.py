"""Why a certificate does not count: one code and one sentence each, for the person who holds it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "certificate_malformed": _("What the card reader sent is no certificate, or it was damaged."),
    "certificate_foreign": _("This certificate is not from a My Number Card."),
    "certificate_forged": _(
        "This certificate says that it comes from the card's authority, but the authority did not"
        " sign it."
    ),
    "certificate_for_tests": _("This card is for tests only. Please use your own card."),
    "certificate_wrong_kind": _(
        "This is the card's other certificate. Signing in and proving who you are each use their"
        " own."
    ),
    "certificate_profile": _("This certificate is not written as those of a My Number Card are."),
    "certificate_expired": _(
        "The card's certificate has expired. Your municipality's counter issues a new one."
    ),
    "certificate_not_yet_valid": _("The card's certificate is not valid yet."),
    "certificate_revoked": _(
        "The card's certificate was revoked, for example after a move, a change of name or a loss."
        " Your municipality's counter issues a new one."
    ),
    "certificate_on_hold": _(
        "The card's certificate is suspended. Please ask at your municipality's counter."
    ),
    "revocation_unknown": _(
        "We could not learn whether the card's certificate is still valid. Please try again later."
    ),
    "signature_wrong": _("The signature does not fit the certificate or what was to be signed."),
    "trust_store_empty": _("Cards cannot be checked at the moment. Please try again later."),
    "check_timed_out": _("The check of the card took too long. Please try again."),
}

# Nobody can say now: the same card may be valid in an hour.
INDETERMINATE = frozenset({"revocation_unknown", "trust_store_empty", "check_timed_out"})
