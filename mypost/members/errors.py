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


class AttributesMalformed(MemberError):
    """A name, an address or a date that cannot be kept as it stands."""

    code = "attributes_malformed"

    def __init__(self, fields: list[str]) -> None:
        super().__init__()
        self.fields = fields  # names of the fields at fault
