"""What the Digital Authentication App's answers are refused for. Certificates get verdicts."""

from mypost.common.problems import Refusal


class AppError(Refusal):
    """Base of the refusals of the Digital Authentication App."""


class AppUnavailable(AppError):
    """The Digital Authentication App does not answer now. Please try again in a few minutes."""

    code = "app_unavailable"
    permanent = False


class AppDeclined(AppError):
    """You stopped at the Digital Authentication App. Nothing was changed."""

    code = "app_declined"


class AppAnswerForeign(AppError):
    """This answer was not asked for in this browser, or it came too late. Please begin again."""

    code = "app_answer_foreign"


class AppTokenInvalid(AppError):
    """The Digital Authentication App's answer cannot be trusted. Please begin again."""

    code = "app_token_invalid"


class AppSignInTooWeak(AppError):
    """The Digital Authentication App did not use your card. Please use the card there."""

    code = "app_sign_in_too_weak"
