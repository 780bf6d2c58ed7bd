"""A card office for tests: real cards, real signatures, and its answers over a real socket."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path
from threading import Thread
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from pytest_django import Settings

from mypost.common.clock import now
from mypost.proofing import challenges
from mypost.proofing.cards import CardAnswer
from mypost.proofing.challenges import Purpose
from sandbox.card_office.authority import Authority, Pins, Resident
from sandbox.card_office.card import Card, Kind
from sandbox.card_office.http import OfficeWeb, Terms
from sandbox.card_office.office import Office
from sandbox.card_office.world import MINATO

HANAKO = Resident(
    id="hanako", name="佐藤　花子", sex="2", birth_date="319840412",
    address="福島県みなと市潮見町三丁目５番１２号", municipality=MINATO,
)  # fmt: skip
TARO = Resident(
    id="taro", name="鈴木　太郎", sex="1", birth_date="319550103",
    address="福島県みなと市港町２番８号", municipality=MINATO,
)  # fmt: skip
JIRO = Resident(
    id="jiro", name="髙橋　次郎", sex="1", birth_date="419960725",
    address="福島県みなと市字岬下１番地", municipality=MINATO,
)  # fmt: skip
KIYO = Resident(
    id="kiyo", name="浜野　きよ", sex="2", birth_date="300000000",
    address="福島県みなと市字岬下３番地", municipality=MINATO,
)  # fmt: skip
PEOPLE = (HANAKO, TARO, JIRO, KIYO)
PINS = Pins()
TOKEN = "only-for-tests"
SESSION = "the-browser-of-this-test"


@cache
def _keys() -> list[rsa.RSAPrivateKey]:
    return [rsa.generate_private_key(65537, 2048) for _ in range(4)]


class CountingWeb(OfficeWeb):
    """Knows how often it was asked."""

    asked = 0

    def process_request(self, request: Any, client_address: Any) -> None:
        self.asked += 1
        super().process_request(request, client_address)


@dataclass
class RunningOffice:
    """The office, its web server, and what people do with their cards there."""

    web: CountingWeb
    office: Office
    settings: Settings

    def card(self, person: str) -> Card:
        return self.office.holder(person).card

    def answer(
        self, person: str, purpose: Purpose, *, session: str = SESSION, kind: Kind | None = None
    ) -> CardAnswer:
        """Ask for a challenge, and let somebody's card sign it."""
        challenge = challenges.make(purpose, session=session, at=now())
        kind = kind or ("sign" if purpose == Purpose.PROVE else "auth")
        signed = self.card(person).sign(kind, getattr(PINS, kind), challenges.text_of(challenge))
        return CardAnswer(challenge.id, signed.certificate_der, signed.signature)

    def serial(self, person: str, kind: Kind) -> str:
        return self.card(person).issuer_and_serial(kind)[1]

    def revoke(self, person: str, kind: Kind, reason: str, cause: str = "") -> None:
        self.office.authority.revoke(self.serial(person, kind), kind, reason, cause, at=now())

    def go_away(self) -> None:
        """From now on nobody answers whether a certificate counts."""
        self.office.authority.disturbances.switch("silent", on=True)

    def come_back(self) -> None:
        self.office.authority.disturbances.switch("silent", on=False)


def found(folder: Path) -> None:
    """Make the authorities and everybody's first card once: their keys take the time."""
    office = Office(Authority(folder))
    for person in PEOPLE:
        office.enter(person, at=now())


@contextmanager
def running_office(founded: Path, folder: Path, settings: Settings) -> Iterator[RunningOffice]:
    """Open a copy of the office for one test, and tell our side of it."""
    shutil.copytree(founded, folder)
    keys = cycle(_keys())
    office = Office(Authority(folder, new_key=lambda: next(keys)))
    web = CountingWeb(office, Terms(frozenset(), TOKEN), 0)
    settings.JPKI_WORLD, settings.JPKI_TRUST_FOLDER = "sandbox", office.authority.trust_folder
    settings.JPKI_REVOCATION, settings.JPKI_PLATFORM_TOKEN = "platform", TOKEN
    settings.JPKI_REVOCATION_URL = f"http://127.0.0.1:{web.server_port}"
    Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield RunningOffice(web, office, settings)
    finally:
        web.shutdown()
        web.server_close()
