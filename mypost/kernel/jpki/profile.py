"""The strict profile of a card's certificate: a list of rules, each with the code of its fault.

Source: JPKI profile; RFC 5280 §4.2.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import NameOID, SignatureAlgorithmOID

from mypost.kernel.errors import BasicFourMalformed
from mypost.kernel.jpki.basic_four import BasicFour, basic_four_of
from mypost.kernel.jpki.certificate import CardCertificate
from mypost.kernel.jpki.worlds import POLICIES, Kind

E = TypeVar("E", bound=x509.ExtensionType)

_KEY_SIZES = (2048, 3072, 4096)
_EXPONENT = 65537
_LONGEST_SERIAL = 20  # bytes
# What may be critical: what we look at, and nothing that we only know by name.
_CRITICAL = {x509.KeyUsage.oid, x509.CertificatePolicies.oid, x509.BasicConstraints.oid}
_USES = {
    Kind.SIGN: {"digital_signature", "content_commitment"},
    Kind.AUTH: {"digital_signature"},
}
_ALL_USES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
    "key_agreement", "key_cert_sign", "crl_sign",
)  # fmt: skip


class Examined(NamedTuple):
    """The codes of the rules that are broken, and the basic four where a certificate holds them."""

    faults: tuple[str, ...]
    basic_four: BasicFour | None


def examine(certificate: CardCertificate) -> Examined:
    """Hold a certificate to every rule of the profile.

    certificate: with an issuer we know. No fault is half an answer: who signed it is the other.
    Source: JPKI profile; RFC 5280 §4.2.
    """
    faults = [code for code, holds in _RULES if not holds(certificate)]
    try:
        four = _basic_four(certificate)
    except BasicFourMalformed:
        return Examined((*faults, "names"), None)
    return Examined(tuple(faults), four)


def _basic_four(certificate: CardCertificate) -> BasicFour | None:
    """Return who signs; None where somebody signs in, who must not be named at all."""
    if certificate.kind is not Kind.AUTH:
        return basic_four_of(certificate)
    if x509.SubjectAlternativeName.oid in certificate.extensions:
        raise BasicFourMalformed
    return None


def _extension(certificate: CardCertificate, kind: type[E]) -> tuple[E | None, bool]:
    """Return one extension, None when it is absent or unreadable, and whether it is critical."""
    found = certificate.extensions.get(kind.oid)
    if found is None or not isinstance(found.value, kind):
        return None, False
    return found.value, found.critical


def _version(certificate: CardCertificate) -> bool:
    return certificate.paper.version is x509.Version.v3


def _serial_number(certificate: CardCertificate) -> bool:
    number = certificate.paper.serial_number
    return number > 0 and number.bit_length() < 8 * _LONGEST_SERIAL


def _signature_algorithm(certificate: CardCertificate) -> bool:
    algorithm = certificate.paper.signature_algorithm_oid
    return algorithm == SignatureAlgorithmOID.RSA_WITH_SHA256


def _validity(certificate: CardCertificate) -> bool:
    return certificate.not_before <= certificate.not_after


def _subject(certificate: CardCertificate) -> bool:
    """C=JP and one CN, an identifier. A certificate for sign-in names no place either."""
    name = certificate.subject
    allowed = {NameOID.COUNTRY_NAME, NameOID.COMMON_NAME}
    if certificate.kind is Kind.SIGN:
        allowed.add(NameOID.LOCALITY_NAME)
    countries = [attribute.value for attribute in name.get_attributes_for_oid(NameOID.COUNTRY_NAME)]
    identifiers = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    known = all(attribute.oid in allowed for attribute in name)
    return known and countries == ["JP"] and len(identifiers) == 1


def _key(certificate: CardCertificate) -> bool:
    key = certificate.paper.public_key()
    return (
        isinstance(key, RSAPublicKey)
        and key.key_size in _KEY_SIZES
        and key.public_numbers().e == _EXPONENT
    )


def _key_usage(certificate: CardCertificate) -> bool:
    usage, critical = _extension(certificate, x509.KeyUsage)
    if usage is None or certificate.kind is None:
        return False
    uses = {use for use in _ALL_USES if getattr(usage, use)}
    return critical and uses == _USES[certificate.kind]


def _basic_constraints(certificate: CardCertificate) -> bool:
    """Absent, as cards have it, or said to be no authority."""
    constraints, _ = _extension(certificate, x509.BasicConstraints)
    return constraints is None or not constraints.ca


def _policy(certificate: CardCertificate) -> bool:
    policies, critical = _extension(certificate, x509.CertificatePolicies)
    if policies is None or certificate.world is None or certificate.kind is None:
        return False
    wanted = POLICIES[certificate.world, certificate.kind]
    return critical and [policy.policy_identifier.dotted_string for policy in policies] == [wanted]


def _crl_point(certificate: CardCertificate) -> bool:
    return bool(certificate.crl_point)


def _key_identifiers(certificate: CardCertificate) -> bool:
    subject_key, _ = _extension(certificate, x509.SubjectKeyIdentifier)
    return bool(certificate.issuer_key_id) and subject_key is not None


def _critical_extensions(certificate: CardCertificate) -> bool:
    critical = {oid for oid, extension in certificate.extensions.items() if extension.critical}
    return critical <= _CRITICAL


_RULES: tuple[tuple[str, Callable[[CardCertificate], bool]], ...] = (
    ("version", _version),
    ("serial_number", _serial_number),
    ("signature_algorithm", _signature_algorithm),
    ("validity", _validity),
    ("subject", _subject),
    ("key", _key),
    ("key_usage", _key_usage),
    ("basic_constraints", _basic_constraints),
    ("policy", _policy),
    ("crl_point", _crl_point),
    ("key_identifiers", _key_identifiers),
    ("critical_extensions", _critical_extensions),
)
