"""A line of the log says where and what kind, and never what: a message may quote a letter."""

import logging
import sys

import pytest

from config.logs import WithoutContent

SECRET = "納期限は11月30日です"


def fail(deep: int) -> None:
    if deep:
        fail(deep - 1)
    raise ValueError(SECRET)


def written(deep: int) -> list[str]:
    """Return the lines of an error's record, as our formatter writes them."""
    record = logging.LogRecord("mypost", logging.ERROR, __file__, 1, "It failed.", (), None)
    try:
        fail(deep)
    except ValueError:
        record.exc_info = sys.exc_info()
    return WithoutContent("{name} {message}", style="{").format(record).splitlines()


def test_an_error_is_its_kind_and_its_places() -> None:
    head, kind, *places = written(0)
    assert (head, kind) == ("mypost It failed.", "ValueError")
    lines = [written.__code__.co_firstlineno + 4, fail.__code__.co_firstlineno + 3]
    assert places == [f"  {__file__}:{line}" for line in lines]


def test_no_message_stands_there_not_even_of_the_error_before() -> None:
    try:
        try:
            fail(0)
        except ValueError as first:
            raise KeyError(SECRET) from first
    except KeyError:
        told = WithoutContent().formatException(sys.exc_info())
    assert told.startswith("KeyError\n")
    assert SECRET not in told


@pytest.mark.parametrize("deep", [5, 6, 7, 50])
def test_the_last_eight_places_are_enough(deep: int) -> None:
    _head, _kind, *places = written(deep)
    assert len(places) == min(deep + 2, 8)
    assert places[-1].endswith(f":{fail.__code__.co_firstlineno + 3}")


def test_a_record_with_no_error_is_no_error() -> None:
    assert WithoutContent().formatException((None, None, None)) == ""
