"""What comes from outside the code: the time, and chance. Doors ask, and hand the answer down."""

import os
from datetime import UTC, datetime
from uuid import UUID

from mypost.kernel.identifiers import uuid7


def now() -> datetime:
    """Return the time, aware, UTC."""
    return datetime.now(UTC)


def new_id(at: datetime) -> UUID:
    """Return a new UUIDv7 that sorts by its time and cannot be guessed (74 random bits)."""
    return uuid7(at, os.urandom(10))
