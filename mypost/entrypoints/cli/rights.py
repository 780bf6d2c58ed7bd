"""What each role may do in the database: what stands in the files of grants, and nothing else.

A right that was taken out of a file, or was granted by hand, is gone after the next migration.
Doors of yesterday still run then: a right goes one release after the last line that needs it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

ROLES = ("mypost_member_web", "mypost_sender", "mypost_operator_web", "mypost_worker")
FORMER_ROLES: tuple[str, ...] = ()  # whatever leaves ROLES stands here: old databases know it
MIGRATING_LOCK = 4277  # the advisory lock that lets one process at a time migrate a database
PAUSE = 0.2  # seconds

# Roles belong to the whole cluster: somebody else may make the same one at the same moment.
CREATE_ROLE = """
    DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
            CREATE ROLE {role} LOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$
"""
# One statement for each thing on which a role of ours, or everybody, holds a right: in whatever
# schema, on the table or on its columns (REVOKE on a table takes those along). Of everybody's
# rights, those on functions and schemas are PostgreSQL's defaults and stay, and so do those that
# extensions bring. Grants to roles that are not ours (a backup's, say) are the installation's own.
REVOCATIONS = """
    WITH held (kind, name, thing, owner, grantee) AS (
        SELECT 'TABLE', oid::regclass::text, oid, relowner, grantee  -- views and sequences, too
            FROM pg_class, aclexplode(relacl)
        UNION SELECT 'TABLE', attrelid::regclass::text, attrelid, relowner, grantee
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid, aclexplode(attacl)
        UNION SELECT 'ROUTINE', oid::regprocedure::text, oid, proowner, grantee
            FROM pg_proc, aclexplode(proacl)
        UNION SELECT 'SCHEMA', oid::regnamespace::text, oid, nspowner, grantee
            FROM pg_namespace, aclexplode(nspacl)
        UNION SELECT 'DATABASE', quote_ident(datname), oid, datdba, grantee
            FROM pg_database, aclexplode(datacl) WHERE datname = current_database()
    ), revoked AS (
        SELECT kind, name, quote_ident(rolname) AS role
        FROM held JOIN pg_roles ON pg_roles.oid = grantee
        WHERE rolname = ANY(%(roles)s) AND pg_has_role(owner, 'USAGE')
        UNION SELECT kind, name, 'PUBLIC' FROM held
        WHERE grantee = 0 AND kind = 'TABLE' AND pg_has_role(owner, 'USAGE')
            AND thing >= 16384  -- what is below came with PostgreSQL itself
            AND thing NOT IN (SELECT objid FROM pg_depend WHERE deptype = 'e')
    )
    SELECT format('REVOKE ALL ON %%s %%s FROM %%s CASCADE', kind, name, string_agg(role, ', '))
    FROM revoked GROUP BY kind, name
    UNION ALL
    SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %%s %%s REVOKE ALL ON %%s FROM %%s CASCADE',
        defaclrole::regrole, 'IN SCHEMA ' || nullif(defaclnamespace, 0)::regnamespace,
        CASE defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'ROUTINES'
            WHEN 'n' THEN 'SCHEMAS' ELSE 'TYPES' END,
        CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END)
    FROM pg_default_acl, aclexplode(defaclacl)
    WHERE pg_has_role(defaclrole, 'USAGE') AND (
        grantee IN (SELECT oid FROM pg_roles WHERE rolname = ANY(%(roles)s))
        OR grantee = 0 AND defaclobjtype IN ('r', 'S'))
"""
# Whoever may connect, may not keep tables of their own; installations that shut everybody out of
# the database or the schema still let the doors in.
FIRST = """
    DO $$ BEGIN
        EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO {roles}', current_database());
        REVOKE CREATE ON SCHEMA public FROM PUBLIC;
        GRANT USAGE ON SCHEMA public TO {roles};
    END $$
"""


@contextmanager
def one_at_a_time(pause: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Wait until no other process migrates this database, then keep the others out."""
    with connection.cursor() as cursor:
        # Asked again and again: a statement that waited inside the database would itself be
        # waited for by a CREATE INDEX CONCURRENTLY of the migration that goes first.
        while not _answer(cursor, "pg_try_advisory_lock"):
            pause(PAUSE)
        try:
            yield
        finally:
            _answer(cursor, "pg_advisory_unlock")


def settle() -> None:
    """Make the roles, and let each of them hold exactly what the files grant.

    In one transaction: until its end a running door has the rights it had, from then on the new
    ones, and at no moment none.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for role in ROLES:
            cursor.execute(CREATE_ROLE.format(role=role))
        cursor.execute(REVOCATIONS, {"roles": [*ROLES, *FORMER_ROLES]})
        for (revocation,) in cursor.fetchall():
            cursor.execute(revocation)
        cursor.execute(FIRST.format(roles=", ".join(ROLES)))
        for grants in sorted((settings.ROOT / "mypost").glob("*/migrations/grants.sql")):
            cursor.execute(grants.read_text(encoding="utf-8"))


def _answer(cursor: CursorWrapper, function: str) -> bool:
    cursor.execute(f"SELECT {function}(%s)", [MIGRATING_LOCK])
    (answer,) = cursor.fetchone()
    return bool(answer)
