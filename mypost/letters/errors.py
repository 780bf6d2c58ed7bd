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


class NotOpenedYet(LetterError):
    """The letter has not been opened, so its content is not shown."""

    code = "letter_not_opened"
