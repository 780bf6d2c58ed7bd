from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypost.kernel import crockford
from mypost.kernel.identifiers import (
    is_letter_number,
    is_mail_piece_number,
    letter_number,
    mail_piece_number,
    uuid7,
)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O and U
MOMENTS = st.datetimes(min_value=datetime.fromisoformat("1970-01-01"), timezones=st.just(UTC))


def test_a_uuid_equals_the_example_of_the_standard() -> None:
    at = datetime(2022, 2, 22, 14, 22, 22, tzinfo=timezone(-timedelta(hours=5)))
    randomness = (0xCC3 << 68 | 0x18C4DC0C0C07398F).to_bytes(10, "big")
    assert uuid7(at, randomness) == UUID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")


@given(at=MOMENTS, randomness=st.binary(min_size=10, max_size=10))
def test_a_uuid_says_its_version_and_its_millisecond(at: datetime, randomness: bytes) -> None:
    made = uuid7(at, randomness)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert timedelta(milliseconds=made.int >> 80) <= at - datetime(1970, 1, 1, tzinfo=UTC)


@given(earlier=MOMENTS, later=MOMENTS, noise=st.binary(min_size=20, max_size=20))
def test_uuids_sort_by_time(earlier: datetime, later: datetime, noise: bytes) -> None:
    if later - earlier >= timedelta(milliseconds=1):
        assert uuid7(earlier, noise[:10]) < uuid7(later, noise[10:])


@pytest.mark.parametrize(
    ("at", "randomness", "complaint"),
    [
        (datetime.fromisoformat("2026-04-01"), bytes(10), "aware"),
        (datetime(1969, 12, 31, tzinfo=UTC), bytes(10), "1970"),
        (datetime(2026, 4, 1, tzinfo=UTC), bytes(9), "10 random bytes"),
        (datetime(2026, 4, 1, tzinfo=UTC), bytes(11), "10 random bytes"),
    ],
)
def test_it_refuses_a_time_or_randomness_that_makes_no_uuid(
    at: datetime, randomness: bytes, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        uuid7(at, randomness)


@given(st.binary(min_size=8, max_size=8))
def test_a_letter_number_has_its_shape_and_is_recognised(randomness: bytes) -> None:
    number = letter_number(randomness)
    assert [len(group) for group in number.split("-")] == [4, 4, 4]
    assert set(number) <= {*ALPHABET, "-"}
    assert is_letter_number(number)


def test_the_check_character_is_that_of_mod_33_32() -> None:
    assert crockford.ALPHABET == ALPHABET
    for seed in (0, 1, 2**63, 2**64 - 1):
        *digits, check = list(letter_number(seed.to_bytes(8, "big")).replace("-", ""))
        rest = 32  # ISO 7064, pure and hybrid systems: double what is left of each step
        for digit in digits:
            rest = ((rest + ALPHABET.index(digit)) % 32 or 32) * 2 % 33
        assert (rest + ALPHABET.index(check)) % 32 == 1


def test_every_wrong_character_in_a_letter_number_is_noticed() -> None:
    number = letter_number(b"somewhat")
    for place in range(len(number)):
        for character in ALPHABET:
            changed = number[:place] + character + number[place + 1 :]
            assert is_letter_number(changed) is (changed == number)


def test_nearly_every_pair_of_swapped_neighbours_is_noticed() -> None:
    noticed = tried = 0
    for seed in range(2_000):
        bare = letter_number(seed.to_bytes(4, "big") * 2).replace("-", "")
        for place in range(len(bare) - 1):
            swapped = bare[:place] + bare[place + 1] + bare[place] + bare[place + 2 :]
            tried += swapped != bare
            noticed += swapped != bare and not is_letter_number(crockford.grouped(swapped))
    assert noticed / tried > 0.99


@pytest.mark.parametrize("text", ["", "0000", "0000-0000-0000-0000", "0000-0000-000U", "x" * 9999])
def test_other_text_is_no_letter_number(text: str) -> None:
    assert not is_letter_number(text)


def test_it_refuses_other_than_eight_random_bytes() -> None:
    for size in (7, 9):
        with pytest.raises(ValueError, match="8 random bytes"):
            letter_number(bytes(size))


@given(randomness=st.binary(min_size=8, max_size=8))
def test_a_mail_piece_number_looks_like_no_letter_and_no_passcode(randomness: bytes) -> None:
    number = mail_piece_number(randomness)
    assert number.startswith("P-")
    assert is_mail_piece_number(number)
    assert not is_letter_number(number)


@pytest.mark.parametrize(
    "text", ["", "P-", "0000-0000-0001", "P-0000-0000-0000", "p-0000-0000-0001", "P-P-0000"]
)
def test_other_text_is_no_mail_piece_number(text: str) -> None:
    assert not is_mail_piece_number(text)
