"""Days of the demo world, written as distances so that the world is never out of date."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_WEEKDAYS = "月火水木金土日"
_FIRST_YEAR_OF_REIWA = 2019
_FIRST_MONTH_OF_FISCAL_YEAR = 4

_PLACEHOLDER = re.compile(r"\{(?P<word>[a-z]+)(?P<distance>[+-]\d+)?(?:/(?P<day>\d+))?\}")


@dataclass(frozen=True)
class Calendar:
    """Turns placeholders such as `{day+14}` into dates, in one language.

    Days are counted from the latest Sunday, so that an election falls on a Sunday and a
    due date on a working day whenever the demo world is built.
    """

    sunday: date
    language: str

    @classmethod
    def around(cls, today: date, *, language: str) -> "Calendar":
        """Return the calendar whose day 0 is the latest Sunday, today included."""
        return cls(today - timedelta(days=today.isoweekday() % 7), language)

    def day(self, distance: int) -> date:
        """Return the day so many days after (or, negative, before) the Sunday."""
        return self.sunday + timedelta(days=distance)

    def first_of_month(self, distance: int) -> date:
        """Return the first day of the month so many months from the Sunday's month."""
        months = self.sunday.year * 12 + self.sunday.month - 1 + distance
        return date(months // 12, months % 12 + 1, 1)

    def fill(self, value: object, words: Mapping[str, str]) -> object:
        """Return a JSON value with each placeholder in its strings replaced.

        words: further placeholders and what stands for them, for instance `ordinal`.
        Raises KeyError for a placeholder that nobody knows.
        """
        if isinstance(value, str):
            return _PLACEHOLDER.sub(lambda found: self._word(found, words), value)
        if isinstance(value, list):
            return [self.fill(item, words) for item in value]
        if isinstance(value, dict):
            return {key: self.fill(item, words) for key, item in value.items()}
        return value

    def _word(self, found: re.Match[str], words: Mapping[str, str]) -> str:
        word, distance = found["word"], int(found["distance"] or 0)
        if word in words:
            return words[word]
        if word in ("day", "short"):
            return self._day_words(word, self.day(distance))
        if word in ("on", "first", "last"):
            return self._short(self._day_of_month(word, distance, found["day"]))
        return self._period(word, distance)

    def _day_of_month(self, word: str, distance: int, day: str | None) -> date:
        if word == "last":
            return self.first_of_month(distance + 1) - timedelta(days=1)
        return self.first_of_month(distance).replace(day=int(day or 1))

    def _day_words(self, word: str, day: date) -> str:
        if self.language == "en":
            return self._short(day) if word == "short" else f"{day.day} {day:%B %Y}"
        era = "" if word == "short" else _era_year(day.year)
        return f"{era}{self._short(day)}（{_WEEKDAYS[day.weekday()]}）"

    def _short(self, day: date) -> str:
        if self.language == "en":
            return f"{day.day} {day:%B}"
        return f"{day.month}月{day.day}日"

    def _period(self, word: str, distance: int) -> str:
        month = self.first_of_month(distance)
        fiscal = self.sunday.year - (self.sunday.month < _FIRST_MONTH_OF_FISCAL_YEAR) + distance
        in_japanese = f"{month.month}月"
        english = self.language == "en"
        return {
            "month": f"{month:%B}" if english else in_japanese,
            "m": f"{month:%b}" if english else in_japanese,
            "ym": f"{month:%Y%m}",
            "year": f"{self.sunday.year + distance}",
            "fiscal": _era_year(fiscal),
        }[word]


def _era_year(year: int) -> str:
    return f"令和{year - _FIRST_YEAR_OF_REIWA + 1}年"
