"""`mypost …`: what an operator types. `python -m mypost.entrypoints.cli --help` lists it."""

import argparse
import os
import sys
from pathlib import Path

import django


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    parser = argparse.ArgumentParser(prog="mypost", description="MyPost, the operator's commands")
    commands = parser.add_subparsers(dest="command", required=True)
    keys = commands.add_parser("make-keys", help="make the keys of a new installation")
    keys.add_argument("folder", type=Path)
    commands.add_parser("migrate", help="bring the database up to date, with roles and grants")
    commands.add_parser("compile-messages", help="compile the translations")
    worker = commands.add_parser("worker", help="do the night work")
    worker.add_argument("--concurrency", type=int, default=2)
    commands.add_parser("integrate", help="take waiting evidence into the log, once")
    commands.add_parser("check-ledger", help="ask the database whether every item is accounted for")
    level = commands.add_parser("set-level", help="set a member's assurance level, as evidence")
    level.add_argument("email")
    level.add_argument("level", type=int, choices=range(4))
    level.add_argument("--reason", required=True)
    staff = commands.add_parser("add-staff", help="let a person work for a sender")
    staff.add_argument("email")
    staff.add_argument("--name", required=True)
    staff.add_argument("--sender", required=True, help="municipality code or corporate number")
    staff.add_argument("--role", choices=["administrator", "clerk"], default="administrator")
    operator = commands.add_parser("add-operator", help="let a person into the back office")
    operator.add_argument("email")
    operator.add_argument("--name", required=True)
    factors = commands.add_parser("forget-factors", help="let somebody register a new passkey")
    factors.add_argument("email")
    factors.add_argument("--reason", required=True)
    given = parser.parse_args(arguments)
    return _run(given)


def _run(given: argparse.Namespace) -> int:
    from mypost.entrypoints.cli import keys, messages

    if given.command == "make-keys":
        return keys.make(given.folder)
    if given.command == "compile-messages":
        return messages.compile_all()
    django.setup()
    from mypost.entrypoints.cli import operations  # needs Django

    return operations.run(given)


if __name__ == "__main__":
    sys.exit(main())
