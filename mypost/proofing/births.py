"""One person has one birth date, whoever certified it: who shows another one is somebody else."""

from datetime import date

from mypost.kernel.jpki.birth_date import read_birth_date
from mypost.members import queries as members
from mypost.members.models import LevelSource, Member
from mypost.proofing.errors import CardNotYours

BY_CARD, BY_APP = LevelSource.CARD, LevelSource.AUTH_APP


def refuse_another_birth(member: Member, source: LevelSource, birth_date: str) -> None:
    """Refuse somebody else's card, also where no platform tells who is who.

    birth_date: as the source writes it, EYYYYMMDD or ISO 8601. Raises CardNotYours.
    """
    shown = (source, birth_date)
    if any(are_different(shown, known) for known in births_of(member)):
        raise CardNotYours


def births_of(member: Member) -> set[tuple[str, str]]:
    """Return the birth dates that were certified for a member, each with its source."""
    known = members.certifications(member)
    return {(each.source, each.birth_date) for each in known if each.source in (BY_CARD, BY_APP)}


def are_different(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Say whether two birth dates cannot be one person's. Across sources only whole days count."""
    if one[0] == other[0]:
        return one[1] != other[1]
    days = {day for day in map(_day, (one, other)) if day is not None}
    return len(days) == 2


def _day(born: tuple[str, str]) -> date | None:
    """Return the day, None where a part of it is not known."""
    source, text = born
    if source == BY_CARD:
        return read_birth_date(text).as_date
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
