"""What the senders room refuses."""

from mypost.common.problems import Refusal


class SenderError(Refusal):
    """Base of this room's refusals."""


class SenderNotFound(SenderError):
    """No such sender."""

    code = "sender_not_found"


class ContractStepForbidden(SenderError):
    """The contract cannot take this step from where it is."""

    code = "contract_step_forbidden"


class TopicNotFound(SenderError):
    """No such topic of this sender."""

    code = "topic_not_found"


class ApiKeyUnknown(SenderError):
    """No such key, or it is revoked, expired, or not for this address."""

    code = "unauthorized"


class ApiKeyNotFound(SenderError):
    """No such key of this sender."""

    code = "api_key_not_found"


class NetworkInvalid(SenderError):
    """This is not an address or a network."""

    code = "network_invalid"
