"""Every constraint and unique index of the rooms' tables stands in the table of promises."""

import pytest

from tests.guards.catalogue import differences, promises
from tests.guards.promises import PROMISES

pytestmark = pytest.mark.django_db


def written() -> set[str]:
    """Each promise on one line, behind its table's name."""
    found: list[str] = []
    table = ""
    for line in filter(str.strip, PROMISES.splitlines()):
        depth = len(line) - len(line.lstrip())
        if depth == 4:
            table = line.strip()
        elif depth == 8:
            found.append(f"{table}: {line.strip()}")
        else:
            found[-1] += f" {line.strip()}"
    assert len(found) == len(set(found))
    return set(found)


def test_the_database_keeps_each_promise_and_no_other() -> None:
    wrong = differences(promises(), written())
    assert not wrong, wrong
