"""The outside parties of one house: how each is started, and what the house is told of it."""

import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from mypost.entrypoints.cli.keys import write_once
from sandbox.print_shop.key import public_key_of

NAMES = ("mail", "card office", "auth app", "carrier", "print shop")


@dataclass(frozen=True)
class Ports:
    """Neighbouring ports, one for each address that people or programs use."""

    first: int

    @property
    def member(self) -> int:
        return self.first

    @property
    def sender(self) -> int:
        return self.first + 1

    @property
    def operator(self) -> int:
        return self.first + 2

    @property
    def mail_page(self) -> int:
        return self.first + 3

    @property
    def smtp(self) -> int:
        return self.first + 4

    @property
    def card_office(self) -> int:
        return self.first + 5

    @property
    def auth_app(self) -> int:
        return self.first + 6

    @property
    def print_shop(self) -> int:
        return self.first + 7

    @property
    def carrier(self) -> int:
        return self.first + 8

    def all(self) -> list[int]:
        return [self.first + offset for offset in range(9)]


@dataclass(frozen=True)
class Neighbours:
    """The outside world around the house in one folder."""

    folder: Path
    ports: Ports

    def prepare(self) -> None:
        """Make the keys and tokens by which house and neighbours know each other."""
        self._keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        for token in ("platform", "print_shop", "carrier"):
            write_once(self._token_file(token), secrets.token_urlsafe(32))
        write_once(self._keys / "auth_app.key", _new_client_key())
        write_once(self._keys / "auth_app.pub", _public_half(self._keys / "auth_app.key"))

    def command(self, name: str) -> list[str]:
        """Return how one of NAMES is started."""
        ports, folder = self.ports, self.folder
        member = f"http://localhost:{ports.member}"
        told: dict[str, list[str]] = {
            "mail": [
                "sandbox.mail_server", "--smtp-port", str(ports.smtp),
                "--http-port", str(ports.mail_page), "--folder", str(folder / "mail"),
            ],
            "card office": [
                "sandbox.card_office", "--port", str(ports.card_office),
                "--folder", str(folder / "card_office"), "--return-to", member,
                "--platform-token-file", str(self._token_file("platform")),
            ],
            "auth app": [
                "sandbox.auth_app", "--port", str(ports.auth_app),
                "--folder", str(folder / "auth_app"), "--cards", str(folder / "card_office"),
                "--client-key", str(self._keys / "auth_app.pub"),
                "--redirect-uri", f"{member}/account/app/",
            ],
            "carrier": [
                "sandbox.carrier", "--port", str(ports.carrier),
                "--folder", str(folder / "carrier"),
                "--token-file", str(self._token_file("carrier")),
            ],
            "print shop": [
                "sandbox.print_shop", "--port", str(ports.print_shop),
                "--folder", str(folder / "print_shop"),
                "--token-file", str(self._token_file("print_shop")),
                "--carrier", f"http://127.0.0.1:{ports.carrier}",
                "--carrier-token-file", str(self._token_file("carrier")),
            ],
        }  # fmt: skip
        return [sys.executable, "-m", *told[name]]

    def cards(self) -> dict[str, str]:
        """Return what a process is told that judges cards."""
        return {
            "MYPOST_JPKI_WORLD": "sandbox",
            "MYPOST_JPKI_TRUST_FOLDER": str(self.folder / "card_office" / "trust"),
            "MYPOST_JPKI_REVOCATION": "platform",
            "MYPOST_JPKI_REVOCATION_URL": f"http://127.0.0.1:{self.ports.card_office}",
            "MYPOST_JPKI_PLATFORM_TOKEN_FILE": str(self._token_file("platform")),
        }

    def sign_in_helpers(self) -> dict[str, str]:
        """Return what the member's door is told of where people use their card."""
        return {
            "MYPOST_CARD_CLIENT_URL": f"http://localhost:{self.ports.card_office}",
            "MYPOST_AUTH_APP_URL": f"http://localhost:{self.ports.auth_app}",
            "MYPOST_AUTH_APP_KEY_FILE": str(self._keys / "auth_app.key"),
        }

    def paper(self) -> dict[str, str]:
        """Return what the worker is told of printing and carrying."""
        return {
            "MYPOST_PRINT_SHOP_URL": f"http://127.0.0.1:{self.ports.print_shop}",
            "MYPOST_PRINT_SHOP_TOKEN_FILE": str(self._token_file("print_shop")),
            "MYPOST_PRINT_SHOP_PUBLIC_KEY": public_key_of(self.folder / "print_shop"),
            "MYPOST_CARRIER_URL": f"http://127.0.0.1:{self.ports.carrier}",
            "MYPOST_CARRIER_TOKEN_FILE": str(self._token_file("carrier")),
        }

    @property
    def _keys(self) -> Path:
        return self.folder / "keys"

    def _token_file(self, name: str) -> Path:
        return self._keys / f"{name}.token"


def _new_client_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode().strip()


def _public_half(file: Path) -> str:
    key = load_pem_private_key(file.read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return public.decode().strip()
