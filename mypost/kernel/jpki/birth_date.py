"""Birth dates as the card writes them: EYYYYMMDD, an era and a Gregorian date, parts unknown.

Source: JPKI profile.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from mypost.kernel.errors import BirthDateMalformed

_FORM = re.compile(r"([0-5])([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_LEAP_YEAR = 2000  # a 29 February of an unknown year exists
# 明治 1 大正 2 昭和 3 平成 4 令和 5. On the day of a change both eras are right.
_ERAS = {
    "1": (date(1868, 1, 25), date(1912, 7, 30)),
    "2": (date(1912, 7, 30), date(1926, 12, 25)),
    "3": (date(1926, 12, 25), date(1989, 1, 7)),
    "4": (date(1989, 1, 8), date(2019, 4, 30)),
    "5": (date(2019, 5, 1), date.max),
}


@dataclass(frozen=True, slots=True)
class BirthDate:
    """A birth date. original: the nine digits. era: "1" to "5", "0" unknown. None: not known."""

    original: str
    era: str
    year: int | None
    month: int | None
    day: int | None

    @property
    def as_date(self) -> date | None:
        """The day, or None when any part is unknown: nobody may be told an age by a guess."""
        if self.year is None or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)


def read_birth_date(text: str) -> BirthDate:
    """Return the parts of a birth date.

    text: nine ASCII digits; zeros where a part is unknown.
    Raises BirthDateMalformed for another form, for a day no calendar has, and for a year that
    lies outside its era: whoever reads on must be able to rely on it.
    Source: JPKI profile.
    """
    parts = _FORM.fullmatch(text)
    if parts is None:
        raise BirthDateMalformed
    era, year, month, day = parts[1], *(int(part) or None for part in parts.groups()[1:])
    birth = BirthDate(text, era, year, month, day)
    _refuse_impossible(birth)
    return birth


def _refuse_impossible(birth: BirthDate) -> None:
    """Fill what is unknown with the first and the last day possible, and compare those."""
    try:
        date(birth.year or _LEAP_YEAR, birth.month or 1, birth.day or 1)
    except ValueError as error:
        raise BirthDateMalformed from error
    if birth.year is None or birth.era == "0":
        return
    month = birth.month or 12
    first = date(birth.year, birth.month or 1, birth.day or 1)
    last = date(birth.year, month, birth.day or monthrange(birth.year, month)[1])
    begins, ends = _ERAS[birth.era]
    if last < begins or first > ends:
        raise BirthDateMalformed
