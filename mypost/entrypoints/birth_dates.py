"""Dates of birth: read as people write them, shown with the era, partial ones as such.

A declared date is ISO 8601 of reduced precision: "1980-02-17", "1980-02" or "1980".
Source: ISO 8601-1 §5.2.2.3.
"""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from django.utils.dateformat import format as format_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from mypost.kernel.errors import BirthDateMalformed
from mypost.kernel.jpki.birth_date import read_birth_date

# Each era with its first day and the letters that people write for it, the newest first.
ERAS: tuple[tuple[date, str | Promise, str], ...] = (
    (date(2019, 5, 1), gettext_lazy("Reiwa"), "令和|令|R"),
    (date(1989, 1, 8), gettext_lazy("Heisei"), "平成|平|H"),
    (date(1926, 12, 25), gettext_lazy("Shōwa"), "昭和|昭|S"),
    (date(1912, 7, 30), gettext_lazy("Taishō"), "大正|大|T"),
    (date(1868, 1, 25), gettext_lazy("Meiji"), "明治|明|M"),
)
_YEAR = re.compile(r"(\d{4})年?", re.ASCII)
_ERA_YEAR = re.compile(r"([^\d\s]+?)\s*(元|\d{1,2})年?", re.ASCII)
_MONTH = re.compile(r"(\d{1,2})[月日]?", re.ASCII)


@dataclass(frozen=True)
class BirthDate:
    """A date of birth, as far as it is known. A day is known only with its month."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        # date() raises ValueError for what no calendar has.
        date(self.year, self.month or 1, self.day or 1)
        if self.day and not self.month:
            raise ValueError("a day without its month")

    def __str__(self) -> str:
        parts = [f"{self.year:04}"]
        parts += [f"{part:02}" for part in (self.month, self.day) if part]
        return "-".join(parts)

    @property
    def first(self) -> date:
        """The earliest day that it may be."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def in_words(self) -> str:
        """The date in the reader's language, with the era, saying what is not known of it."""
        words = _("%(date)s (%(era)s)") % {"date": self._gregorian(), "era": self._eras()}
        if self.day:
            return words
        unknown = _("day unknown") if self.month else _("month and day unknown")
        return _("%(date)s, %(unknown)s") % {"date": words, "unknown": unknown}

    def _gregorian(self) -> str:
        if self.day:
            return format_date(self.first, pgettext("date format", "j M Y"))
        if self.month:
            return format_date(self.first, pgettext("date format", "F Y"))
        return format_date(self.first, pgettext("date format", "Y"))

    def _eras(self) -> str:
        # A year or a month may belong to two eras: then both stand there.
        month = self.month or 12
        last = date(self.year, month, self.day or monthrange(self.year, month)[1])
        return _(" or ").join(dict.fromkeys([_in_era(self.first), _in_era(last)]))


def read_parts(year: str, month: str, day: str) -> BirthDate:
    """Return the date of three fields; month and day may be empty. Any width, era years too.

    Raises ValueError for what is no date.
    """
    return BirthDate(_read_year(year), _read_number(month), _read_number(day))


def read_iso(text: str) -> BirthDate:
    """Return a declared date. Raises ValueError for what is none."""
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text, re.ASCII):
        raise ValueError("no ISO 8601 date")
    return BirthDate(*(int(part) for part in text.split("-")))


def declared_in_words(text: str) -> str:
    """Return a declared date for people."""
    return read_iso(text).in_words


def certified_in_words(text: str) -> str:
    """Return a certified date for people; as it stands if it is none.

    The card writes EYYYYMMDD, the Digital Authentication App ISO 8601.
    """
    try:
        born = read_birth_date(text)
    except BirthDateMalformed:
        return _as_declared(text)
    if born.year is None:
        return _("unknown")
    return BirthDate(born.year, born.month, born.day if born.month else None).in_words


def _as_declared(text: str) -> str:
    try:
        return declared_in_words(text)
    except ValueError:
        return text


def _in_era(day: date) -> str:
    for begins, name, _letters in ERAS:
        if day >= begins:
            nth = day.year - begins.year + 1
            if nth == 1:
                return _("%(era)s 1") % {"era": name}
            return _("%(era)s %(year)s") % {"era": name, "year": nth}
    return str(day.year)


def _read_year(typed: str) -> int:
    text = unicodedata.normalize("NFKC", typed).strip()
    if found := _YEAR.fullmatch(text):
        return int(found[1])
    found = _ERA_YEAR.fullmatch(text)
    for begins, _name, letters in ERAS:
        if found and found[1].upper() in letters.split("|"):
            return begins.year - 1 + (1 if found[2] == "元" else int(found[2]))
    raise ValueError("no year")


def _read_number(typed: str) -> int | None:
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text:
        return None
    found = _MONTH.fullmatch(text)
    if not found or not int(found[1]):
        raise ValueError("no number of a month or a day")
    return int(found[1])
