"""What the proofing room refuses."""

from mypost.common.problems import Refusal


class ProofingError(Refusal):
    """Base of this room's refusals."""


class ChallengeForeign(ProofingError):
    """This question was not put to this browser, or for another purpose."""

    code = "challenge_foreign"


class ChallengeSpent(ProofingError):
    """This question has been answered before."""

    code = "challenge_spent"


class ChallengeExpired(ProofingError):
    """The answer came too late. Please begin again."""

    code = "challenge_expired"


class CardUnknown(ProofingError):
    """No account can be entered with this card. We never say whether another account knows it."""

    code = "card_unknown"


class CardStopped(CardUnknown):
    """This card was linked once, and no longer signs in."""

    code = "card_stopped"


class CardNotYours(ProofingError):
    """This card does not belong to this account. We never say to whose it does."""

    code = "card_not_yours"


class MergeCodeWrong(ProofingError):
    """The code is not right, has expired, or was used. We never say which of the three."""

    code = "merge_code_wrong"


class MergeNotPossible(ProofingError):
    """One of the two accounts is closed, is being closed, or was merged already."""

    code = "merge_not_possible"


class DifferentPersons(MergeNotPossible):
    """The two accounts were proved for two different persons."""

    code = "merge_different_persons"
