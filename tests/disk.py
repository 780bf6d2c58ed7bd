"""What a process asks of the disk, in order: the real calls, written down as they are made."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

CALLS = ("rename", "replace", "link", "unlink")


@dataclass
class Disk:
    """The calls below one folder: their name, the file, and for fsync of a file its size then."""

    folder: Path
    calls: list[tuple[object, ...]] = field(default_factory=list)

    def note(self, name: str, path: Path, *more: object) -> None:
        if path.is_relative_to(self.folder):
            self.calls.append((name, str(path.relative_to(self.folder)), *more))


def watched(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    """Write down from now on what is done to files below a folder, and each commit."""
    disk = Disk(folder)
    for name in CALLS:
        monkeypatch.setattr(os, name, _noting(disk, name, getattr(os, name)))
    fsync, wrapper = os.fsync, type(connections["default"])
    commit = wrapper.commit

    def noting_fsync(descriptor: int) -> None:
        fsync(descriptor)
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        disk.note("fsync", path, *([] if path.is_dir() else [path.stat().st_size]))

    def noting_commit(itself: Any) -> None:
        commit(itself)
        disk.calls.append(("commit",))

    monkeypatch.setattr(os, "fsync", noting_fsync)
    monkeypatch.setattr(wrapper, "commit", noting_commit)
    return disk


def _noting(disk: Disk, name: str, call: Callable[..., None]) -> Callable[..., None]:
    def noting(path: Path, *more: Any, **named: Any) -> None:
        call(path, *more, **named)
        disk.note(name, Path(more[0] if more else path))

    return noting
