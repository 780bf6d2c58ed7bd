"""Who gets a card: the basic four of the resident register, as a certificate carries them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

JAPAN = timezone(timedelta(hours=9))
_AGE_FOR_SIGNING = 15


@dataclass(frozen=True)
class Municipality:
    """Where the register is kept. code: six digits, the last a check digit (JIS X 0401/0402)."""

    prefecture: str
    city: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Resident:
    """One person in the register.

    name, address: as in the certificate. registered_name: with the glyphs of the register, where
    they differ. *_substituted: one digit a character, 1 where another glyph stands in; empty: none.
    sex: 1 male, 2 female. birth_date: EYYYYMMDD, Gregorian year after the era's digit, zeros where
    unknown.
    """

    id: str
    name: str
    name_substituted: str = ""
    sex: str
    birth_date: str
    address: str
    address_substituted: str = ""
    municipality: Municipality
    registered_name: str = ""

    @property
    def born_on(self) -> date | None:
        """The day of birth, or None where any part of it is unknown."""
        year, month, day = (int(part) for part in self._birth_parts)
        return date(year, month, day) if year and month and day else None

    @property
    def _birth_parts(self) -> tuple[str, str, str]:
        return self.birth_date[1:5], self.birth_date[5:7], self.birth_date[7:9]

    def may_sign(self, at: datetime) -> bool:
        """Say whether the office gives a certificate for signatures: not to anybody under 15.

        A date that is not known in full was settled at the counter, for an adult.
        """
        born = self.born_on
        return born is None or _birthday(born, born.year + _AGE_FOR_SIGNING) <= _day(at)

    def fifth_birthday_after(self, at: datetime) -> date:
        """Return the last day of a certificate issued now; an unknown birthday is today."""
        today = _day(at)
        born = self.born_on or today
        had_this_year = _birthday(born, today.year) <= today
        return _birthday(born, today.year + (5 if had_this_year else 4))


def _day(at: datetime) -> date:
    return at.astimezone(JAPAN).date()


def _birthday(born: date, year: int) -> date:
    try:
        return born.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 3, 1)
