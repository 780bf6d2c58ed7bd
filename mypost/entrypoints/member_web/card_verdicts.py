"""What a refused card means for the person who holds it: what happened, and what to do."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mypost.entrypoints.member_web.card_answers import Errand
from mypost.proofing.errors import (
    CardNotYours,
    CardRefused,
    CardStopped,
    CardUnknown,
    ChallengeExpired,
    ChallengeForeign,
    ChallengeSpent,
    ProofingError,
)
from mypost.verification.reasons import SENTENCES
from mypost.verification.verdicts import Outcome

REFUSALS = (
    CardRefused, CardUnknown, CardNotYours, ChallengeExpired, ChallengeForeign, ChallengeSpent,
)  # fmt: skip
WORDS: dict[str, Promise] = {
    ChallengeExpired.code: _("The card's answer came too late. It is good for five minutes."),
    ChallengeForeign.code: _("This answer belongs to no question that we put to this browser."),
    ChallengeSpent.code: _("This answer was used before. Each one counts once."),
    CardUnknown.code: _("No mailbox can be entered with this card."),
    CardStopped.code: _("This card was linked once, and no longer signs in."),
    CardNotYours.code: _("This card does not belong to this account."),
}
ADVICE: dict[str, Promise] = {
    CardUnknown.code: _(
        "Sign in with your e-mail address and password, then link the card under “My page”."
    ),
    CardStopped.code: _(
        "Sign in with your e-mail address and password, then prove yourself with your new card."
    ),
    CardNotYours.code: _(
        "Please use your own card. If you have two accounts, you can make them one."
    ),
    "certificate_wrong_kind": _(
        "Please begin again, and let the card reader choose the certificate."
    ),
    "certificate_revoked": _(
        "With the new certificate on the card, please begin again here. Your letters stay."
    ),
    "certificate_expired": _(
        "With the new certificate on the card, please begin again here. Your letters stay."
    ),
}
ANEW = _("Please begin again. If it happens again, tell us the code below.")
LATER = _("Your card is not at fault. Nothing was changed; please try again in a few minutes.")


@dataclass(frozen=True)
class Reason:
    """One reason, in the reader's language."""

    code: str
    sentence: str | Promise


def refused(request: HttpRequest, errand: Errand, refusal: ProofingError) -> HttpResponse:
    """Say why a card's answer does not count, and what to do. The code stands small at the end."""
    is_open = isinstance(refusal, CardRefused) and refusal.verdict.outcome == Outcome.INDETERMINATE
    reasons = _reasons(refusal)
    shown = {
        "place": "me",
        "reasons": reasons,
        "advice": LATER if is_open else ADVICE.get(reasons[0].code, ANEW),
        "is_open": is_open,
        "again_url": reverse(errand.page),
        "can_merge": isinstance(refusal, CardNotYours),
    }
    return render(request, "member_web/card/refused.html", shown, status=503 if is_open else 422)


def _reasons(refusal: ProofingError) -> list[Reason]:
    if isinstance(refusal, CardRefused):
        return [Reason(code, SENTENCES[code]) for code in refusal.verdict.reasons]
    return [Reason(refusal.code, WORDS[refusal.code])]
