"""How much chance there is in what was drawn, many times over.

A bit of chance that fifty draws share happens once in 2**49 times; so does a bit that follows
another one in all of them. So the bits that differ, each in its own way, are the bits of chance.
"""

from base64 import urlsafe_b64decode
from collections.abc import Callable

TIMES = 50
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32


def bits_of_chance(drawn: list[bytes]) -> int:
    """How many bits are not the same in all of them; those that go together count once."""
    assert len(drawn) == TIMES
    (size,) = {len(one) for one in drawn}
    first, *others = (int.from_bytes(one, "big") for one in drawn)
    rows = [f"{first ^ other:0{size * 8}b}" for other in others]
    return len({column for column in zip(*rows, strict=True) if "1" in column})


def draw(once: Callable[[], bytes]) -> list[bytes]:
    return [once() for _ in range(TIMES)]


def characters(text: str) -> bytes:
    """A number as people read it, five bits a character."""
    number = 0
    for sign in text.replace("-", ""):
        number = number << 5 | CROCKFORD.index(sign)
    return number.to_bytes(16, "big")


def unchecked(text: str) -> bytes:
    """The same without its last character, which is the check."""
    return characters(text[:-1])


def url_safe(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
