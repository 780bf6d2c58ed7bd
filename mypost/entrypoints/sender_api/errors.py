"""What this door itself refuses, beside what the rooms refuse."""

from mypost.common.problems import Refusal


class ApiRefusal(Refusal):
    """Base of this door's refusals."""


class ScopeMissing(ApiRefusal):
    """The key may not do this."""

    code = "scope_missing"


class RateLimited(ApiRefusal):
    """Too many requests; this one has cost nothing."""

    code = "rate_limited"
    permanent = False


class BodyUnreadable(ApiRefusal):
    """The body of the request cannot be read."""

    code = "body_unreadable"


class MediaTypeUnsupported(ApiRefusal):
    """This media type is not taken here."""

    code = "media_type_unsupported"


class ReceiptAbsent(ApiRefusal):
    """A test leaves no evidence, so there is no receipt of it."""

    code = "receipt_absent"
