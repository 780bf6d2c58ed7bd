"""What the database itself says of rights, constraints, triggers, functions and extensions."""

import re
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


def differences(found: set[str], written: set[str]) -> str:
    """What one side has and the other has not, in words; nothing when they agree."""
    too_many = [f"it is there and no table says so: {what}" for what in sorted(found - written)]
    missing = [f"the table says so and it is not there: {w}" for w in sorted(written - found)]
    return "\n".join(["", *too_many, *missing]) if found != written else ""


# Every promise that the database keeps for a table: constraints but NOT NULL, which the models say,
# and unique indexes that are none. Keys and references go by what they say: Django makes up names.
PROMISES = """
    SELECT conrelid::regclass::text, CASE WHEN contype IN ('p', 'f') THEN ''
        ELSE conname || ': ' END || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE conrelid >= 16384 AND contype <> 'n'
    UNION ALL
    SELECT indrelid::regclass::text, relname || ': UNIQUE ' || substring(
        pg_get_indexdef(indexrelid) FROM 'USING btree (.*)')
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indisunique AND indrelid >= 16384 AND relnamespace = 'public'::regnamespace
        AND indexrelid NOT IN (SELECT conindid FROM pg_constraint)
"""
THEIRS = ("account_", "auth_", "cache", "django_", "mfa_", "procrastinate_", "usersessions_")
ALONE = re.compile(r"(?<!\w)(?<!UNIQUE )\((\w+)\)")
CAST = re.compile(r"::(?:text|character varying(?:\(\d+\))?|procrastinate_\w+)(?:\[\])?")


def promises() -> set[str]:
    """Every promise of our rooms' tables, without the casts that PostgreSQL writes into it."""
    found = {(table, said) for table, said in rows(PROMISES) if not table.startswith(THEIRS)}
    return {f"{table}: {plain(said)}" for table, said in found}


def plain(said: str) -> str:
    """A definition without what PostgreSQL adds to it: casts, and parentheses around one word."""
    said = CAST.sub("", said.replace(" DEFERRABLE INITIALLY DEFERRED", ""))
    return said if said.startswith(("PRIMARY", "FOREIGN")) else ALONE.sub(r"\1", said)
