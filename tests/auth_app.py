"""The Digital Authentication App for tests: the sandbox's provider on a socket of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from pytest_django import Settings

from sandbox.auth_app.provider import Provider
from sandbox.auth_app.web import AppWeb, CardTrouble
from sandbox.card_office.authority import Municipality, Resident

MINATO = Municipality("Fukushima-ken", "Minato-shi", "072991")
HANAKO = Resident(
    id="hanako", name="佐藤\u3000花子", sex="2", birth_date="319840412",
    address="福島県みなと市潮見町三丁目５番１２号", municipality=MINATO,
)  # fmt: skip
JIRO = Resident(
    id="jiro", name="髙橋\u3000次郎", sex="1", birth_date="419960725",
    address="福島県みなと市港町２番８号", municipality=MINATO,
)  # fmt: skip
RETURN_TO = "http://localhost:8000/account/app/"


class Wallet:
    """Two people's cards. Every PIN is 1234."""

    def holders(self) -> list[Resident]:
        return [HANAKO, JIRO]

    def show(self, resident_id: str, pin: str, *, signing: bool) -> Resident:
        if pin != "1234":
            raise CardTrouble("wrong PIN")
        return {person.id: person for person in self.holders()}[resident_id]


@dataclass(frozen=True)
class RunningApp:
    """The provider, and what a person does there."""

    web: AppWeb
    provider: Provider

    def visit(self, address: str, person: Resident, *, pin: str = "1234") -> dict[str, str]:
        """Agree with a card, and return what the browser brings back."""
        form = dict(parse_qsl(urlsplit(address).query))
        form |= {"answer": "agree", "card": person.id, "pin": pin}
        answer = httpx.post(f"{self.provider.issuer}/authorize", data=form)
        assert answer.status_code == 303, answer.text
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


@contextmanager
def running_app(settings: Settings, folder: Path) -> Iterator[RunningApp]:
    """Start the provider, and tell our side where it is."""
    key = ec.generate_private_key(ec.SECP256R1())
    key_file = folder / "auth_app.key"
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    provider = Provider("", folder / "app", "mypost", public, frozenset({RETURN_TO}))
    web = AppWeb(provider, Wallet(), 0)
    provider.issuer = f"http://localhost:{web.server_port}"
    settings.AUTH_APP_URL, settings.AUTH_APP_KEY_FILE = provider.issuer, key_file
    Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield RunningApp(web, provider)
    finally:
        web.shutdown()
        web.server_close()
