"""The sandbox's card office, for tests: its keys are made once, since making one takes long."""

from functools import cache
from itertools import chain, cycle
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from mypost.kernel.jpki.authorities import TrustStore
from mypost.kernel.jpki.certificate import CardCertificate, read_certificate
from mypost.kernel.jpki.worlds import World
from sandbox.card_office.authority import Authority, Municipality, Resident
from sandbox.card_office.card import Kind
from tests.conftest import NOW

KIYOSE = Municipality("Tokyo", "Kiyose-shi", "132217")
SAKAI = Municipality("Osaka", "Sakai-shi", "271403")
HANAKO = Resident(
    id="hanako",
    name="港　花子",
    sex="2",
    birth_date="319800217",
    address="東京都清瀬市観布子南１２－７－２０２",
    municipality=KIYOSE,
)
JIRO = Resident(
    id="jiro",
    name="沖　次郎",
    sex="1",
    birth_date="419900505",
    address="大阪府堺市堺区南瓦町４丁３－１",
    municipality=SAKAI,
)


@cache
def spare_key(number: int) -> rsa.RSAPrivateKey:
    """A key of 2048 bits; the same number gives the same key for as long as the tests run."""
    return rsa.generate_private_key(65537, 2048)


def open_office(folder: Path) -> Authority:
    """An office whose six authorities have six keys, and all others two more by turns."""
    numbers = chain(range(6), cycle((6, 7)))
    return Authority(folder, new_key=lambda: spare_key(next(numbers)))


def trusted(office: Authority, world: World = World.SANDBOX) -> TrustStore:
    return TrustStore.of(pems(office), world=world)


def pems(office: Authority) -> list[bytes]:
    return [path.read_bytes() for path in sorted(office.trust_folder.glob("*.pem"))]


def certificate_der(
    office: Authority, kind: Kind = "sign", person: Resident = HANAKO, **changes: Any
) -> bytes:
    """A certificate, DER; each change bends one rule of its profile."""
    card = office.issue(person, changes.pop("at", NOW), **changes)
    return _only(card.sign_certificate if kind == "sign" else card.auth_certificate)


def _only(certificate: bytes | None) -> bytes:
    assert certificate is not None
    return certificate


def certificate(
    office: Authority, kind: Kind = "sign", person: Resident = HANAKO, **changes: Any
) -> CardCertificate:
    return read_certificate(certificate_der(office, kind, person, **changes))
