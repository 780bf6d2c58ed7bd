"""Pseudonyms (仮名ID): the one name by which one sender knows one member.

A pseudonym is random, so that two senders who lay theirs side by side learn nothing.
"""

from mypost.kernel import crockford

PSEUDONYM_LENGTH = 20  # 95 random bits and the check character


def make_pseudonym(randomness: bytes) -> str:
    """Return a new pseudonym, `XXXX-XXXX-XXXX-XXXX-XXXX`.

    randomness: 16 bytes from a secure source, of which 95 bits are used.
    Raises ValueError for any other length.
    Source: Crockford base 32; ISO 7064 §hybrid systems.
    """
    if len(randomness) != 16:
        raise ValueError("a pseudonym takes 16 random bytes")
    number = int.from_bytes(randomness, "big") >> 33
    return crockford.numbered(number, length=PSEUDONYM_LENGTH)


def normalise_pseudonym(text: str) -> str | None:
    """Return the canonical form of a pseudonym as a sender wrote it, or None when it is not one.

    Accepts lower case, full-width characters, missing hyphens, and O, I, L for 0, 1, 1.
    None says only that the characters cannot be right, nothing about any member.
    """
    return crockford.normalise(text, length=PSEUDONYM_LENGTH)
