"""A process of one door that has imported everything, and forks services of the house on request.

A fork costs milliseconds where a start costs seconds. It is a process like any other: kill -9 ends
it and nothing else. Runs with the environment of its door, asked by `forks.py`.
"""

import os
import runpy
import sys
from collections.abc import Callable
from typing import NoReturn

import django
from django.conf import settings

from sandbox.processes import end_with_parent
from tests.journeys.asking import answer_each


def fork(command: list[str], failpoint: str) -> int:
    """Run a service's command in a child, in a group of its own. Returns the child's number."""
    return os.fork() or _be(command, failpoint)


def status_of(child: int) -> int:
    """Return how a child has ended, as subprocess does: -9 after kill -9."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _be(command: list[str], failpoint: str) -> NoReturn:
    status = 1
    try:
        os.setsid()
        end_with_parent()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        settings.FAILPOINT = failpoint
        _run(command)
    except SystemExit as end:
        status = int(end.code or 0)
    finally:
        os._exit(status)


def _run(command: list[str]) -> None:
    if command[:2] == [sys.executable, "-m"]:
        sys.argv = command[2:]
        runpy.run_module(command[2], run_name="__main__", alter_sys=True)
    else:
        sys.argv = command
        runpy.run_path(command[0], run_name="__main__")


def _import_everything() -> None:
    django.setup()
    if settings.DOOR == "worker":
        from mypost.entrypoints.cli import operations  # noqa: F401
    else:
        from django.urls import get_resolver

        from config import wsgi  # noqa: F401

        assert get_resolver().url_patterns


if __name__ == "__main__":
    _import_everything()
    acts: dict[str, Callable[..., object]] = {"fork": fork, "status": status_of}
    answer_each(lambda act, *given: acts[act](*given))
