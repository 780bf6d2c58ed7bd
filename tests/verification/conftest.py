"""The card office as a web server on the loopback address, and an installation that asks it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Thread
from typing import Any

import pytest
from pytest_django import Settings

from mypost.common.clock import now
from mypost.verification.commands import judge
from mypost.verification.verdicts import Purpose, Verdict
from sandbox.card_office.authority import Authority
from sandbox.card_office.card import CardFile
from sandbox.card_office.disturbances import Disturbance
from sandbox.card_office.http import OfficeWeb, Terms
from sandbox.card_office.office import Office
from tests.kernel.jpki.office import HANAKO, open_office
from tests.verification.publisher import Publisher

TOKEN = "a-token-of-the-platform"
SLOW = 2.5  # seconds, more than a check may take
SOURCES = ("crl", "ocsp", "platform")


@dataclass(frozen=True)
class CardOffice:
    """The office, its address, and what may be done with it."""

    authority: Authority
    address: str

    def card(self, **changes: Any) -> CardFile:
        return self.authority.issue(HANAKO, now(), **changes)

    def revoke_sign(self, card: CardFile, reason: str, cause: str = "") -> None:
        self.authority.revoke(card.sign_serial, "sign", reason, cause, at=now())


@pytest.fixture(scope="session")
def card_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CardOffice]:
    authority = open_office(tmp_path_factory.mktemp("card_office"))
    terms = Terms(frozenset({"http://localhost:8000"}), TOKEN, SLOW)
    with OfficeWeb(Office(authority), terms, 0) as web:
        thread = Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield CardOffice(authority, f"http://127.0.0.1:{web.server_port}")
        web.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def other_office(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An office of its own, whose register nobody asks."""
    return open_office(tmp_path_factory.mktemp("other_office"))


@pytest.fixture
def trusting(card_office: CardOffice, settings: Settings) -> CardOffice:
    """This installation counts the sandbox's cards, and asks nobody yet."""
    settings.JPKI_WORLD = "sandbox"
    settings.JPKI_TRUST_FOLDER = card_office.authority.trust_folder
    settings.JPKI_REVOCATION = "none"
    settings.JPKI_REVOCATION_URL = card_office.address
    settings.JPKI_PLATFORM_TOKEN = TOKEN
    return card_office


@pytest.fixture(params=SOURCES)
def asking(request: pytest.FixtureRequest, trusting: CardOffice, settings: Settings) -> CardOffice:
    """It asks each of the three sources in turn."""
    settings.JPKI_REVOCATION = request.param
    return trusting


@pytest.fixture
def asking_platform(trusting: CardOffice, settings: Settings) -> CardOffice:
    settings.JPKI_REVOCATION = "platform"
    return trusting


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        yield publisher


Disturb = Callable[[Disturbance], None]


@pytest.fixture
def disturb(card_office: CardOffice) -> Iterator[Disturb]:
    """Let something go wrong at the office, until the test is over."""
    switched: list[Disturbance] = []

    def disturb(name: Disturbance) -> None:
        switched.append(name)
        card_office.authority.disturbances.switch(name, on=True)

    yield disturb
    for name in switched:
        card_office.authority.disturbances.switch(name, on=False)


def prove(certificate: bytes | None, at: datetime | None = None) -> Verdict:
    assert certificate is not None
    return judge(certificate, purpose=Purpose.PROVE, at=at or now())


def sign_in(certificate: bytes, at: datetime | None = None) -> Verdict:
    return judge(certificate, purpose=Purpose.SIGN_IN, at=at or now())
