"""Run the tests that a change touches, nearest first, for less than a minute.

The change: what differs from the last commit, or the last commit itself where nothing does. A
journey starts a whole house and is left to `make test`, unless it was changed itself.
"""

import subprocess
import sys
import time

import pytest

from tools.reach import ROOT, Reach

ENOUGH = 50.0  # seconds of tests; with starting and collecting a minute


class Deadline:
    """Stops a run when its time is over."""

    def __init__(self) -> None:
        self._until = 0.0
        self.left = 0

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._until, self.left = time.monotonic() + ENOUGH, len(session.items)

    def pytest_runtest_logfinish(self) -> None:
        self.left -= 1

    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        if time.monotonic() > self._until:
            item.session.shouldstop = "the minute is over"


def main() -> int:
    """Run them, say what was not reached, and return pytest's exit status."""
    changed = _changed()
    files = [path for _, path in Reach().of(changed) if not _is_costly(path) or path in changed]
    print(f"{', '.join(changed) or 'nothing'} → {len(files)} files of tests, nearest first")
    if not files:
        return 0
    deadline = Deadline()
    status = pytest.main(["-q", "-p", "no:randomly", "--no-header", *files], plugins=[deadline])
    if deadline.left:
        print(f"{deadline.left} tests were not reached; make test runs them all.")
    return 0 if status == pytest.ExitCode.INTERRUPTED else int(status)


def _is_costly(path: str) -> bool:
    return path.startswith("tests/journeys/")


def _changed() -> list[str]:
    files = _git("diff", "--name-only", "--relative", "HEAD")
    files += _git("ls-files", "--others", "--exclude-standard")
    files = files or _git("diff", "--name-only", "--relative", "HEAD~1")
    return sorted(path for path in set(files) if (ROOT / path).exists())


def _git(*words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.split()


if __name__ == "__main__":
    sys.exit(main())
