"""A card as a file: two keys, two certificates, two PINs, and how many tries each has left."""

import fcntl
import json
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from .profile import CardKey

Kind = Literal["sign", "auth"]
KINDS: tuple[Kind, Kind] = ("sign", "auth")
TRIES = {"sign": 5, "auth": 3}
_SHAPES = {"sign": re.compile(r"[A-Z0-9]{6,16}"), "auth": re.compile(r"[0-9]{4}")}


class CardRefuses(Exception):
    """The card does not sign."""


class PinWrong(CardRefuses):
    """Not the PIN. tries_left: until it is locked."""

    def __init__(self, tries_left: int) -> None:
        self.tries_left = tries_left
        super().__init__(f"wrong PIN, tries left: {tries_left}")


class PinLocked(CardRefuses):
    """Too many wrong PINs: only the office unlocks it."""

    def __init__(self) -> None:
        super().__init__("the PIN is locked")


class NoCertificate(CardRefuses):
    """Nothing of this kind is on the card: no certificate for signatures before 15."""

    def __init__(self) -> None:
        super().__init__("no such certificate on the card")


@dataclass(frozen=True)
class Pins:
    """The two PINs. sign: 6 to 16 capitals and digits. auth: four digits."""

    sign: str = "ABC123"
    auth: str = "1234"


@dataclass(frozen=True)
class CardAnswer:
    """What a card gives back. signature: RSASSA-PKCS1-v1_5 with SHA-256 over the text."""

    certificate_der: bytes
    signature: bytes


@dataclass(frozen=True)
class Application:
    """One key with its certificate, DER, ready to be written on a card."""

    certificate: bytes
    key: CardKey


@dataclass(frozen=True)
class CardFile:
    """What issuing gives back: where the card lies, and the certificates that are on it, DER."""

    path: Path
    auth_certificate: bytes
    sign_certificate: bytes | None

    @property
    def auth_serial(self) -> str:
        """The serial of the certificate for sign-in, in hex."""
        return serial_of(self.auth_certificate)

    @property
    def sign_serial(self) -> str:
        """The serial of the certificate for signatures, in hex; empty where there is none."""
        return serial_of(self.sign_certificate) if self.sign_certificate else ""


class Card:
    """One card. Every try counts, though the power fails or two programs use it at once."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def number(self) -> str:
        """The card's number."""
        return self.path.stem

    def sign(self, kind: Kind, pin: str, message: bytes) -> CardAnswer:
        """Sign a text with one of the two keys.

        Raises PinWrong (which costs a try), PinLocked, NoCertificate. A right PIN gives all tries
        back.
        """
        with self._held() as content:
            application = _application(content, kind)
            if application["tries_left"] == 0:
                raise PinLocked
            right = application["pin"] == pin
            application["tries_left"] = TRIES[kind] if right else application["tries_left"] - 1
            self._write(content)  # before the answer: pulling the card out gives no try back
        if not right:
            raise PinWrong(application["tries_left"]) if application["tries_left"] else PinLocked
        return _answer(application, message)

    def certificate(self, kind: Kind) -> bytes:
        """Return a certificate, DER. Raises NoCertificate."""
        return b64decode(_application(self._read(), kind)["certificate"])

    def issuer_and_serial(self, kind: Kind) -> tuple[str, str]:
        """Return the authority's key identifier and the serial, both hex. Raises NoCertificate."""
        certificate = x509.load_der_x509_certificate(self.certificate(kind))
        named = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)
        return (named.value.key_identifier or b"").hex(), format(certificate.serial_number, "x")

    def has(self, kind: Kind) -> bool:
        """Say whether there is a certificate of this kind."""
        return kind in self._read()

    def tries_left(self, kind: Kind) -> int:
        """Return how many wrong PINs are left until it locks. Raises NoCertificate."""
        return int(_application(self._read(), kind)["tries_left"])

    def unlock(self, kind: Kind, pin: str) -> None:
        """Set a new PIN, with all tries. Raises NoCertificate, ValueError for a misshapen PIN."""
        with self._held() as content:
            _application(content, kind).update(pin=_shaped(kind, pin), tries_left=TRIES[kind])
            self._write(content)

    def put(self, applications: dict[Kind, Application], pins: Pins) -> CardFile:
        """Write keys and certificates on the card, which may be new; other ones on it stay."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._held() as content:
            for kind, application in applications.items():
                pin = content.get(kind, {}).get("pin") or getattr(pins, kind)
                content[kind] = _written(kind, application, pin)
            self._write(content)
        return self.file()

    def file(self) -> CardFile:
        """Return what is on the card."""
        sign = self.certificate("sign") if self.has("sign") else None
        return CardFile(self.path, self.certificate("auth"), sign)

    @contextmanager
    def _held(self) -> Iterator[dict[str, Any]]:
        with self.path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self._read() if self.path.exists() else {}

    def _read(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.path.read_bytes())
        return content

    def _write(self, content: dict[str, Any]) -> None:
        unfinished = self.path.with_suffix(".new")
        with unfinished.open("w", encoding="utf-8") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self.path)


def pin_fits(kind: Kind, pin: str) -> bool:
    """Say whether this could be a PIN: a reader asks the card only then."""
    return bool(_SHAPES[kind].fullmatch(pin))


def serial_of(certificate: bytes) -> str:
    """Return a certificate's serial in hex, without leading zeros."""
    return format(x509.load_der_x509_certificate(certificate).serial_number, "x")


def _application(content: dict[str, Any], kind: Kind) -> dict[str, Any]:
    if kind not in content:
        raise NoCertificate
    application: dict[str, Any] = content[kind]
    return application


def _written(kind: Kind, application: Application, pin: str) -> dict[str, Any]:
    key = application.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return {
        "certificate": b64encode(application.certificate).decode(),
        "key": b64encode(key).decode(),
        "pin": _shaped(kind, pin),
        "tries_left": TRIES[kind],
    }


def _shaped(kind: Kind, pin: str) -> str:
    if not pin_fits(kind, pin):
        raise ValueError(f"not a PIN for {kind}")
    return pin


def _answer(application: dict[str, Any], message: bytes) -> CardAnswer:
    key = load_der_private_key(  # we wrote it: no need to check its primes each time
        b64decode(application["key"]), password=None, unsafe_skip_rsa_key_validation=True
    )
    certificate = b64decode(application["certificate"])
    if isinstance(key, rsa.RSAPrivateKey):
        return CardAnswer(certificate, key.sign(message, padding.PKCS1v15(), hashes.SHA256()))
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # only a test puts one on a card
    return CardAnswer(certificate, key.sign(message, ec.ECDSA(hashes.SHA256())))
