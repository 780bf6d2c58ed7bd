"""What may be asked about members."""

from mypost.members.models import CertifiedAttributes, DeclaredAttributes, LevelChange, Member


def level_changes(member: Member) -> list[LevelChange]:
    """Return how a member came to their level, the newest change first."""
    return list(member.level_changes.order_by("-at", "-id"))


def declared(member: Member) -> DeclaredAttributes | None:
    """Return what the member says of themselves now, None when they never did."""
    return member.declarations.order_by("-declared_at", "-id").first()


def declarations(member: Member) -> list[DeclaredAttributes]:
    """Return all that the member ever declared, the newest first."""
    return list(member.declarations.order_by("-declared_at", "-id"))


def certified(member: Member) -> CertifiedAttributes | None:
    """Return what a certificate last said of the member, also when it has lapsed since."""
    return member.certifications.order_by("-certified_at", "-id").first()


def certifications(member: Member) -> list[CertifiedAttributes]:
    """Return all that certificates ever said of the member, the newest first."""
    return list(member.certifications.order_by("-certified_at", "-id"))
