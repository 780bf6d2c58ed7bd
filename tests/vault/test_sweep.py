"""Sweeping away files that no row names."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import transaction
from pytest_django import Settings

from mypost.common.clock import now
from mypost.intake.commands import HandedDocument
from mypost.letters.commands import hand_over
from mypost.members.models import Member
from mypost.vault import commands as vault
from mypost.vault.store import store
from tests.conftest import LATER, NOW, SendLetter
from tests.pdf_makers import by_reportlab

pytestmark = pytest.mark.django_db


def files(settings: Settings) -> list[Path]:
    return [path for path in Path(settings.STORE_FOLDER).rglob("*") if path.is_file()]


def grow_old(settings: Settings) -> None:
    for path in files(settings):
        os.utime(path, times=(NOW.timestamp(), NOW.timestamp()))


def put_away_and_roll_back() -> None:
    with transaction.atomic():
        vault.put_away(b"x", key=bytes(32), at=NOW)
        transaction.set_rollback(True)


def test_a_file_whose_transaction_never_committed_is_swept(settings: Settings) -> None:
    put_away_and_roll_back()
    grow_old(settings)
    assert len(files(settings)) == 1
    assert vault.sweep(at=NOW + timedelta(hours=2)) == 1
    assert files(settings) == []


def test_a_file_is_left_alone_until_it_is_an_hour_old(settings: Settings) -> None:
    put_away_and_roll_back()
    grow_old(settings)
    assert vault.sweep(at=NOW + timedelta(hours=1)) == 0
    assert len(files(settings)) == 1
    assert vault.sweep(at=NOW + timedelta(hours=1, seconds=1)) == 1


def test_a_half_written_file_is_swept_too(settings: Settings) -> None:
    put_away_and_roll_back()
    (path,) = files(settings)
    path.rename(path.with_suffix(".new"))
    grow_old(settings)
    vault.sweep(at=NOW + timedelta(hours=2))
    assert files(settings) == []


def test_a_file_that_goes_while_the_store_is_swept_stops_nothing() -> None:
    ids = {UUID(int=number << 8) for number in range(3)}  # all in one folder, listed at once
    for object_id in ids:
        store().put(object_id, b"x")
    old = store().written_before(now() + timedelta(hours=1))
    for object_id in ids - {next(old)}:
        store().delete(object_id)
    assert list(old) == []


def test_a_half_written_file_that_goes_at_this_moment_stops_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_away_and_roll_back()
    (path,) = files(settings)
    path.rename(path.with_suffix(".new"))
    unlink = Path.unlink

    def too_late(path: Path, *, missing_ok: bool = False) -> None:
        unlink(path)  # another one's sweep
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", too_late)
    assert vault.sweep(at=now() + timedelta(hours=2)) == 0
    assert files(settings) == []


def test_a_file_that_cannot_be_deleted_does_not_keep_the_others(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(5):
        put_away_and_roll_back()
    stuck = files(settings)[0]
    stuck.unlink()
    stuck.mkdir()  # what no process may unlink, not even the superuser's
    assert vault.sweep(at=now() + timedelta(hours=2)) == 4
    assert files(settings) == []
    assert "could not be deleted" in caplog.text
    assert stuck.name not in caplog.text


def test_what_letters_hold_is_never_swept(
    send_letter: SendLetter, hanako: Member, settings: Settings
) -> None:
    paper = by_reportlab("kept")
    item = send_letter([HandedDocument("a.pdf", paper)])
    grow_old(settings)
    vault.sweep(at=NOW + timedelta(days=9))
    (document,) = hand_over(item.letter_id, reader=hanako, aal=1, at=LATER).documents
    assert vault.open_document(document) == paper
