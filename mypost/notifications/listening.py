"""What this room does when the members' room tells something."""

from datetime import datetime

from mypost.members.models import LevelSource, Member
from mypost.notifications import commands
from mypost.notifications.models import NoticeKind


def tell_of_level(*, member: Member, source: str, at: datetime, **_others: object) -> None:
    """Tell a member of another level. What our office sets, it sets with the member there."""
    if source != LevelSource.OPERATOR:
        commands.tell(member.mailbox_id, NoticeKind.LEVEL_CHANGED, at=at)
