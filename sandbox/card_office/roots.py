"""The authorities: two kinds, three generations each, and one name for all generations of a kind.

Source: the certificates of JPKI's own authorities; here O=JPKI-TEST, keys of our own.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)
from cryptography.x509.oid import NameOID

from .card import KINDS, Kind
from .profile import Profile, distribution_point, extension, key_usage, signed

KeyMaker = Callable[[], rsa.RSAPrivateKey]

PURPOSES = {"sign": "JPKI for digital signature", "auth": "JPKI for user authentication"}
_JAPANESE = {"sign": "公的個人認証サービス署名用", "auth": "公的個人認証サービス利用者証明用"}
_LIVES = {
    1: (datetime(2015, 10, 20, tzinfo=UTC), datetime(2025, 10, 19, 14, 59, 59, tzinfo=UTC)),
    2: (datetime(2019, 9, 14, tzinfo=UTC), datetime(2029, 9, 14, 14, 59, 59, tzinfo=UTC)),
    3: (datetime(2023, 7, 16, tzinfo=UTC), datetime(2033, 7, 15, 14, 59, 59, tzinfo=UTC)),
}
# The roots' own numbers come from the counters that number the cards' certificates.
SERIALS = {("sign", 1): 1, ("sign", 2): 0x00C139, ("sign", 3): 0x1EA8A8,
           ("auth", 1): 1, ("auth", 2): 0x00BFCD, ("auth", 3): 0x218887}  # fmt: skip


@dataclass(frozen=True)
class Root:
    """One authority with its private key."""

    kind: Kind
    generation: int
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def key_id(self) -> str:
        """The subject key identifier, in hex: what its certificates name as their authority's."""
        return self.key_digest(hashes.SHA1()).hex()  # noqa: S303 # a name, not a proof

    @property
    def pem(self) -> bytes:
        """The certificate as a trust store takes it."""
        return self.certificate.public_bytes(Encoding.PEM)

    def key_digest(self, algorithm: hashes.HashAlgorithm) -> bytes:
        """Return the digest of the key's BIT STRING, as OCSP names an issuer (RFC 6960 §4.1.1)."""
        return digest(
            algorithm, self.key.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
        )

    def name_digest(self, algorithm: hashes.HashAlgorithm) -> bytes:
        """Return the digest of the name: the same for all generations."""
        return digest(algorithm, self.certificate.subject.public_bytes())

    def is_called(self, name: str) -> bool:
        """Say whether this is its name: key identifier, or SHA-256 of the public key, in hex."""
        spki = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        names = (self.key_id, digest(hashes.SHA256(), spki).hex())
        return name.lower() in names


def digest(algorithm: hashes.HashAlgorithm, content: bytes) -> bytes:
    """Return the digest."""
    sponge = hashes.Hash(algorithm)
    sponge.update(content)
    return sponge.finalize()


def make_roots(db: sqlite3.Connection, new_key: KeyMaker) -> None:
    """Create the six authorities and their counters, unless they are there."""
    if db.execute("select 1 from root").fetchone():
        return
    for kind in KINDS:
        for generation in _LIVES:
            keep_root(db, new_root(kind, generation, new_key()))
        counted = (kind, SERIALS[kind, 3])
        db.execute("insert into counter (kind, last) values (?, ?)", counted)


def new_root(kind: Kind, generation: int, key: rsa.RSAPrivateKey) -> Root:
    """Return a self-signed authority. A test makes a false one with a key of its own."""
    name, (begins, ends) = root_name(kind), _LIVES[generation]
    profile = Profile(
        subject=name, issuer=name, serial=SERIALS[kind, generation], not_before=begins,
        not_after=ends, key=key, signed_by=key, authority_key_id=b"", crl_point=name,
        issuer_alternative=japanese_name(kind), policy="", key_usage=None,
    )  # fmt: skip
    certificate = signed(
        profile,
        [
            extension(key_usage("key_cert_sign", "crl_sign"), critical=True),
            extension(x509.BasicConstraints(ca=True, path_length=None), critical=True),
            extension(x509.SubjectAlternativeName([x509.DirectoryName(japanese_name(kind))])),
            extension(distribution_point(name)),
            extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key())),
        ],
    )
    return Root(kind, generation, x509.load_der_x509_certificate(certificate), key)


def keep_root(db: sqlite3.Connection, root: Root) -> None:
    """Write one authority into the register."""
    certificate = root.certificate.public_bytes(Encoding.DER)
    row = (root.kind, root.generation, certificate, key_bytes(root.key))
    db.execute("insert into root (kind, generation, certificate, key) values (?, ?, ?, ?)", row)


def read_root(row: sqlite3.Row) -> Root:
    """Return an authority from its row."""
    certificate = x509.load_der_x509_certificate(row["certificate"])
    return Root(row["kind"], row["generation"], certificate, read_key(row["key"]))


def key_bytes(key: rsa.RSAPrivateKey) -> bytes:
    """Return a private key as the register keeps it: this is a sandbox."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def read_key(content: bytes) -> rsa.RSAPrivateKey:
    """Return a private key of the register. We wrote it: to check its primes takes 50 ms a key."""
    key = load_der_private_key(content, password=None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def new_key() -> rsa.RSAPrivateKey:
    """Return a fresh key as JPKI has them: 2048 bits, exponent 65537. Takes some 50 ms."""
    return rsa.generate_private_key(65537, 2048)


def root_name(kind: Kind) -> x509.Name:
    """Return the name that all generations share."""
    return name_of(
        ("O", "JPKI-TEST"),
        ("OU", PURPOSES[kind]),
        ("OU", "Japan Agency for Local Authority Information Systems"),
    )


def japanese_name(kind: Kind) -> x509.Name:
    """Return the name in Japanese, which stands in the alternative names."""
    return name_of(
        ("O", "公的個人認証サービス"),
        ("OU", _JAPANESE[kind]),
        ("OU", "地方公共団体情報システム機構"),
    )


def crl_name(kind: Kind, prefecture: str, city: str) -> x509.Name:
    """Return the name of a municipality's revocation list."""
    return name_of(
        ("O", "JPKI-TEST"), ("OU", PURPOSES[kind]), ("OU", "CRL Distribution Points"),
        ("OU", prefecture), ("CN", f"{city} CRLDP"),
    )  # fmt: skip


def name_of(*parts: tuple[str, str]) -> x509.Name:
    """Return a name in Japan: C as PrintableString, all else as UTF8String."""
    kinds = {
        "O": NameOID.ORGANIZATION_NAME,
        "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
        "L": NameOID.LOCALITY_NAME,
        "CN": NameOID.COMMON_NAME,
    }
    country = x509.NameAttribute(NameOID.COUNTRY_NAME, "JP")
    return x509.Name([country, *(x509.NameAttribute(kinds[kind], text) for kind, text in parts)])
