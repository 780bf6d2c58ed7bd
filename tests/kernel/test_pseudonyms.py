import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypost.kernel.pseudonyms import make_pseudonym, normalise_pseudonym
from tests.vectors import naughty_strings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32
RANDOMNESS = st.binary(min_size=16, max_size=16)
PSEUDONYM = make_pseudonym(b"0123456789abcdef")


@given(RANDOMNESS)
def test_a_pseudonym_has_its_shape_and_is_its_own_normal_form(randomness: bytes) -> None:
    pseudonym = make_pseudonym(randomness)
    assert [len(group) for group in pseudonym.split("-")] == [4] * 5
    assert set(pseudonym) <= {*ALPHABET, "-"}
    assert normalise_pseudonym(pseudonym) == pseudonym


@given(RANDOMNESS, RANDOMNESS)
def test_ninety_five_bits_tell_pseudonyms_apart(one: bytes, other: bytes) -> None:
    same_bits = int.from_bytes(one, "big") >> 33 == int.from_bytes(other, "big") >> 33
    assert (make_pseudonym(one) == make_pseudonym(other)) is same_bits


@pytest.mark.parametrize(
    "written",
    [
        PSEUDONYM.lower(),
        PSEUDONYM.replace("-", ""),
        PSEUDONYM.replace("-", " "),
        PSEUDONYM.replace("-", "ー"),
        PSEUDONYM.replace("-", "‐"),
        f"　{PSEUDONYM}\n",
        PSEUDONYM.replace("0", "O").replace("1", "l"),
        PSEUDONYM.replace("0", "ｏ").replace("1", "Ｉ"),
        "".join(chr(ord(character) + 0xFEE0) for character in PSEUDONYM),
    ],
    ids=["lower", "bare", "spaces", "long vowel", "dash", "padded", "Ol", "ｏＩ", "full width"],
)
def test_a_pseudonym_is_read_as_people_write_it(written: str) -> None:
    assert normalise_pseudonym(written) == PSEUDONYM


def test_every_wrong_character_is_noticed() -> None:
    for place, right in enumerate(PSEUDONYM):
        for character in set(ALPHABET) - {right}:
            if right != "-":
                wrong = PSEUDONYM[:place] + character + PSEUDONYM[place + 1 :]
                assert normalise_pseudonym(wrong) is None


@pytest.mark.parametrize("text", ["", "-", "TEST", PSEUDONYM[:-1], PSEUDONYM + "0", "U" * 20])
def test_other_text_is_no_pseudonym(text: str) -> None:
    assert normalise_pseudonym(text) is None


def test_what_is_longer_than_four_times_a_pseudonym_is_not_read() -> None:
    assert normalise_pseudonym(f"{PSEUDONYM:>80}") == PSEUDONYM  # spaces before it
    assert normalise_pseudonym(f"{PSEUDONYM:>81}") is None


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    normal = normalise_pseudonym(text)
    assert normal is None or normalise_pseudonym(normal) == normal


def test_naughty_strings_are_no_pseudonyms() -> None:
    assert {normalise_pseudonym(text) for text in naughty_strings()} == {None}


def test_it_refuses_other_than_sixteen_random_bytes() -> None:
    for size in (15, 17):
        with pytest.raises(ValueError, match="16 random bytes"):
            make_pseudonym(bytes(size))
