"""One card office for all tests of a run: it only issues, so no test disturbs another."""

import pytest

from mypost.kernel.jpki.authorities import TrustStore
from sandbox.card_office.authority import Authority
from tests.kernel.jpki.office import open_office, trusted


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return open_office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="session")
def store(office: Authority) -> TrustStore:
    return trusted(office)
