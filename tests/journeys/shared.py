"""One running thing for all processes of a test run: the first starts it, the last ends it."""

import fcntl
import json
import os
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.patience import PATIENCE


@contextmanager
def shared(folder: Path, start: Callable[[Path], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Give all who ask for this folder the same thing, and end its process after the last.

    start: starts it in the folder, waits until it is ready, and says what its users must know;
    pid: the process that ends everything on SIGINT.
    A user is counted by a lock, which a killed user cannot keep.
    """
    folder.mkdir(exist_ok=True)
    told = folder / "told.json"
    with (folder / "users.lock").open("w") as users:
        with _alone(folder):
            fcntl.flock(users, fcntl.LOCK_SH)
            if not told.exists():
                told.write_text(json.dumps(start(folder)), encoding="utf-8")
        known = json.loads(told.read_text(encoding="utf-8"))
        try:
            yield known
        finally:
            with _alone(folder):
                if _is_last(users):
                    _end(known["pid"])
                    told.unlink()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_last(users: Any) -> bool:
    fcntl.flock(users, fcntl.LOCK_UN)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _end(pid: int) -> None:
    # It may be another process's child: then only a descriptor tells of its end.
    with os.fdopen(os.pidfd_open(pid)) as end:
        os.kill(pid, signal.SIGINT)
        assert select.select([end], [], [], PATIENCE)[0], "the house does not end"
