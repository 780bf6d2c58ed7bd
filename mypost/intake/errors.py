"""What intake refuses."""

from collections.abc import Sequence
from dataclasses import dataclass

from mypost.common.problems import Refusal


@dataclass(frozen=True)
class FieldError:
    """One thing wrong at one place. pointer: JSON pointer or column name."""

    pointer: str
    code: str
    detail: str


class IntakeError(Refusal):
    """Base of this room's refusals."""


class ConsignmentNotFound(IntakeError):
    """No such consignment, or not this sender's. We never say which of the two."""

    code = "consignment_not_found"


class ConsignmentClosed(IntakeError):
    """The consignment was submitted and takes nothing more."""

    code = "consignment_closed"


class ItemsMissing(IntakeError):
    """The consignment has no items yet."""

    code = "items_missing"


class ItemsInvalid(IntakeError):
    """The file of items cannot be read."""

    code = "items_invalid"

    def __init__(self, detail: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail)
        self.errors = list(errors)


class FieldsInvalid(IntakeError):
    """Some fields are missing or wrong."""

    code = "field_invalid"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__()
        self.errors = list(errors)


class DocumentTooLarge(IntakeError):
    """The document is larger than allowed."""

    code = "document_too_large"


class DigestMismatch(IntakeError):
    """The bytes that arrived are not the bytes that were sent."""

    code = "digest_mismatch"
    permanent = False


class SenderSuspended(IntakeError):
    """The sender's contract is not in force."""

    code = "sender_suspended"


class KeyReused(IntakeError):
    """The idempotency key was used for another request."""

    code = "idempotency_key_reused"


class TopicUnknown(IntakeError):
    """The sender has no such topic."""

    code = "topic_unknown"
