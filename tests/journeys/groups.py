"""How tests are dealt out: the journeys first, in two halves; then all others, file by file.

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
    """Journeys take longest and come first; what a file has built is then built by one process."""

    def _split_scope(self, nodeid: str) -> str:
        if "tests/journeys/" not in nodeid:
            return nodeid.partition("::")[0]
        return "journeys 1" if FIRST.search(nodeid) else "journeys 2"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the journeys before everything else, whose order stays as chance made it.

    Kills come first, since they have a house of their own: the other half starts theirs meanwhile.
    """
    items.sort(key=lambda item: [part not in item.nodeid for part in ("test_kills", "/journeys/")])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Halves | None:
    """Deal the tests out so, where they are dealt out at all."""
    config.option.loadscopereorder = False
    return Halves(config, log) if config.getvalue("dist") == "loadgroup" else None
