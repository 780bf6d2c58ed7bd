"""Codes that people read from paper: written, read back as people type them, kept as a hash."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypost.kernel import passcodes

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32
CHANCE = st.binary(min_size=8, max_size=8)
SALT = bytes(range(16))
CODE = "0123-45AB-CDEF"
KEPT_IN_EARNEST = "scrypt$AAECAwQFBgcICQoLDA0ODw==$xETnFUFRLwLvDwHpclxr5DoMmxys2KSQJBcm8JezASw="


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passcodes, "COST", 2)  # the cost in earnest is the last test's subject


@given(CHANCE)
def test_it_is_three_groups_of_four_without_look_alikes(chance: bytes) -> None:
    code = passcodes.write(chance)
    groups = code.split("-")
    assert [len(group) for group in groups] == [4, 4, 4]
    assert set("".join(groups)) <= set(ALPHABET)
    assert not set(code) & set("ILOU")


@given(CHANCE, CHANCE)
def test_sixty_bits_of_chance_are_in_it(first: bytes, second: bytes) -> None:
    same_bits = int.from_bytes(first) % 2**60 == int.from_bytes(second) % 2**60
    assert (passcodes.write(first) == passcodes.write(second)) == same_bits


@pytest.mark.parametrize("size", [0, 7, 9])
def test_too_little_chance_makes_no_code(size: int) -> None:
    with pytest.raises(ValueError, match="8 random bytes"):
        passcodes.write(bytes(size))


@given(CHANCE)
def test_what_was_written_is_read_back(chance: bytes) -> None:
    code = passcodes.write(chance)
    assert passcodes.normalise(code) == code


@pytest.mark.parametrize(
    "typed",
    [
        "0123-45ab-cdef",
        "０１２３－４５ＡＢ－ＣＤＥＦ",
        "012345ABCDEF",
        " 0123 45AB\u3000CDEF\n",
        "O123-45AB-CDEF",
        "oI23-45AB-CDEF",
        "0l23-45AB-CDEF",
        "0123ー45AB‐CDEF",
        "0123–45AB—CDEF",
        "0-1-2-3-4-5-A-B-C-D-E-F",
    ],
)
def test_people_type_it_in_many_ways(typed: str) -> None:
    assert passcodes.normalise(typed) == CODE


@pytest.mark.parametrize(
    "typed",
    ["", "----", "0123-45AB-CDE", "0123-45AB-CDEF0", "U123-45AB-CDEF", "0123-45AB-CDE!", "零" * 12],
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert passcodes.normalise(typed) is None


def test_what_is_longer_than_four_times_a_code_is_not_read() -> None:
    assert passcodes.normalise(f"{CODE:>48}") == CODE  # spaces before it; NFKC takes its time
    assert passcodes.normalise(f"{CODE:>49}") is None


@given(st.text(max_size=60))
def test_no_text_makes_it_fail(typed: str) -> None:
    code = passcodes.normalise(typed)
    assert code is None or passcodes.normalise(code) == code


def test_the_hash_knows_the_code_and_does_not_hold_it() -> None:
    kept = passcodes.make_hash(CODE, bound_to="jiro", salt=SALT)
    assert passcodes.is_right(CODE, kept, bound_to="jiro")
    assert "0123" not in kept
    assert len(kept) <= 80


@given(CHANCE)
def test_no_other_code_is_right(chance: bytes) -> None:
    kept = passcodes.make_hash(CODE, bound_to="jiro", salt=SALT)
    code = passcodes.write(chance)
    assert passcodes.is_right(code, kept, bound_to="jiro") == (code == CODE)


def test_it_proves_nothing_for_another_person() -> None:
    kept = passcodes.make_hash(CODE, bound_to="jiro", salt=SALT)
    assert not passcodes.is_right(CODE, kept, bound_to="hanako")


def test_the_same_code_is_kept_differently_each_time() -> None:
    again = bytes(reversed(SALT))
    kept = {passcodes.make_hash(CODE, bound_to="jiro", salt=salt) for salt in (SALT, again)}
    assert len(kept) == 2


def test_whoever_steals_the_table_pays_sixteen_mebibytes_a_try(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # openssl kdf SCRYPT with n=16384 r=8 p=1: RFC 7914 §2 needs 128 * n * r bytes for it.
    monkeypatch.undo()
    assert passcodes.make_hash(CODE, bound_to="jiro", salt=SALT) == KEPT_IN_EARNEST
