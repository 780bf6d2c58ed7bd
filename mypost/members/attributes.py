"""The basic attributes as they are handed in: what a member says, what a certificate says."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import Enum

from mypost.kernel.spellings import are_same
from mypost.members.models import DeclaredAttributes, LevelSource, Sex

_POSTAL_CODE = re.compile(r"[0-9]{7}", re.ASCII)
_BIRTH_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_FIRST_YEAR = 1868
_LONGEST = {"name": 100, "kana": 100, "address": 200, "building": 100}


@dataclass(frozen=True)
class NewAttributes:
    """What a member declares. Every string is kept exactly as it stands here.

    postal_code: seven ASCII digits. address: prefecture to number, one line.
    birth_date: ISO 8601, "1980" or "1980-03" when the rest is not known.
    """

    name: str
    kana: str
    postal_code: str
    address: str
    birth_date: str
    sex: Sex
    building: str = ""

    def faults(self, *, today: date) -> list[str]:
        """Return the names of the fields that cannot be kept, in the order of a form."""
        texts = {name: getattr(self, name) for name in _LONGEST}
        faults = [name for name, text in texts.items() if not _is_line(text, _LONGEST[name])]
        faults += [
            n for n in ("name", "kana", "address") if not texts[n].strip() and n not in faults
        ]
        if not _POSTAL_CODE.fullmatch(self.postal_code):
            faults.append("postal_code")
        if not _is_birth_date(self.birth_date, today):
            faults.append("birth_date")
        if self.sex not in Sex.values:
            faults.append("sex")
        return faults


@dataclass(frozen=True)
class CertifiedFacts:
    """The basic four attributes of a certificate, byte for byte, and which certificate it was.

    issuer: the authority's key identifier in hex. serial: in hex.
    birth_date: EYYYYMMDD. *_substituted: one digit a character, "1" for a stand-in.
    """

    source: LevelSource
    name: str
    sex: str
    birth_date: str
    address: str
    issuer: str = ""
    serial: str = ""
    name_substituted: str = ""
    address_substituted: str = ""


class Change(Enum):
    """What the post cannot have seen of a newer declaration."""

    NAME, ADDRESS, BIRTH_DATE = range(3)


def what_changed(former: DeclaredAttributes, newer: DeclaredAttributes) -> Change | None:
    """Return what makes a newer declaration another person or place, None for another spelling."""
    if not are_same(former.name, newer.name):
        return Change.NAME
    if not are_same(_place(former), _place(newer)):
        return Change.ADDRESS
    return None if former.birth_date == newer.birth_date else Change.BIRTH_DATE


def _place(declared: DeclaredAttributes) -> str:
    return f"{declared.postal_code} {declared.address}{declared.building}"


def _is_line(text: str, longest: int) -> bool:
    return len(text) <= longest and not any(unicodedata.category(sign) in _UNFIT for sign in text)


_UNFIT = {"Cc", "Cs", "Zl", "Zp"}  # control characters, lone surrogates, line ends


def _is_birth_date(text: str, today: date) -> bool:
    match = _BIRTH_DATE.fullmatch(text)
    if match is None or int(match[1]) < _FIRST_YEAR:
        return False
    try:
        earliest = date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return earliest <= today
