"""Read one certificate of a card: what it claims. Profile and authorities say whether it holds.

Source: RFC 5280 §4.1; JPKI profile.
"""

from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from mypost.kernel.errors import CertificateMalformed
from mypost.kernel.jpki.worlds import Kind, World, authority_named

Extensions = dict[x509.ObjectIdentifier, x509.Extension[x509.ExtensionType]]

LARGEST = 16 * 1024  # bytes; a card's certificate has about two thousand

# What the library raises over bytes that are no certificate, or one that RFC 5280 forbids.
UNREADABLE = (
    ValueError,
    TypeError,
    OverflowError,
    UnsupportedAlgorithm,
    UserWarning,  # a deprecated form of DER, where warnings are errors
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True, slots=True)
class CardCertificate:
    """What a certificate says.

    world, kind: after its issuer's name; None when that is nobody we know. serial: hex, lower
    case. issuer_key_id: hex, the authority key identifier, "" when absent. crl_point: RFC 4514, the
    directory name of the municipality's revocation list, "" when it is anything else.
    subject: an identifier, not a person's name. Times: aware, UTC, to the second, both included.
    """

    world: World | None
    kind: Kind | None
    serial: str
    issuer_key_id: str
    crl_point: str
    subject: x509.Name
    not_before: datetime
    not_after: datetime
    paper: x509.Certificate = field(repr=False, compare=False)  # names its holder: keep no copy
    extensions: Extensions = field(repr=False, compare=False)


def read_certificate(der: bytes) -> CardCertificate:
    """Return what one certificate says.

    der: one certificate and nothing behind it. Raises CertificateMalformed for other bytes, for
    more than 16 KiB, and for what no certificate may be: an extension twice, an unknown version.
    Source: RFC 5280 §4.1; RFC 5280 §4.2.
    """
    if len(der) > LARGEST:
        raise CertificateMalformed
    try:
        return _facts_of(x509.load_der_x509_certificate(der))
    except UNREADABLE as error:
        raise CertificateMalformed from error


def _facts_of(certificate: x509.Certificate) -> CardCertificate:
    """Look at every part: the library reads some only when asked, and what is broken must show."""
    extensions = {extension.oid: extension for extension in certificate.extensions}
    certificate.public_key()
    world, kind = authority_named(certificate.issuer) or (None, None)
    return CardCertificate(
        world=world,
        kind=kind,
        serial=f"{certificate.serial_number:x}",
        issuer_key_id=_issuer_key_id(extensions),
        crl_point=_crl_point(extensions),
        subject=certificate.subject,
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        paper=certificate,
        extensions=extensions,
    )


def _issuer_key_id(extensions: Extensions) -> str:
    found = extensions.get(x509.AuthorityKeyIdentifier.oid)
    if found is None or not isinstance(found.value, x509.AuthorityKeyIdentifier):
        return ""
    return (found.value.key_identifier or b"").hex()


def _crl_point(extensions: Extensions) -> str:
    """Return the one directory name under which the revocation list is published."""
    found = extensions.get(x509.CRLDistributionPoints.oid)
    if found is None or not isinstance(found.value, x509.CRLDistributionPoints):
        return ""
    if len(found.value) != 1:
        return ""
    point = found.value[0]
    names = point.full_name or []
    if len(names) != 1 or point.reasons or point.crl_issuer:
        return ""
    return names[0].value.rfc4514_string() if isinstance(names[0], x509.DirectoryName) else ""
