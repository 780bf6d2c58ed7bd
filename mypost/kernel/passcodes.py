"""Passcodes: twelve characters that a person reads from paper once.

They are written in Crockford's alphabet, sixty bits of chance in three groups: no I, L, O or U.
Source: Crockford base 32; RFC 7914 §2.
"""

import hashlib
import hmac
import re
import unicodedata
from base64 import b64decode, b64encode

from mypost.kernel.crockford import ALPHABET, grouped

LENGTH = 12
CHANCE_SIZE = 8  # bytes, of which sixty bits are written
SALT_SIZE = 16
_LOOK_ALIKES = str.maketrans("OIL", "011")
_SEPARATORS = re.compile(r"[\s\-_.\u2010-\u2015\u2212\u30fc]+")
COST = 2**14  # 16 MiB and some 50 ms a try: whoever steals the table still has to work


def write(chance: bytes) -> str:
    """Return the passcode of eight random bytes, "XXXX-XXXX-XXXX".

    Raises ValueError for any other number of bytes.
    """
    if len(chance) != CHANCE_SIZE:
        raise ValueError("a passcode is made of 8 random bytes")
    number = int.from_bytes(chance)
    return grouped("".join(ALPHABET[number >> 5 * place & 31] for place in range(LENGTH)))


def normalise(text: str) -> str | None:
    """Return the passcode that a person meant, or None when it cannot be one.

    Accepts lower case, full width, any hyphens and spaces or none, and O, I and L for 0 and 1.
    """
    if len(text) > 4 * LENGTH:
        return None
    bare = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper().translate(_LOOK_ALIKES)
    if len(bare) != LENGTH or not set(bare) <= set(ALPHABET):
        return None
    return grouped(bare)


def make_hash(code: str, *, bound_to: str, salt: bytes) -> str:
    """Return what is kept of a normalised passcode, at most 80 ASCII characters.

    bound_to: whom and what it proves; the hash of the same code for another differs.
    salt: 16 random bytes. Source: RFC 7914 §2.
    """
    return f"scrypt${b64encode(salt).decode()}${b64encode(_derive(code, bound_to, salt)).decode()}"


def is_right(code: str, kept: str, *, bound_to: str) -> bool:
    """Say, in constant time, whether a normalised passcode is the one whose hash was kept."""
    _name, salt, derived = kept.split("$")
    return hmac.compare_digest(_derive(code, bound_to, b64decode(salt)), b64decode(derived))


def _derive(code: str, bound_to: str, salt: bytes) -> bytes:
    secret = f"{code}\n{bound_to}".encode()
    return hashlib.scrypt(secret, salt=salt, n=COST, r=8, p=1, dklen=32)
