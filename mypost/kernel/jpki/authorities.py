"""The authorities, their generations, and which of them signed a certificate.

Generations of one authority share one name, so a name finds candidates and the signature decides.
Source: RFC 5280 §6.1; JPKI profile.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import SignatureAlgorithmOID

from mypost.kernel.errors import AuthorityRefused
from mypost.kernel.jpki.certificate import UNREADABLE, CardCertificate
from mypost.kernel.jpki.worlds import Kind, World, authority_named
from mypost.kernel.signatures import verify_rsa_pkcs1_sha256

_LEAST_KEY_SIZE = 2048


@dataclass(frozen=True, slots=True)
class Authority:
    """One generation of one authority that we trust. key_id: its subject key identifier, hex.

    name_digest, key_digest: SHA-256, as an OCSP request names an issuer.
    """

    world: World
    kind: Kind
    key_id: str
    name: x509.Name
    not_before: datetime
    not_after: datetime
    public_key: RSAPublicKey = field(repr=False)
    name_digest: bytes = field(repr=False)
    key_digest: bytes = field(repr=False)

    def issued(self, certificate: CardCertificate) -> bool:
        """Tell whether this key signed the certificate, while it was the authority's.

        An expired generation still proves what it issued in its own time.
        Source: RFC 5280 §6.1.3; RFC 8017 §8.2.2.
        """
        issued_in_time = self.not_before <= certificate.not_before <= self.not_after
        return issued_in_time and self.signed(certificate.paper)

    def signed(self, paper: x509.Certificate) -> bool:
        """Tell whether this key signed a certificate, whoever it is for. Source: RFC 5280 §4.1."""
        if paper.signature_algorithm_oid != SignatureAlgorithmOID.RSA_WITH_SHA256:
            return False
        return verify_rsa_pkcs1_sha256(
            self.public_key, paper.signature, paper.tbs_certificate_bytes
        )


def read_authority(pem: bytes, *, world: World) -> Authority:
    """Return the authority of one root certificate.

    1. It can be read. 2. It bears the name of an authority of this world, and of no other.
    3. It may sign certificates and revocation lists. 4. It signed itself with a key of size.
    Raises AuthorityRefused. Source: RFC 5280 §4.2.1.9; RFC 5280 §4.2.1.3; JPKI profile.
    """
    try:
        root = x509.load_pem_x509_certificate(pem)
        may_sign = _may_sign(root)
        key, key_id = root.public_key(), _key_id(root)
    except (*UNREADABLE, x509.ExtensionNotFound) as error:  # 1
        raise AuthorityRefused from error
    named = authority_named(root.subject)
    if named is None or named[0] is not world:  # 2
        raise AuthorityRefused
    if not may_sign or not isinstance(key, RSAPublicKey) or key.key_size < _LEAST_KEY_SIZE:  # 3
        raise AuthorityRefused
    authority = Authority(
        world=world,
        kind=named[1],
        key_id=key_id,
        name=root.subject,
        not_before=root.not_valid_before_utc,
        not_after=root.not_valid_after_utc,
        public_key=key,
        name_digest=hashlib.sha256(root.subject.public_bytes()).digest(),
        key_digest=hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.PKCS1)).digest(),
    )
    if root.issuer != root.subject or not authority.signed(root):  # 4
        raise AuthorityRefused
    return authority


def _may_sign(root: x509.Certificate) -> bool:
    constraints = root.extensions.get_extension_for_class(x509.BasicConstraints)
    usage = root.extensions.get_extension_for_class(x509.KeyUsage)
    is_authority = constraints.critical and constraints.value.ca
    return is_authority and usage.value.key_cert_sign and usage.value.crl_sign


def _key_id(root: x509.Certificate) -> str:
    found = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return found.value.digest.hex()


@dataclass(frozen=True, slots=True)
class TrustStore:
    """The authorities of one world, every generation that still counts."""

    world: World
    authorities: tuple[Authority, ...]

    @classmethod
    def of(cls, pems: Iterable[bytes], *, world: World) -> "TrustStore":
        """Return a store of root certificates. Raises AuthorityRefused if one is not this world's.

        One wrong root refuses the whole store: who mixed two worlds must be told.
        """
        return cls(world, tuple(read_authority(pem, world=world) for pem in pems))

    def issuer_of(self, certificate: CardCertificate) -> Authority | None:
        """Return who signed the certificate, None when none of us did.

        The name finds the generations of one authority; the key identifier, which the certificate
        tells of itself, only says whom to ask first.
        Source: RFC 5280 §6.1; RFC 5280 §4.2.1.1.
        """
        named = [
            one
            for one in self.authorities
            if one.kind is certificate.kind and one.world is certificate.world
        ]
        named.sort(key=lambda authority: authority.key_id != certificate.issuer_key_id)
        return next((one for one in named if one.issued(certificate)), None)

    def called(self, key_id: str) -> Authority | None:
        """Return the authority with this key identifier, hex."""
        return next((one for one in self.authorities if one.key_id == key_id), None)
