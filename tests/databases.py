"""Databases for tests: one is made as an installation makes its own, each run takes a copy.

The copy takes a tenth of a second. The model is made anew whenever a file that shapes it changes.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

from mypost.entrypoints.cli import operations, rights

ROOT = Path(__file__).resolve().parent.parent
SHAPED_BY = ["mypost/*/migrations/*", "mypost/entrypoints/cli/*.py", "config/settings.py",
             "requirements/dev.txt"]  # fmt: skip
ONE_AT_A_TIME = 7_202_611  # of our own choosing: whoever makes or removes databases holds it
LEFT_BEHIND = "SELECT datname FROM pg_database WHERE datname ~ '^test_[0-9]+$'"


def own_database() -> str:
    """Give this process a database with tables, roles and grants, and Django's connection to it."""
    name = f"test_{os.getpid()}"
    with _alone() as server:
        _remove_what_dead_runs_left(server)
        model = _model(server)
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{model}"')
    _connect_to(name)
    rights.settle()  # a copy has its tables' rights, not those on the database itself
    return name


def give_back(name: str) -> None:
    """Remove this process's database."""
    connection.close()
    with _alone() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _model(server: psycopg.Connection) -> str:
    """Return the name of a database that is fresh from `mypost migrate`, made if need be."""
    model, half_made = f"model_{_shape()}", "model_in_the_making"
    if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [model]).fetchone():
        server.execute(f'DROP DATABASE IF EXISTS "{half_made}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{half_made}"')
        _connect_to(half_made)
        operations.migrate()
        connection.close()
        server.execute(f'ALTER DATABASE "{half_made}" RENAME TO "{model}"')
    return model


def _shape() -> str:
    files = sorted(path for pattern in SHAPED_BY for path in ROOT.glob(pattern) if path.is_file())
    content = b"".join(str(path).encode() + path.read_bytes() for path in files)
    return hashlib.sha256(content).hexdigest()[:16]


def _connect_to(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


@contextmanager
def _alone() -> Iterator[psycopg.Connection]:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        yield server


def _remove_what_dead_runs_left(server: psycopg.Connection) -> None:
    for (name,) in server.execute(LEFT_BEHIND).fetchall():
        if not Path("/proc", name.removeprefix("test_")).exists():
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
