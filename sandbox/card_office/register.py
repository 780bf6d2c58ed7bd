"""The office's one register: authorities, certificates, what was revoked, and disturbances.

A SQLite file, so that pages, lists, command line and tests may use it at the same time, and so that
a killed process leaves each act whole or undone.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

_TABLES = """
create table if not exists root (
    kind text, generation integer, certificate blob not null, key blob not null,
    primary key (kind, generation));
create table if not exists responder (
    root text primary key, certificate blob not null, key blob not null);
create table if not exists counter (kind text primary key, last integer not null);
create table if not exists person (resident text primary key, person text not null);
create table if not exists certificate (
    issuer text, serial text, kind text not null, crl_point text not null, card text not null,
    resident text not null, not_after text not null,
    reason text not null default '', cause text not null default '', revoked_at text,
    primary key (issuer, serial));
create index if not exists certificate_of_list on certificate (issuer, crl_point, reason);
create table if not exists resident (
    id text primary key, facts text not null, state text not null default '', card text not null);
create table if not exists disturbance (name text primary key);
"""


class Register:
    """The register of one folder. Each `acting` is one transaction, alone or not at all."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder / "register.sqlite"
        with self.acting() as db:
            if not db.execute("select 1 from sqlite_master where name = 'disturbance'").fetchone():
                for statement in _TABLES.split(";"):
                    db.execute(statement)

    @contextmanager
    def acting(self) -> Iterator[sqlite3.Connection]:
        """One act that may write; others wait for it, up to 30 seconds."""
        with closing(sqlite3.connect(self._path, timeout=30, isolation_level=None)) as db:
            db.row_factory = sqlite3.Row
            db.execute("begin immediate")
            try:
                yield db
            except BaseException:
                db.execute("rollback")
                raise
            db.execute("commit")

    def ask(self, question: str, *values: object) -> list[sqlite3.Row]:
        """Return the rows of one question."""
        with closing(sqlite3.connect(self._path, timeout=30)) as db:
            db.row_factory = sqlite3.Row
            return db.execute(question, values).fetchall()


def note_revocation(
    db: sqlite3.Connection, serial: str, kind: str, reason: str, cause: str, at: datetime
) -> None:
    """Write down that a certificate no longer counts. The first word stays, unless it was a hold.

    serial: hex without leading zeros. Raises KeyError for one that was never issued.
    """
    known = "select 1 from certificate where serial = ? and kind = ?"
    if not db.execute(known, (serial, kind)).fetchone():
        raise KeyError(serial)
    db.execute(
        "update certificate set reason = ?, cause = ?, revoked_at = ?"
        " where serial = ? and kind = ? and reason in ('', 'certificate_hold')",
        (reason, cause, written(at), serial, kind),
    )


def written(at: datetime) -> str:
    """Return a time as the register writes it: UTC, to the second, in an order that sorts."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(text: str) -> datetime:
    """Return a time of the register, aware, UTC."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
