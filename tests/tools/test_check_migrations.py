"""The check for missing migrations, run as a person runs it: a process without a database."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = {"DATABASE_URL": "postgresql://nobody@/nothing?host=/nonexistent"}
FORGETFUL = """
import sys
import django
django.setup()
from django.db import models
from mypost.letters.models import Letter
Letter.add_to_class("forgotten", models.TextField())
from tools import check_migrations
sys.exit(check_migrations.main())
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **NOWHERE},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_names_a_field_that_no_migration_makes() -> None:
    ran = run("-c", FORGETFUL)
    assert ran.returncode == 1
    assert "letters: no migration for: Add field forgotten to letter" in ran.stdout


def test_every_room_has_its_migrations() -> None:
    ran = run("-m", "tools.check_migrations")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
