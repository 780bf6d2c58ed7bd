"""What stands in a certificate of the card, rule by rule, so that a test can bend each one.

Source: JPKI certificate profile, as seen on cards (CPS http://www.jpki.go.jp/cps.html).
"""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from . import der
from .residents import Resident

CardKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

POLICIES = {"sign": "1.2.392.200149.8.5.1.0.20", "auth": "1.2.392.200149.8.5.1.0.30"}
CPS = "http://www.jpki.go.jp/cps.html"
BASIC_FOUR = "1.2.392.200149.8.5.5"
_SIGNATURES: dict[str, tuple[str, hashes.HashAlgorithm]] = {
    "sha1": ("1.2.840.113549.1.1.5", hashes.SHA1()),  # noqa: S303 # for certificates to refuse
    "sha256": ("1.2.840.113549.1.1.11", hashes.SHA256()),
    "sha384": ("1.2.840.113549.1.1.12", hashes.SHA384()),
}


@dataclass(frozen=True)
class Extension:
    """One extension. value: the DER inside the OCTET STRING."""

    oid: str
    critical: bool
    value: bytes

    @property
    def der(self) -> bytes:
        mark = der.TRUE if self.critical else b""
        return der.tlv(der.SEQUENCE, der.oid(self.oid), mark, der.tlv(der.OCTET_STRING, self.value))


@dataclass(frozen=True)
class Profile:
    """One certificate of a card. Each field is a rule that `Authority.issue(…, field=…)` bends.

    other_names: number after 1.2.392.200149.8.5.5, and text (or the DER of any other value), in
    order; empty on a certificate for sign-in. crl_point: a directory name, or a web address.
    ca: None leaves basicConstraints out. without, doubled: dotted object identifiers.
    signed_by: the private key that signs; any other than the authority's is a forgery.
    """

    subject: x509.Name
    issuer: x509.Name
    serial: int
    not_before: datetime
    not_after: datetime
    key: CardKey
    signed_by: rsa.RSAPrivateKey
    authority_key_id: bytes
    issuer_alternative: x509.Name
    crl_point: x509.Name | str
    policy: str
    key_usage: x509.KeyUsage | None
    other_names: tuple[tuple[int, str | bytes], ...] = ()
    policy_critical: bool = True
    key_usage_critical: bool = True
    ca: bool | None = None
    extra: tuple[Extension, ...] = ()
    without: tuple[str, ...] = ()
    doubled: str = ""
    signature_hash: str = "sha256"
    version: int = 3

    def certificate(self) -> bytes:
        """Return the certificate, DER, signed."""
        chosen = [one for one in self._all_extensions() if one.oid not in self.without]
        again = [one for one in chosen if one.oid == self.doubled]
        return signed(self, [*chosen, *again, *self.extra])

    def _all_extensions(self) -> list[Extension]:
        names = other_names(self.other_names)
        ca = x509.BasicConstraints(ca=bool(self.ca), path_length=None)
        return [
            *([extension(self.key_usage, self.key_usage_critical)] if self.key_usage else []),
            extension(policies(self.policy), self.policy_critical),
            *([extension(names, False)] if self.other_names else []),
            extension(x509.IssuerAlternativeName([x509.DirectoryName(self.issuer_alternative)])),
            extension(distribution_point(self.crl_point)),
            extension(x509.AuthorityKeyIdentifier(self.authority_key_id, None, None)),
            extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())),
            *([extension(ca, True)] if self.ca is not None else []),
        ]


def signed(profile: Profile, extensions: list[Extension]) -> bytes:
    """Return the certificate with exactly these extensions, in order. Source: RFC 5280 §4.1."""
    name, digest = _SIGNATURES[profile.signature_hash]
    algorithm = der.tlv(der.SEQUENCE, der.oid(name), der.NULL)
    key = profile.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    body = der.tlv(
        der.SEQUENCE,
        der.tlv(0xA0, der.integer(profile.version - 1)) if profile.version > 1 else b"",
        der.integer(profile.serial),
        algorithm,
        profile.issuer.public_bytes(),
        der.tlv(der.SEQUENCE, der.utc_time(profile.not_before), der.utc_time(profile.not_after)),
        profile.subject.public_bytes(),
        key,
        der.tlv(0xA3, der.tlv(der.SEQUENCE, *(one.der for one in extensions))),
    )
    signature = profile.signed_by.sign(body, padding.PKCS1v15(), digest)
    return der.tlv(der.SEQUENCE, body, algorithm, der.tlv(der.BIT_STRING, b"\0", signature))


def extension(value: x509.ExtensionType, critical: bool = False) -> Extension:
    """Return an extension of a known kind."""
    return Extension(value.oid.dotted_string, critical, value.public_bytes())


def basic_four(person: Resident) -> tuple[tuple[int, str | bytes], ...]:
    """Return the six names of a certificate for signatures, in a card's order: 1 4 3 5 2 6."""
    return (
        (1, person.name),
        (4, person.birth_date),
        (3, person.sex),
        (5, person.address),
        (2, person.name_substituted or "0" * len(person.name)),
        (6, person.address_substituted or "0" * len(person.address)),
    )


def other_names(names: tuple[tuple[int, str | bytes], ...]) -> x509.SubjectAlternativeName:
    """Return the otherNames, each a UTF8String unless its DER is given."""
    return x509.SubjectAlternativeName(
        x509.OtherName(
            x509.ObjectIdentifier(f"{BASIC_FOUR}.{number}"),
            der.utf8(value) if isinstance(value, str) else value,
        )
        for number, value in names
    )


def policies(policy: str) -> x509.CertificatePolicies:
    """Return one policy with the address of its practice statement."""
    return x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(policy), [CPS])])


def distribution_point(point: x509.Name | str) -> x509.CRLDistributionPoints:
    """Return where the revocation list is: a directory, or (against the profile) an address."""
    name: x509.GeneralName = (
        x509.UniformResourceIdentifier(point)
        if isinstance(point, str)
        else x509.DirectoryName(point)
    )
    return x509.CRLDistributionPoints([x509.DistributionPoint([name], None, None, None)])


def key_usage(*wanted: str) -> x509.KeyUsage:
    """Return a key usage with the named bits, e.g. `digital_signature`."""
    bits = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
        "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{bit: bit in wanted for bit in bits})


KEY_USAGES = {
    "sign": key_usage("digital_signature", "content_commitment"),
    "auth": key_usage("digital_signature"),
}
