"""Files that are still there, whole, when power has failed: content first, then the name."""

import os
from pathlib import Path


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter, and its parents; one that exists is no fault."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def write(path: Path, content: bytes) -> None:
    """Write a file's content, and return when the disk has it. Its name is not safe yet."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Return when the disk has the folder's names; until then power may take back a rename."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
