"""What a refused answer of the Digital Authentication App means: what happened, and what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mypost.entrypoints.member_web.card_verdicts import WORDS as CARD_WORDS
from mypost.proofing.errors import CardNotYours, CardUnknown
from mypost.verification.errors import (
    AppAnswerForeign,
    AppDeclined,
    AppSignInTooWeak,
    AppTokenInvalid,
    AppUnavailable,
)

WORDS: dict[str, Promise] = {
    AppUnavailable.code: _("The Digital Authentication App does not answer now."),
    AppDeclined.code: _("You stopped at the Digital Authentication App."),
    AppAnswerForeign.code: _(
        "The app's answer came too late, or was not asked for in this browser."
    ),
    AppTokenInvalid.code: _("The app's answer could not be confirmed as genuine."),
    AppSignInTooWeak.code: _("The app did not use your card."),
    CardUnknown.code: CARD_WORDS[CardUnknown.code],
    CardNotYours.code: CARD_WORDS[CardNotYours.code],
}
ADVICE: dict[str, Promise] = {
    AppUnavailable.code: _("Nothing was changed. Please try again in a few minutes."),
    AppDeclined.code: _("Nothing was changed."),
    AppSignInTooWeak.code: _("Please begin again, and choose the My Number Card in the app."),
    CardUnknown.code: _(
        "Sign in with your e-mail address and password, then prove yourself with the app under"
        " “My page”."
    ),
    CardNotYours.code: _(
        "Please use your own card. If you have two accounts, you can make them one."
    ),
}
ANEW = _("Nothing was changed. Please begin again.")
