"""Power may fail at any moment: what a committed row names is on the disk, whole."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from pytest_django import Settings

from mypost.vault import commands as vault
from mypost.vault.models import StoredObject
from mypost.vault.store import store
from tests.conftest import NOW
from tests.disk import Disk, watched

FIRST = UUID("01999999-0000-7000-8000-0000000000ab")
SECOND = UUID("01999999-0001-7000-8000-0000000000ab")  # lies in the same folder


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    return watched(tmp_path, monkeypatch)


@pytest.mark.django_db(transaction=True)  # it looks at the commit
def test_the_content_is_on_the_disk_before_its_name_and_its_name_before_the_row(disk: Disk) -> None:
    with transaction.atomic():
        name = vault.put_away(b"x" * 1000, key=bytes(32), at=NOW).hex
    path, size = f"store/{name[-2:]}/{name}", StoredObject.objects.get().size
    assert size > 1000
    assert (
        disk.calls
        == [
            ("fsync", "."),  # the name of the store,
            ("fsync", "store"),  # and of its folder
            ("fsync", f"{path}.new", size),
            ("rename", path),
            ("fsync", f"store/{name[-2:]}"),
            ("commit",),
        ]
    )


def test_a_folder_that_is_there_is_not_made_again(disk: Disk) -> None:
    store().put(FIRST, b"first")
    disk.calls.clear()
    store().put(SECOND, b"second one")
    assert disk.calls == [
        ("fsync", f"store/ab/{SECOND.hex}.new", 10),
        ("rename", f"store/ab/{SECOND.hex}"),
        ("fsync", "store/ab"),
    ]


@pytest.mark.django_db
def test_what_an_outside_party_shall_open_is_kept_as_safely(disk: Disk) -> None:
    name = vault.put_away_sealed(b"sealed paper", at=NOW).hex
    assert disk.calls[-3:] == [
        ("fsync", f"store/{name[-2:]}/{name}.new", 12),
        ("rename", f"store/{name[-2:]}/{name}"),
        ("fsync", f"store/{name[-2:]}"),
    ]


@pytest.mark.django_db
def test_a_file_that_cannot_be_deleted_fails_nothing_that_is_committed(
    settings: Settings, django_capture_on_commit_callbacks: Any
) -> None:
    stuck, other = (vault.put_away_sealed(b"sealed paper", at=NOW) for _ in range(2))
    (path,) = settings.STORE_FOLDER.rglob(stuck.hex)
    path.unlink()
    path.mkdir()  # what no process may unlink, not even the superuser's
    with django_capture_on_commit_callbacks(execute=True):
        vault.destroy_objects([stuck, other])
    assert path.exists()
    assert not list(settings.STORE_FOLDER.rglob(other.hex))


def test_only_the_owner_may_look_into_the_store(disk: Disk, settings: Settings) -> None:
    store().put(FIRST, b"x")
    folders = [settings.STORE_FOLDER, settings.STORE_FOLDER / "ab"]
    assert [folder.stat().st_mode & 0o777 for folder in folders] == [0o700, 0o700]
