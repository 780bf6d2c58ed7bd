"""Say which rooms' models have run ahead of their migrations. Needs no database.

Exit status: 0 every model has its migration, 1 some have not, or two migrations are both last.
"""

import os
import sys

import django
from django.apps import apps
from django.db.migrations import Migration
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.state import ProjectState
from django.utils import translation


def main() -> int:
    """Compare the models with the migrations, print what is missing, return the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    translation.deactivate_all()  # migrations hold the words of the code, not their translations
    loader = MigrationLoader(None)
    found = [*_conflicts(loader), *_missing(loader)]
    for line in found:
        print(line)
    return 1 if found else 0


def rooms() -> set[str]:
    """Return the labels of our own rooms that have models."""
    configs = apps.get_app_configs()
    ours = (config for config in configs if config.name.startswith("mypost."))
    return {config.label for config in ours if config.models}


def _conflicts(loader: MigrationLoader) -> list[str]:
    conflicts = loader.detect_conflicts()
    return [f"{room}: {' and '.join(sorted(conflicts[room]))} are both last" for room in conflicts]


def _missing(loader: MigrationLoader) -> list[str]:
    # Rooms are named, so that one without any migration counts as missing all of them.
    ours = rooms()
    changes = MigrationAutodetector(
        loader.project_state(),
        ProjectState.from_apps(apps),
        MigrationQuestioner(specified_apps=ours, dry_run=True),
    ).changes(graph=loader.graph, trim_to_apps=ours, convert_apps=ours)
    return [line for room in sorted(changes) for line in _told(room, changes[room])]


def _told(room: str, migrations: list[Migration]) -> list[str]:
    steps = [step for migration in migrations for step in migration.operations]
    return [f"{room}: no migration for: {step.describe()}" for step in steps]


if __name__ == "__main__":
    sys.exit(main())
