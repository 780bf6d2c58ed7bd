"""What ends here when a mailbox is closed."""

from datetime import datetime

from mypost.members.models import Member
from mypost.subscriptions import commands
from mypost.subscriptions.models import Subscription


def end_all(*, member: Member, at: datetime, **_others: object) -> None:
    """Stop every sender of a member: a letter to a closed mailbox is refused from here on."""
    active = Subscription.objects.of_member(member).filter(ended_at=None)
    for sender_id in set(active.values_list("sender_id", flat=True)):
        commands.leave(member, sender_id, at=at)
