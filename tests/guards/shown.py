"""How a promise of the database is shown: rows that keep it, and rows that break it."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from tests.conftest import NOW

Row = dict[str, object]
BEFORE, DAY = NOW - timedelta(microseconds=1), NOW.date()
ONE, OTHER = UUID(int=1), UUID(int=2)


@dataclass(frozen=True)
class Shown:
    """beside: a row that is there already, for what must stand once."""

    kept: list[Row]
    refused: list[Row]
    beside: Row = field(default_factory=dict)


def column(name: str, *, kept: list[object], refused: list[object]) -> list[Shown]:
    """What one column alone may hold, and what lies just outside."""
    return [Shown([{name: value} for value in kept], [{name: value} for value in refused])]


def once(*names: str) -> list[Shown]:
    """Columns of identifiers that stand together once; when one differs the row is another."""
    taken: Row = dict.fromkeys(names, ONE)
    return [Shown([{**taken, name: OTHER} for name in names], [taken], taken)]


LEVELS: dict[str, list[object]] = {"kept": [0, 1, 2, 3], "refused": [-1, 4]}
TRIES: dict[str, list[object]] = {"kept": [0, 5], "refused": [-1, 6]}
DIGEST: dict[str, list[object]] = {"kept": [b"x" * 32], "refused": [b"", b"x" * 31, b"x" * 33]}
A_REASON: dict[str, list[object]] = {"kept": ["x"], "refused": [""]}
SENT_WITH_ITS_TIME = [
    Shown(
        [{"state": "waiting"}, {"state": "failed"}, {"state": "sent", "sent_at": NOW}],
        [
            {"state": "waiting", "sent_at": NOW},
            {"state": "failed", "sent_at": NOW},
            {"state": "sent"},
            {"state": "other"},
        ],
    )
]
