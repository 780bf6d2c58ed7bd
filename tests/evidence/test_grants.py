"""What each door's PostgreSQL role may do, and what the database refuses whatever the code says."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import ProgrammingError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from tests.evidence.grants import DOORS, RULES, Rule
from tests.guards.rights import WORKER


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


NIGHT = [  # what a worker asks of the queue, from its start to its end
    "SELECT procrastinate_register_worker_v1()",
    "SELECT procrastinate_update_heartbeat_v1(id) FROM procrastinate_workers",
    "SELECT procrastinate_defer_periodic_job_v2('q', NULL, NULL, 't', 0, '', 1, '{}')",
    "SELECT procrastinate_defer_periodic_job_v2('q', NULL, NULL, 't', 0, '', 2, '{}')",
    "SELECT procrastinate_fetch_job_v2(NULL, (SELECT max(id) FROM procrastinate_workers))",
    "SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL)"
    " FROM procrastinate_jobs WHERE status = 'doing'",
    "SELECT procrastinate_fetch_job_v2(NULL, (SELECT max(id) FROM procrastinate_workers))",
    "SELECT procrastinate_finish_job_v1(id, 'succeeded', true)"
    " FROM procrastinate_jobs WHERE status = 'doing'",
    "SELECT procrastinate_prune_stalled_workers_v1(30)",
    "SELECT procrastinate_unregister_worker_v1(id) FROM procrastinate_workers",
]


@pytest.mark.django_db
def test_the_workers_role_is_enough_for_the_queue() -> None:
    with acting_as(WORKER), connection.cursor() as cursor:
        for statement in NIGHT:
            cursor.execute(statement)
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (1,)  # two were due, one is done


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
