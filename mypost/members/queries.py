"""What may be asked about members."""

from mypost.members.models import LevelChange, Member


def level_changes(member: Member) -> list[LevelChange]:
    """Return how a member came to their level, the newest change first."""
    return list(member.level_changes.order_by("-at", "-id"))
