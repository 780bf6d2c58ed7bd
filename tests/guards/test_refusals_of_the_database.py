"""The database itself refuses what breaks a promise, by its name, and takes what just keeps it."""

from itertools import count
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from psycopg.sql import SQL, Identifier, Placeholder

from tests.conftest import NOW
from tests.guards.refusals import PLAIN, REFUSALS
from tests.guards.shown import Row, Shown
from tests.guards.test_promises import written

pytestmark = pytest.mark.django_db

FRESH = count(1_000)
NOTHING_IN_PARTICULAR: dict[str, object] = {
    "varchar": "", "text": "", "int2": 0, "int4": 0, "int8": 0, "bool": False, "bytea": b"x" * 32,
    "timestamptz": NOW, "date": NOW.date(),
}  # fmt: skip
MUST_BE_FILLED_IN = """
    SELECT attname, typname FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
     WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
       AND attnotnull AND NOT atthasdef AND attidentity = ''
"""


def filling(kind: str) -> object:
    """An identifier is the row's own; an array is empty."""
    if kind == "uuid":
        return UUID(int=next(FRESH))
    return [] if kind.startswith("_") else NOTHING_IN_PARTICULAR[kind]


class Table:
    """One table, and what a row of it needs besides what it is about."""

    def __init__(self, name: str) -> None:
        self._name = name
        with connection.cursor() as cursor:
            cursor.execute(MUST_BE_FILLED_IN, [name])
            self._needed = dict(cursor.fetchall())

    def refused_by(self, shown: Shown, row: Row) -> str | None:
        """The promise that refuses a row, None when it is taken. Nothing is left behind.

        References are asked only at the commit, so a row may name who is not there.
        """
        with transaction.atomic():
            if shown.beside:
                self._insert(shown.beside)
            try:
                with transaction.atomic():
                    self._insert(row)
            except IntegrityError as error:
                return promise_in(error)
            finally:
                transaction.set_rollback(True)
        return None

    def _insert(self, row: Row) -> None:
        filled_in = {name: filling(kind) for name, kind in self._needed.items()}
        values = {**filled_in, **PLAIN.get(self._name, {}), **row}
        statement = SQL("INSERT INTO {} ({}) VALUES ({})").format(
            Identifier(self._name),
            SQL(", ").join(map(Identifier, values)),
            SQL(", ").join(Placeholder() * len(values)),
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, list(values.values()))  # type: ignore[arg-type]


def promise_in(error: IntegrityError) -> str | None:
    assert isinstance(error.__cause__, psycopg.IntegrityError)
    return error.__cause__.diag.constraint_name


SHOWN = [(table, name) for table, promises in REFUSALS.items() for name in promises]


@pytest.mark.parametrize(("table", "name"), SHOWN)
def test_a_row_that_breaks_a_promise_is_refused_and_one_beside_it_is_taken(
    table: str, name: str
) -> None:
    rows = Table(table)
    for shown in REFUSALS[table][name]:
        assert [row for row in shown.kept if rows.refused_by(shown, row)] == []
        assert [(row, rows.refused_by(shown, row)) for row in shown.refused] == [
            (row, name) for row in shown.refused
        ]


def test_every_check_and_every_unique_thing_has_its_line() -> None:
    promised = {tuple(line.split(": ")[:2]) for line in written() if has_a_name(line)}
    assert promised == set(SHOWN)
    assert all(any(shown.refused for shown in REFUSALS[table][name]) for table, name in SHOWN)


def has_a_name(line: str) -> bool:
    """Primary and foreign keys have none, and nothing shows them: PostgreSQL has only one kind."""
    return not line.split(": ")[1].startswith(("PRIMARY", "FOREIGN"))
