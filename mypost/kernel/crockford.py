"""Numbers that people read aloud: Crockford's base 32 with a check character.

The alphabet has no I, L, O or U, so that what is read from paper has one meaning.
Source: Crockford base 32; ISO 7064 §hybrid systems.
"""

import re
import unicodedata

from stdnum.iso7064 import mod_37_36

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES = str.maketrans("OIL", "011")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212\u30fc]+")  # people type any dash, also ー


def numbered(number: int, *, length: int) -> str:
    """Write a number in groups of four characters, the last character being the check.

    length: characters in all, check character included; (length - 1) * 5 bits of number are kept.
    Source: ISO 7064 §hybrid systems: Mod 33,32, the modulus of an alphabet of 32.
    """
    digits = "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (length - 2), -1, -5))
    return grouped(digits + mod_37_36.calc_check_digit(digits, ALPHABET))


def grouped(text: str) -> str:
    """Return the characters in groups of four, joined by hyphens."""
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def normalise(text: str, *, length: int) -> str | None:
    """Return the canonical form of a number as a person wrote it, or None when it is not one.

    Accepts lower case, full-width characters, missing or misplaced hyphens and look-alikes.
    Source: Crockford base 32.
    """
    if len(text) > 4 * length:
        return None
    bare = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper().translate(_LOOK_ALIKES)
    if len(bare) != length or not mod_37_36.is_valid(bare, ALPHABET):
        return None
    return grouped(bare)
