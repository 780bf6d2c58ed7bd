"""What the members room refuses."""

from mypost.common.problems import Refusal


class MemberError(Refusal):
    """Base of this room's refusals."""


class MemberNotFound(MemberError):
    """No such member."""

    code = "member_not_found"


class ReasonMissing(MemberError):
    """A level changes only with a reason on record."""

    code = "reason_missing"
