"""The one place that asks what time it is. Doors ask it and hand the answer down."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the time, aware, UTC."""
    return datetime.now(UTC)
