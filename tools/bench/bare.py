"""Bare limits: the least that the machine can take for a piece of the work, in the same run."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from django.db import connection

from mypost.common.clock import new_id, now
from mypost.kernel import sealing
from mypost.vault.store import FolderStore

ENVELOPE = os.urandom(500)  # bytes of plaintext: a letter of some hundred characters


def seconds_of(work: Callable[[], object], times: int) -> list[float]:
    """Do the same work some times; return what each time took."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return taken


def insert_and_commit(times: int) -> list[float]:
    """Insert one row of a kilobyte and commit it to the disk, again and again."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bare_row (id uuid PRIMARY KEY, content bytea)")
        insert = "INSERT INTO bare_row VALUES (%s, %s)"
        content = os.urandom(1000)
        return seconds_of(lambda: cursor.execute(insert, [uuid4(), content]), times)


def seal(times: int) -> list[float]:
    """Seal an envelope to a key that has been read before."""
    key = sealing.parse_public_key(sealing.generate_key_pair().public)
    ids = {"letter_id": uuid4(), "mailbox_id": uuid4()}
    return seconds_of(lambda: sealing.seal_envelope(key, ENVELOPE, **ids), times)


def write_object(folder: Path, size: int, times: int) -> list[float]:
    """Write one object of this size so that it survives a loss of power."""
    store, content = FolderStore(folder / "bare"), os.urandom(size)
    return seconds_of(lambda: store.put(new_id(now()), content), times)
