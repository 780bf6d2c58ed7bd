"""A fresh installation in a temporary folder: the database alone, or the whole house."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.db import connections

from config.embedded_postgres import EmbeddedPostgres
from mypost.entrypoints.cli import keys
from tools.bench.house import House
from tools.bench.machine import Watch


class Ground:
    """Where figures are measured. Each figure asks for what it needs to be running."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.house = House(folder)
        self.watch = Watch(lambda: [os.getpid(), *self.house.postmaster()])

    def need_house(self) -> House:
        """Have every door and both workers running."""
        if not self.house.is_running:
            self.house.start()
        return self.house

    def need_database(self) -> None:
        """Have the database running, its tables made, and nobody else in it."""
        from mypost.entrypoints.cli import operations  # needs Django

        if self.house.is_running:
            self.leave()
        self.house.postgres.start()
        self.house.postgres.ensure_database()
        operations.migrate()

    def leave(self) -> None:
        """End every process that was started here."""
        connections.close_all()
        self.house.stop()
        self.house.postgres.stop()


@contextmanager
def prepared(folder: Path) -> Iterator[Ground]:
    """Make the keys, point Django at the folder, and end everything afterwards."""
    keys.make(folder / "keys")
    (folder / "static").mkdir()
    os.environ.update(_environment(folder))
    django.setup()
    ground = Ground(folder)
    try:
        yield ground
    finally:
        ground.leave()


def _environment(folder: Path) -> dict[str, str]:
    """The bench stands at every door at once, so it holds every key of its own installation."""
    keys_of = {name: f"MYPOST_{name.upper()}_KEY_FILE" for name in ("custodian", "intake", "log")}
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MYPOST_DEVELOPMENT": "1",
        "DATABASE_URL": EmbeddedPostgres(folder).url(),
        "MYPOST_STORE_FOLDER": str(folder / "store"),
        "MYPOST_STATIC_FOLDER": str(folder / "static"),
        "MYPOST_LOG_VERIFIER_KEY_FILE": str(folder / "keys" / "log.vkey"),
        **{variable: str(folder / "keys" / f"{name}.key") for name, variable in keys_of.items()},
    }
