"""What this room does when the members' room tells something."""

from mypost.members.models import DeclaredAttributes, Member
from mypost.proofing import passcodes


def void_changed_passcode(
    *, member: Member, declared: DeclaredAttributes, **_others: object
) -> None:
    """Another name or address: a code on its way to the former one no longer counts."""
    passcodes.void_changed(member, declared)
