"""What the proofing room refuses."""

from mypost.common.problems import Refusal
from mypost.verification.verdicts import Verdict


class ProofingError(Refusal):
    """Base of this room's refusals."""


class AddressNotDeclared(ProofingError):
    """A passcode goes to an address: the member has to declare one first."""

    code = "address_not_declared"


class PasscodeNotNeeded(ProofingError):
    """The member's level is as high as a passcode makes it, or higher."""

    code = "passcode_not_needed"


class PasscodeUnderWay(ProofingError):
    """One passcode letter is under way already; a member has one at a time."""

    code = "passcode_under_way"


class TooManyPasscodes(ProofingError):
    """Three passcode letters within thirty days are enough."""

    code = "too_many_passcodes"
    permanent = False


class PasscodeNotDue(ProofingError):
    """No such request, or its code exists already, or it is no longer wanted."""

    code = "passcode_not_due"


class NoPasscodeAwaited(ProofingError):
    """No passcode is awaited from this member."""

    code = "no_passcode_awaited"


class PasscodeWrong(ProofingError):
    """The code is not the one in the letter."""

    code = "passcode_wrong"
    permanent = False

    def __init__(self, tries_left: int) -> None:
        super().__init__()
        self.tries_left = tries_left


class PasscodeMalformed(PasscodeWrong):
    """A code has twelve characters. This is something else, and did not cost a try."""

    code = "passcode_malformed"


class PasscodeLocked(ProofingError):
    """The code was wrong five times: it is void, and a new letter can be asked for."""

    code = "passcode_locked"


class PasscodeExpired(ProofingError):
    """The code is older than thirty days: it is void, and a new letter can be asked for."""

    code = "passcode_expired"


class PersonKeyAbsent(ProofingError):
    """This process has no key to recognise people by."""

    code = "person_key_absent"


class SamePersonElsewhere(ProofingError):
    """Another open account belongs to the same person. The two can be made one."""

    code = "same_person_elsewhere"


class ChallengeForeign(ProofingError):
    """This question was not put to this browser, or for another purpose."""

    code = "challenge_foreign"


class ChallengeSpent(ProofingError):
    """This question has been answered before."""

    code = "challenge_spent"


class ChallengeExpired(ProofingError):
    """The answer came too late. Please begin again."""

    code = "challenge_expired"


class CardRefused(ProofingError):
    """The card's answer does not count. The verdict says why."""

    code = "card_refused"

    def __init__(self, verdict: Verdict) -> None:
        super().__init__()
        self.verdict = verdict


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
