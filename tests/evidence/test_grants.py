"""What each door's PostgreSQL role may do, and what the database refuses whatever the code says."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import ProgrammingError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from tests.evidence.grants import DOORS, RULES, Rule


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Be another role until the end of a transaction that leaves nothing."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {role}")
        yield
        transaction.set_rollback(True)


def may(role: str, statement: str) -> bool:
    try:
        with acting_as(role), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        if not isinstance(error.__cause__, InsufficientPrivilege):
            raise
        return False
    return True


@pytest.mark.django_db
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.statement}: {rule.reason}")
def test_the_database_lets_only_these_roles(rule: Rule) -> None:
    assert {role for role in DOORS if may(role, rule.statement)} == rule.allowed


def tables_of_the_rooms() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = {name for (name,) in cursor.fetchall()}
    rooms = ("evidence", "vault", "accounts", "members", "senders", "operators",
             "subscriptions", "notifications", "proofing", "letters", "intake",
             "printing", "verification")  # fmt: skip
    return {name for name in names if name.startswith(rooms)}


@pytest.mark.django_db
def test_every_table_of_every_room_has_a_rule() -> None:
    words = {word for rule in RULES for word in rule.statement.split()}
    not_for_doors = {"accounts_account_groups", "accounts_account_user_permissions"}
    assert tables_of_the_rooms() - not_for_doors <= words


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(DOORS))
def test_no_role_can_step_out_of_its_grants(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication"
            " FROM pg_roles WHERE rolname = %s",
            [role],
        )
        assert not any(cursor.fetchone())
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", [role])
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_auth_members WHERE member = %s::regrole", [role])
        assert cursor.fetchone() == (0,)
    assert not may(role, "CREATE TABLE of_my_own ()")
    assert not may(role, "ALTER TABLE evidence_line DISABLE TRIGGER ALL")
