"""A municipality's revocation list (CRL): read once, asked many times.

Source: RFC 5280 §5; JPKI profile.
"""

from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import SignatureAlgorithmOID

from mypost.kernel.errors import RevocationProofInvalid
from mypost.kernel.jpki.authorities import Authority
from mypost.kernel.jpki.certificate import UNREADABLE
from mypost.kernel.jpki.revocation import (
    ProofKind,
    RevocationProof,
    RevocationStatus,
    is_fresh,
    proof_of,
    reason_of,
)

_KNOWN_CRITICAL = {x509.IssuingDistributionPoint.oid}


@dataclass(frozen=True, slots=True)
class RevocationList:
    """A list whose signature and place were checked. Times: aware, UTC."""

    this_update: datetime
    next_update: datetime
    proof: RevocationProof
    _entries: dict[int, x509.RevokedCertificate] = field(repr=False)

    def is_fresh(self, at: datetime) -> bool:
        """Tell whether the list may still be relied on. Source: RFC 5280 §5.1.2.5."""
        return is_fresh(self.this_update, self.next_update, at)

    def status_of(self, serial: str) -> RevocationStatus:
        """Return what the list says of one certificate of its place. serial: hex.

        Raises RevocationProofInvalid for an entry that we cannot read.
        Source: RFC 5280 §5.3.
        """
        entry = self._entries.get(int(serial, 16))
        if entry is None:
            return RevocationStatus("good", proof=self.proof)
        return RevocationStatus(
            "revoked",
            reason=_reason(entry),
            revoked_at=entry.revocation_date_utc,
            proof=self.proof,
        )


def _reason(entry: x509.RevokedCertificate) -> str:
    try:
        found = entry.extensions.get_extension_for_class(x509.CRLReason)
    except x509.ExtensionNotFound:
        return reason_of(None)
    except UNREADABLE as error:
        raise RevocationProofInvalid from error
    return reason_of(found.value.reason)


def read_revocation_list(
    der: bytes, *, authority: Authority, crl_point: str, at: datetime
) -> RevocationList:
    """Return one municipality's list.

    1. It can be read, and its signature is the authority's own, not of another generation.
    2. It is the list of this place: another municipality's, though rightly signed, says nothing.
    3. It is complete: no list of changes, and no critical extension that we do not know.
    4. It is fresh.
    authority: who issued the certificate. crl_point: from the certificate, RFC 4514.
    Raises RevocationProofInvalid. Source: RFC 5280 §5.1; RFC 5280 §5.2.5; RFC 5280 §6.3.3.
    """
    try:
        listed = x509.load_der_x509_crl(der)
        if not _holds(listed, authority, crl_point):  # 1, 2, 3
            raise RevocationProofInvalid
        complete = _entries_of(listed, der)
    except UNREADABLE as error:  # 1: parts are read only when they are asked for
        raise RevocationProofInvalid from error
    if not complete.is_fresh(at):  # 4
        raise RevocationProofInvalid
    return complete


def _holds(listed: x509.CertificateRevocationList, authority: Authority, crl_point: str) -> bool:
    extensions = {one.oid: one for one in listed.extensions}
    critical = {oid for oid, extension in extensions.items() if extension.critical}
    return (
        _is_signed_by(listed, authority)
        and _point_of(extensions) == crl_point
        and critical <= _KNOWN_CRITICAL
        and x509.DeltaCRLIndicator.oid not in extensions
    )


def _entries_of(listed: x509.CertificateRevocationList, der: bytes) -> RevocationList:
    this_update, next_update = listed.last_update_utc, listed.next_update_utc
    if next_update is None:  # a list without an end might be relied on for ever
        raise RevocationProofInvalid
    entries = {entry.serial_number: entry for entry in listed}
    return RevocationList(
        this_update, next_update, proof_of(ProofKind.CRL, der, this_update), entries
    )


def _is_signed_by(listed: x509.CertificateRevocationList, authority: Authority) -> bool:
    return (
        listed.issuer == authority.name
        and listed.signature_algorithm_oid == SignatureAlgorithmOID.RSA_WITH_SHA256
        and listed.is_signature_valid(authority.public_key)
    )


def _point_of(
    extensions: dict[x509.ObjectIdentifier, x509.Extension[x509.ExtensionType]],
) -> str | None:
    """Return whose list it is, RFC 4514; None for a list of some reasons or certificates only."""
    found = extensions.get(x509.IssuingDistributionPoint.oid)
    if found is None or not isinstance(found.value, x509.IssuingDistributionPoint):
        return None
    point = found.value
    names = point.full_name or []
    is_partial = point.only_some_reasons or point.indirect_crl
    is_of_others = point.only_contains_ca_certs or point.only_contains_attribute_certs
    if len(names) != 1 or is_partial or is_of_others:
        return None
    return names[0].value.rfc4514_string() if isinstance(names[0], x509.DirectoryName) else None
