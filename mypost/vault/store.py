"""Where encrypted objects lie: a folder here, an S3 bucket later, behind the same four verbs."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.conf import settings

from mypost.common import durable
from mypost.common.failpoints import failpoint
from mypost.vault.errors import ContentGone


class Store(Protocol):
    """Objects are written once, whole or not at all, and never changed."""

    def put(self, object_id: UUID, sealed: bytes) -> None: ...
    def get(self, object_id: UUID) -> bytes: ...
    def delete(self, object_id: UUID) -> None: ...
    def written_before(self, at: datetime) -> Iterator[UUID]: ...


class FolderStore:
    """Objects as files, spread over 256 folders."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, object_id: UUID, sealed: bytes) -> None:
        """Write durably: nobody ever sees half an object, and power may fail after return."""
        path = self._path(object_id)
        durable.make_folder(path.parent)
        waiting = path.with_suffix(".new")
        durable.write(waiting, sealed)
        failpoint("vault.object_written")
        waiting.rename(path)
        durable.sync_folder(path.parent)

    def get(self, object_id: UUID) -> bytes:
        """Return the object. Raises ContentGone."""
        try:
            return self._path(object_id).read_bytes()
        except FileNotFoundError:
            raise ContentGone from None

    def delete(self, object_id: UUID) -> None:
        """Delete the object; deleting twice is the same as once."""
        self._path(object_id).unlink(missing_ok=True)

    def written_before(self, at: datetime) -> Iterator[UUID]:
        """Yield objects written before a moment; half-written ones are deleted on the way."""
        for path in self._folder.glob("??/*"):
            if not _is_older(path, at):
                continue
            if path.suffix == ".new":
                path.unlink(missing_ok=True)
            else:
                yield UUID(hex=path.name)

    def _path(self, object_id: UUID) -> Path:
        return self._folder / object_id.hex[-2:] / object_id.hex


def _is_older(path: Path, at: datetime) -> bool:
    try:
        return path.stat().st_mtime < at.timestamp()
    except FileNotFoundError:  # deleted, or given its name, since it was listed
        return False


def store() -> Store:
    """Return the store of this installation."""
    return FolderStore(settings.STORE_FOLDER)
