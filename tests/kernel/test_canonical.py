import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypost.kernel.canonical import canonical_json
from mypost.kernel.errors import NotCanonical
from tests.vectors import files, read

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=20,
)


@pytest.mark.parametrize("path", files("jcs/input"))
def test_the_pairs_of_the_standard_come_out_byte_for_byte(path: Path) -> None:
    given = json.loads(read(path))
    expected = bytes.fromhex((path.parents[1] / "outhex" / f"{path.stem}.txt").read_text())
    assert canonical_json(given) == expected


@given(VALUES)
def test_the_canonical_form_is_its_own_canonical_form(value: object) -> None:
    written = canonical_json(value)
    assert canonical_json(json.loads(written, parse_int=float)) == written


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        2**53,
        -(2**53),
        {1: "key"},
        "\ud800",
        {"\ud800": 1},
        b"bytes",
        object(),
    ],
    ids=[
        "nan",
        "infinity",
        "54 bits",
        "and less than nothing",
        "number as key",
        "surrogate",
        "key",
        "bytes",
        "object",
    ],
)
def test_it_refuses_what_json_does_not_know(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical_json(value)


@pytest.mark.parametrize("number", [2**53 - 1, 1 - 2**53])
def test_a_number_of_53_bits_is_written_exactly(number: int) -> None:
    assert canonical_json(number) == str(number).encode()


def test_it_refuses_a_value_nested_without_end() -> None:
    value: list[object] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(NotCanonical):
        canonical_json(value)
