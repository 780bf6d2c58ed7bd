"""What printing refuses, and what goes wrong with those outside."""

from mypost.common.problems import Refusal


class PrintingError(Refusal):
    """Base of this room's refusals."""


class PartyAway(PrintingError):
    """The other side does not answer, not in time, or without end."""

    code = "party_away"
    permanent = False


class PartyRefuses(PrintingError):
    """The other side answers that it will not."""

    code = "party_refuses"
    permanent = False


class AnswerUnreadable(PrintingError):
    """The other side answers something that is no answer."""

    code = "answer_unreadable"
    permanent = False


class PaperKeyAbsent(PrintingError):
    """The print shop's public key is not configured, or is none."""

    code = "paper_key_absent"
