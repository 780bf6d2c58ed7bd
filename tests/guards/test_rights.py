"""What each role really holds in the database is what the table of rights says, right by right."""

import re
from collections.abc import Iterator

import pytest

from mypost.entrypoints.cli import rights
from tests.guards.catalogue import (
    Held,
    differences,
    everything_held,
    rows,
    strangers_hold,
    tables,
)
from tests.guards.rights import (
    AROUND,
    EXTENSIONS,
    FUNCTIONS,
    ROLES,
    SEQUENCES,
    TABLES,
    TRIGGERS,
)

pytestmark = pytest.mark.django_db
VERB = re.compile(r"(\w+)(?: \(([^)]*)\))?")


@pytest.fixture(autouse=True)
def _migrated(db: None) -> None:
    """A database's own rights do not come along when it is copied from another."""
    rights.settle()


def things(written: str) -> set[str]:
    """What the table has a paragraph for; each says why."""
    named = [line.strip().partition(": ") for line in written.splitlines() if ": " in line]
    assert all(why for _, _, why in named)
    return {name for name, _, _ in named}


def read(written: str) -> Iterator[Held]:
    thing = ""
    for line in filter(str.strip, written.splitlines()):
        if ": " in line:
            thing = line.strip().partition(": ")[0]
            continue
        role, verbs = line.split(maxsplit=1)
        for verb, columns in VERB.findall(verbs):
            for column in columns.split(", "):
                yield Held(ROLES.get(role, role), verb, f"{thing}.{column}" if column else thing)


def all_written() -> set[Held]:
    functions = {Held("PUBLIC", "EXECUTE", f"{name}()") for name in FUNCTIONS.split()}
    return functions | {*read(TABLES), *read(SEQUENCES), *read(AROUND)}


def test_each_role_holds_what_the_table_says_and_nothing_else() -> None:
    held, due = everything_held(), all_written()
    too_many = [f"{h.role} may {h.verb} on {h.thing}: no row says so" for h in held - due]
    missing = [f"{h.role} may not {h.verb} on {h.thing}: its row says so" for h in due - held]
    assert held == due, "\n".join(["", *sorted(too_many + missing)])


def test_nobody_else_holds_anything() -> None:
    assert strangers_hold() == set()


def test_every_table_has_its_paragraph() -> None:
    wrong = differences(tables(), things(TABLES))
    assert not wrong, wrong


def test_no_role_that_ever_was_a_door_is_forgotten() -> None:
    # Whoever takes a role away moves it to FORMER_ROLES: old installations must lose its rights.
    assert set(rights.ROLES) == set(ROLES.values())
    assert set(rights.FORMER_ROLES) == set()


def test_no_function_runs_with_more_than_its_callers_rights() -> None:
    strong = rows("SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef")
    assert strong == []


def test_nothing_acts_by_itself_but_what_is_listed() -> None:
    triggers = rows(
        "SELECT tgrelid::regclass || ': ' || tgname FROM pg_trigger WHERE NOT tgisinternal"
        " UNION ALL SELECT 'event: ' || evtname FROM pg_event_trigger"
        " UNION ALL SELECT 'rule: ' || rulename FROM pg_rewrite WHERE rulename <> '_RETURN'"
        " AND oid >= 16384"
    )
    written = {line.strip() for line in TRIGGERS.splitlines() if line.strip()}
    wrong = differences({name for (name,) in triggers}, written)
    assert not wrong, wrong


def test_no_trigger_sleeps() -> None:
    asleep = "SELECT tgrelid::regclass || ': ' || tgname FROM pg_trigger WHERE tgenabled <> 'O'"
    assert rows(asleep) == []


def test_no_extension_is_there_but_what_is_listed() -> None:
    found = {name for (name,) in rows("SELECT extname FROM pg_extension")}
    wrong = differences(found, EXTENSIONS)
    assert not wrong, wrong
