"""What the subscriptions room refuses."""

from mypost.common.problems import Refusal


class SubscriptionError(Refusal):
    """Base of this room's refusals."""


class SenderNotChoosable(SubscriptionError):
    """No such sender, or its contract is not in force."""

    code = "sender_not_found"


class VerificationNeeded(SubscriptionError):
    """This sender, or this topic, is for members whose identity is proved better."""

    code = "assurance_too_low"


class NotSubscribed(SubscriptionError):
    """The member has not chosen this sender."""

    code = "not_subscribed"
