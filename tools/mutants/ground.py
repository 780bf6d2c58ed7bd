"""A copy of the house in which bugs are planted, and a process that tests are forked from.

What every run needs and no bug touches (the libraries) is loaded once; each bug gets a fork, which
loads the product anew, with the bug in it, and collects the few test files that can see it.
"""

import importlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

import pytest

from tools.mutants.bug import Bug
from tools.reach import PACKAGES, ROOT, Reach

LIBRARIES = (
    "axe_playwright_python.sync_playwright", "cryptography.x509", "django.test", "fpdf", "httpx",
    "hypothesis", "joserfc.jwt", "pikepdf", "playwright.sync_api", "psycopg",
    "pydantic", "pypdf", "pypdfium2", "pytest_django", "reportlab.pdfgen", "schemathesis", "typst",
)  # fmt: skip
OPTIONS = ["-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "--no-header", "--tb=line",
           "--timeout=100",  # seconds; a bug that makes a test hang is noticed
           "-W", "ignore::pytest.PytestAssertRewriteWarning"]  # fmt: skip
BATCHES = (6, 24)  # files of tests: the nearest, then the near ones, then all others
PATIENCE = 600  # seconds for one batch
OUR_OWN_FAULT = 99
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Verdict:
    """noticed_by: a test, or what else spoke; empty when nothing did. seconds: of wall time."""

    bug: Bug
    noticed_by: str
    seconds: float


class Ground:
    """One copy of the house. folder: empty; see `close`."""

    def __init__(self, folder: Path) -> None:
        self._house = folder / "house"
        _copy_tracked_files(self._house)
        self._reach = Reach(self._house)
        self._written = time.time() - 10_000_000
        _postgres(self._house, "start")
        sys.path[0] = str(self._house)
        os.chdir(self._house)
        for name in LIBRARIES:
            importlib.import_module(name)

    def judge(self, bug: Bug, *, minutes: float) -> Verdict:
        """Plant one bug, run the tests that can see it, nearest first, and take it out again."""
        file, begun = self._house / bug.path, time.monotonic()
        original = file.read_bytes()
        self._write(file, bug.planted(original))
        try:
            noticed = self._noticed(bug, until=begun + minutes * 60)
        finally:
            self._write(file, original)
        if noticed.startswith("tests/") and self._run([noticed], PATIENCE)[0] != 0:
            noticed = ""  # a test that fails without the bug has noticed nothing
        return Verdict(bug, noticed, time.monotonic() - begun)

    def _noticed(self, bug: Bug, *, until: float) -> str:
        for batch in _batches(self._files_for(bug)):
            left = until - time.monotonic()
            if left <= 0:
                return ""
            status, told = self._run(batch, min(PATIENCE, left))
            if status not in (0, None):
                found = FAILED.search(told)
                return found.group(1) if found else f"a process that ends with {status}"
        return ""

    def _files_for(self, bug: Bug) -> list[str]:
        files = [path for _, path in self._reach.of([bug.path])]
        quick = [path for path in files if not path.startswith("tests/journeys/")]
        journeys = [path for path in files if path not in quick]
        return journeys if bug.path.endswith(".js") else quick

    def _write(self, file: Path, content: bytes) -> None:
        """Write a file with a time of its own: compiled Python is known by time and size."""
        self._written += 10
        file.write_bytes(content)
        os.utime(file, (self._written, self._written))

    def _run(self, tests: Sequence[str], seconds: float) -> tuple[int | None, str]:
        """Run tests in a fork. Returns pytest's status, None when time was up, and what it said."""
        log = self._house / "told.txt"
        pid = _fork(lambda: _run_pytest(tests, log))
        status = _await(pid, seconds)
        told = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        if status == OUR_OWN_FAULT:
            raise RuntimeError(told)
        return status, told


def close(folder: Path) -> None:
    """End what a copy of the house in this folder has started."""
    _postgres(folder / "house", "stop")


def _postgres(house: Path, verb: str) -> None:
    server = f"EmbeddedPostgres(Path('var/test'), durable=False).{verb}()"
    code = f"from pathlib import Path; from config.embedded_postgres import *; {server}"
    subprocess.run([sys.executable, "-c", code], cwd=house, check=True)


def _copy_tracked_files(house: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True)
    for name in listed.stdout.decode().split("\0")[:-1]:
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, house / name)
    (house / ".venv").symlink_to(ROOT / ".venv")
    with suppress(FileExistsError):
        (house.parent / "shared").symlink_to(ROOT.parent / "shared")


def _batches(files: list[str]) -> list[list[str]]:
    cuts = [0, *BATCHES, len(files)]
    return [files[a:b] for a, b in pairwise(cuts) if files[a:b]]


def _fork(work: Callable[[], int]) -> int:
    pid = os.fork()
    if pid == 0:
        _end_with(work)
    return pid


def _end_with(work: Callable[[], int]) -> NoReturn:
    status = OUR_OWN_FAULT
    try:
        os.setsid()
        status = work()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


def _run_pytest(tests: Sequence[str], log: Path) -> int:
    os.environ["MYPOST_TEST_PATIENCE"] = "20"  # seconds for what a bug may keep from ever coming
    for name in [name for name in sys.modules if name.split(".")[0] in PACKAGES]:
        del sys.modules[name]  # ours, from the folder without the bug
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (1, 2):
        os.dup2(out, stream)
    try:
        return int(pytest.main([*OPTIONS, *tests]))
    except (Exception, SystemExit):  # with this bug the house does not stand up: nobody misses it
        traceback.print_exc()
        return int(pytest.ExitCode.INTERNAL_ERROR)


def _await(pid: int, seconds: float) -> int | None:
    """Wait for a fork; end it and all that it started when the time is over."""
    until = time.monotonic() + seconds
    status = None
    while status is None and time.monotonic() < until:
        done, raw = os.waitpid(pid, os.WNOHANG)
        status = os.waitstatus_to_exitcode(raw) if done else None
        time.sleep(0.05)
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    if status is None:
        os.waitpid(pid, 0)
    return status
