"""Migrating leaves each role exactly what the files grant, whatever an installation had before."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection
from psycopg.errors import InsufficientPrivilege
from pytest_django import DjangoDbBlocker

from mypost.entrypoints.cli import operations, rights
from tests.guards.catalogue import Held, everything_held, strangers_hold

OLD = [
    # a file granted it once
    "GRANT DELETE ON members_member TO mypost_member_web",
    "GRANT UPDATE (role), REFERENCES (id) ON senders_staff TO mypost_sender",
    "GRANT TRUNCATE, TRIGGER, REFERENCES ON evidence_line TO mypost_worker",
    "GRANT SELECT ON auth_group TO mypost_operator_web WITH GRANT OPTION",
    "GRANT USAGE, UPDATE ON SEQUENCE django_migrations_id_seq TO mypost_member_web",
    "GRANT CREATE ON SCHEMA public TO mypost_worker",
    "GRANT CREATE, TEMPORARY ON DATABASE {database} TO mypost_sender",
    "GRANT EXECUTE ON FUNCTION procrastinate_unregister_worker_v1 TO mypost_sender",
    # by hand, to everybody
    "GRANT SELECT ON vault_mailboxkey TO PUBLIC",
    "GRANT SELECT (email) ON accounts_account TO PUBLIC",
    "GRANT USAGE ON SEQUENCE evidence_line_seq TO PUBLIC",
    "GRANT CREATE ON SCHEMA public TO PUBLIC",
    "GRANT CREATE, TEMPORARY ON DATABASE {database} TO PUBLIC",
    # for what is yet to be made
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO mypost_sender, PUBLIC",
    "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO mypost_worker",
    # where nobody looks
    "CREATE SCHEMA attic",
    "CREATE TABLE attic.chest (id int)",
    "CREATE VIEW attic.pane AS SELECT email FROM accounts_account",
    "GRANT USAGE ON SCHEMA attic TO mypost_operator_web",
    "GRANT SELECT ON attic.chest, attic.pane TO mypost_operator_web, PUBLIC",
    "GRANT SELECT ON pg_authid TO mypost_worker",
]


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.format(database=f'"{connection.settings_dict["NAME"]}"'))


@pytest.mark.django_db
def test_an_old_installation_loses_what_no_file_grants() -> None:
    rights.settle()
    due = everything_held()
    run(*OLD)
    assert len(everything_held() - due) > 20
    operations.migrate()
    assert everything_held() == due


@pytest.mark.django_db
def test_what_a_file_grants_and_an_installation_lost_comes_back() -> None:
    rights.settle()
    due = everything_held()
    run(
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM mypost_worker",
        "REVOKE UPDATE (leaf_index) ON evidence_line FROM mypost_worker",
        "REVOKE CONNECT ON DATABASE {database} FROM mypost_sender, PUBLIC",
        "REVOKE USAGE ON SCHEMA public FROM mypost_sender",
    )
    rights.settle()
    assert due - everything_held() == {Held("PUBLIC", "CONNECT", "database")}


@pytest.mark.django_db
def test_a_role_that_is_a_door_no_more_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rights.settle()
    due = everything_held()
    run("CREATE ROLE mypost_attic", "GRANT SELECT, UPDATE ON members_member TO mypost_attic")
    monkeypatch.setattr(rights, "FORMER_ROLES", ("mypost_attic", "mypost_never_here"))
    assert strangers_hold()
    rights.settle()
    assert (everything_held(), strangers_hold()) == (due, set())


@pytest.mark.django_db
def test_the_roles_of_the_installation_itself_keep_theirs() -> None:
    run("CREATE ROLE the_backup", "GRANT SELECT ON members_member TO the_backup")
    rights.settle()
    assert strangers_hold() == {Held("the_backup", "SELECT", "members_member")}


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Outside of any transaction; nothing but rights is written, and those end as they were."""
    with django_db_blocker.unblock():
        yield
        connection.close()


@contextmanager
def session_of(role: str) -> Iterator[psycopg.Connection]:
    """A door's own session, beside the one that migrates."""
    known = connection.settings_dict
    with psycopg.connect(
        dbname=known["NAME"], host=known["HOST"], port=known["PORT"] or None,
        user=known["USER"], password=known["PASSWORD"], autocommit=True,
    ) as session:  # fmt: skip
        session.execute(f"SET ROLE {role}")
        yield session


def says(session: psycopg.Connection, function: str) -> bool:
    (answer,) = session.execute(f"SELECT {function}(4277)").fetchone() or ()
    return bool(answer)


@pytest.mark.usefixtures("committed")
def test_a_running_door_is_never_refused_meanwhile() -> None:
    asked, refused, alone = 0, [], []
    with session_of("mypost_sender") as door:

        def ask(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
            nonlocal asked
            done = execute(sql, params, many, context)
            asked += 1
            try:
                door.execute("SELECT level FROM members_member")  # by column
                door.execute("SELECT event FROM evidence_line")  # by table
            except InsufficientPrivilege:
                refused.append(sql)
            if says(door, "pg_try_advisory_lock"):
                says(door, "pg_advisory_unlock")
                alone.append(sql)
            return done

        with connection.execute_wrapper(ask):
            operations.migrate()
    assert asked > 50
    assert refused == []
    # From the first statement to the last one, no other process could have begun to migrate.
    assert alone == ["SELECT pg_advisory_unlock(%s)"]


@pytest.mark.usefixtures("committed")
def test_two_migrations_go_one_after_the_other() -> None:
    waited = []
    with session_of("mypost_worker") as other:
        assert says(other, "pg_try_advisory_lock")

        def pause(seconds: float) -> None:
            waited.append(seconds)
            assert says(other, "pg_advisory_unlock")

        with rights.one_at_a_time(pause):
            assert waited == [0.2]
            assert not says(other, "pg_try_advisory_lock")
        assert says(other, "pg_try_advisory_lock")
