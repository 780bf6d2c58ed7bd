"""Identifiers: UUIDs that sort by time, and letter numbers that people can read aloud."""

from datetime import datetime, timedelta
from uuid import UUID

from mypost.kernel import crockford

LETTER_NUMBER_LENGTH = 12  # 55 random bits and the check character
_MAIL_PIECE_MARK = "P-"
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_MILLISECOND = timedelta(milliseconds=1)


def uuid7(at: datetime, randomness: bytes) -> UUID:
    """Return the UUID of a thing that came to be at this time.

    at: aware, any zone. randomness: 10 bytes, of which 74 bits are used.
    Two calls in one millisecond sort by chance: order within a chunk is the caller's.
    Raises ValueError for a naive time, a time before 1970, or other than 10 bytes.
    Source: RFC 9562 §5.7.
    """
    milliseconds = _milliseconds(at)
    if len(randomness) != 10:
        raise ValueError("a version 7 UUID takes 10 random bytes")
    random_bits = int.from_bytes(randomness, "big")
    rand_a, rand_b = random_bits >> 68, random_bits & (1 << 62) - 1
    return UUID(int=milliseconds << 80 | 7 << 76 | rand_a << 64 | 2 << 62 | rand_b)


def _milliseconds(at: datetime) -> int:
    """Return the milliseconds since 1970, in the 48 bits a UUID has for them."""
    if at.tzinfo is None:
        raise ValueError("an identifier needs an aware time")
    if at < _EPOCH:
        raise ValueError("an identifier cannot be older than 1970")
    return (at - _EPOCH) // _MILLISECOND


def letter_number(randomness: bytes) -> str:
    """Return a letter's readable number, `XXXX-XXXX-XXXX`.

    randomness: 8 bytes, of which 55 bits are used. Not a secret and not a key: two letters
    may meet by chance, so the database holds it unique.
    Source: Crockford base 32; ISO 7064 §hybrid systems.
    """
    if len(randomness) != 8:
        raise ValueError("a letter number takes 8 random bytes")
    number = int.from_bytes(randomness, "big") >> 9
    return crockford.numbered(number, length=LETTER_NUMBER_LENGTH)


def mail_piece_number(randomness: bytes) -> str:
    """Return a mail piece's readable number, `P-XXXX-XXXX-XXXX`.

    The P keeps people from taking it for the passcode on the same paper. randomness: 8 bytes.
    Source: Crockford base 32; ISO 7064 §hybrid systems.
    """
    return _MAIL_PIECE_MARK + letter_number(randomness)


def is_mail_piece_number(text: str) -> bool:
    """Say whether the text is a mail piece's number in its canonical form."""
    bare = text.removeprefix(_MAIL_PIECE_MARK)
    return text.startswith(_MAIL_PIECE_MARK) and is_letter_number(bare)


def is_letter_number(text: str) -> bool:
    """Say whether the text is a letter number in its canonical form, check character and all."""
    return crockford.normalise(text, length=LETTER_NUMBER_LENGTH) == text
