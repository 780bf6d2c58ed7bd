"""Two halves of the journeys, one for each test process, and each half in one piece.

    pytest -n 2 --dist loadgroup -p tests.journeys.groups

Both look at one house at the same time (`conftest.py`), so nobody walks in one half whose session
or passkey the other changes. The first has the pages of members and operators and an operator's
acts; the second the pages of senders, and the stories of `taro`, of newcomers and of `city-tax`.
Kills have a house of their own, and go where less is to do.

The marks of xdist would say the same, but its release 3.8 writes them where pytest 9 does not look.
"""

import re

import pytest
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]

FIRST = re.compile(r"test_back_office|test_kills|\[(member|operator)-")


class Halves(LoadGroupScheduling):  # type: ignore[misc]
    """Everything else is dealt out test by test, after the journeys, which are longest."""

    def _split_scope(self, nodeid: str) -> str:
        if "tests/journeys/" not in nodeid:
            return nodeid
        return "journeys 1" if FIRST.search(nodeid) else "journeys 2"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Halves | None:
    """Deal the tests out in halves, where they are dealt out at all."""
    return Halves(config, log) if config.getvalue("dist") == "loadgroup" else None
