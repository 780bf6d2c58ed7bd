"""What the database itself says of rights, constraints, triggers, functions and extensions."""

from typing import NamedTuple

from django.db import connection

# Everything that a role or everybody holds beside the owner, in whatever schema; of PostgreSQL's
# own things only what somebody granted to a role of ours. A column is written table.column.
HELD = """
    WITH held (name, schema, owner, item) AS (
        SELECT c.oid::regclass::text, relnamespace, relowner, aclexplode(relacl)
            FROM pg_class c
        UNION ALL SELECT attrelid::regclass || '.' || attname, relnamespace, relowner,
            aclexplode(attacl) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
        UNION ALL SELECT oid::regproc::text || '()', pronamespace, proowner,
            aclexplode(coalesce(proacl, acldefault('f', proowner))) FROM pg_proc
        UNION ALL SELECT 'schema ' || nspname, oid, nspowner, aclexplode(nspacl)
            FROM pg_namespace
        UNION ALL SELECT 'database', 0, datdba,
            aclexplode(coalesce(datacl, acldefault('d', datdba)))
            FROM pg_database WHERE datname = current_database()
        UNION ALL SELECT 'to come: ' || defaclobjtype::text, 0, defaclrole, aclexplode(defaclacl)
            FROM pg_default_acl
    )
    SELECT CASE (item).grantee WHEN 0 THEN 'PUBLIC' ELSE (item).grantee::regrole::text END,
        (item).privilege_type || CASE WHEN (item).is_grantable THEN ' AND PASS ON' ELSE '' END, name
    FROM held
    WHERE (item).grantee <> owner AND (
        schema::regnamespace::text NOT IN ('pg_catalog', 'information_schema')
        OR (item).grantee::regrole::text LIKE 'mypost\\_%'
    )
"""
OURS = {"mypost_member_web", "mypost_sender", "mypost_operator_web", "mypost_worker", "PUBLIC"}


class Held(NamedTuple):
    """One right of one role on one thing."""

    role: str
    verb: str
    thing: str


def _held() -> set[Held]:
    with connection.cursor() as cursor:
        cursor.execute(HELD)
        return {Held(*row) for row in cursor.fetchall()}


def everything_held() -> set[Held]:
    """Every right of our roles, and of everybody."""
    return {held for held in _held() if held.role in OURS}


def strangers_hold() -> set[Held]:
    """Every right of anybody else but the owner."""
    return {held for held in _held() if held.role not in OURS}


def rows(query: str) -> list[tuple[str, ...]]:
    """What one question to the catalogue answers, in words."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [tuple(str(value) for value in row) for row in cursor.fetchall()]


def tables() -> set[str]:
    """Every table, view and the like of the database, but PostgreSQL's own."""
    return {
        name
        for (name,) in rows(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f')"
            " AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')"
            " AND relpersistence <> 't'"
        )
    }


def differences(found: set[str], written: set[str]) -> list[str]:
    """What one side has and the other has not, in words."""
    too_many = [f"in the database, not in the table: {what}" for what in sorted(found - written)]
    return too_many + [f"in the table, not in the database: {w}" for w in sorted(written - found)]
