"""What the letters room refuses."""

from mypost.common.problems import Refusal


class LetterError(Refusal):
    """Base of this room's refusals."""


class LetterNotFound(LetterError):
    """No such letter, or not this reader's. We never say which of the two."""

    code = "letter_not_found"


class AssuranceTooLow(LetterError):
    """This letter opens only to a member whose identity is proved better."""

    code = "assurance_too_low"


class SignInTooWeak(LetterError):
    """This letter opens only to a member who has signed in more strongly."""

    code = "sign_in_too_weak"


class NotOpenedYet(LetterError):
    """The letter has not been opened, so its content is not shown."""

    code = "letter_not_opened"
