"""Ask about one certificate by OCSP, and read the answer.

Source: RFC 6960 §4; RFC 9654 §2.1.
"""

import hmac
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, SignatureAlgorithmOID

from mypost.kernel.errors import RevocationProofInvalid
from mypost.kernel.jpki.authorities import Authority
from mypost.kernel.jpki.certificate import UNREADABLE
from mypost.kernel.jpki.revocation import (
    ProofKind,
    RevocationStatus,
    State,
    is_fresh,
    proof_of,
    reason_of,
)
from mypost.kernel.signatures import verify_rsa_pkcs1_sha256

NONCE_SIZE = 32
_STATES: dict[ocsp.OCSPCertStatus, State] = {
    ocsp.OCSPCertStatus.GOOD: "good",
    ocsp.OCSPCertStatus.REVOKED: "revoked",
    ocsp.OCSPCertStatus.UNKNOWN: "unknown",
}


def question(authority: Authority, serial: str, *, nonce: bytes) -> bytes:
    """Return the request about one certificate, DER.

    serial: hex. nonce: 32 random bytes, so that no old answer fits.
    Source: RFC 6960 §4.1.1; RFC 9654 §2.1.
    """
    if len(nonce) != NONCE_SIZE:
        raise ValueError("a nonce has 32 bytes")
    builder = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
        authority.name_digest, authority.key_digest, int(serial, 16), SHA256()
    )
    request = builder.add_extension(x509.OCSPNonce(nonce), critical=False).build()
    return request.public_bytes(Encoding.DER)


def read_answer(
    der: bytes, *, authority: Authority, serial: str, nonce: bytes, at: datetime
) -> RevocationStatus:
    """Return what the responder says of the certificate that was asked about.

    1. It answers this question: the certificate's id, and our nonce where it gives one.
    2. The authority signed it, or a responder whom the authority certified for just that.
    3. It is fresh.
    Raises RevocationProofInvalid. Source: RFC 6960 §3.2; RFC 6960 §4.2.2.2; RFC 9654 §2.1.
    """
    try:
        answer = ocsp.load_der_ocsp_response(der)
        if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise RevocationProofInvalid
        (single,) = answer.responses
        is_ours = _is_about(single, authority, serial) and _has_nonce(answer, nonce)  # 1
        is_signed = _is_signed(answer, authority, at)  # 2
        if not (is_ours and is_signed):
            raise RevocationProofInvalid
        return _status(single, der, at)
    except (*UNREADABLE, NotImplementedError) as error:
        raise RevocationProofInvalid from error


def _is_about(single: ocsp.OCSPSingleResponse, authority: Authority, serial: str) -> bool:
    return (
        isinstance(single.hash_algorithm, SHA256)
        and single.issuer_name_hash == authority.name_digest
        and single.issuer_key_hash == authority.key_digest
        and single.serial_number == int(serial, 16)
    )


def _has_nonce(answer: ocsp.OCSPResponse, nonce: bytes) -> bool:
    """A responder may give none, since it may answer many with one; a wrong one is never right."""
    given = [one.value.nonce for one in answer.extensions if isinstance(one.value, x509.OCSPNonce)]
    return all(hmac.compare_digest(one, nonce) for one in given)


def _is_signed(answer: ocsp.OCSPResponse, authority: Authority, at: datetime) -> bool:
    if answer.signature_algorithm_oid != SignatureAlgorithmOID.RSA_WITH_SHA256:
        return False
    signers = (
        [authority.public_key] if _is_called(answer, authority.public_key, authority.name) else []
    )
    for paper in answer.certificates:
        key = paper.public_key()
        if isinstance(key, RSAPublicKey) and _is_called(answer, key, paper.subject):
            signers += [key] if _may_answer(paper, authority, at) else []
    signed, signature = answer.tbs_response_bytes, answer.signature
    return any(verify_rsa_pkcs1_sha256(signer, signature, signed) for signer in signers)


def _is_called(answer: ocsp.OCSPResponse, key: RSAPublicKey, name: x509.Name | None = None) -> bool:
    """Tell whether the answer says that this key gave it. Source: RFC 6960 §4.2.1."""
    if answer.responder_key_hash is None:
        return answer.responder_name == name
    return answer.responder_key_hash == x509.SubjectKeyIdentifier.from_public_key(key).digest


def _may_answer(paper: x509.Certificate, authority: Authority, at: datetime) -> bool:
    """Tell whether the authority itself certified this responder, for OCSP and for now.

    Nobody tells whether the responder's own certificate was revoked, so it must say that nobody
    needs to (id-pkix-ocsp-nocheck). Source: RFC 6960 §4.2.2.2; RFC 6960 §4.2.2.2.1.
    """
    extensions = {one.oid: one.value for one in paper.extensions}
    uses = extensions.get(x509.ExtendedKeyUsage.oid)
    return (
        isinstance(uses, x509.ExtendedKeyUsage)
        and ExtendedKeyUsageOID.OCSP_SIGNING in uses
        and x509.OCSPNoCheck.oid in extensions
        and paper.not_valid_before_utc <= at <= paper.not_valid_after_utc
        and paper.issuer == authority.name
        and authority.signed(paper)
    )


def _status(single: ocsp.OCSPSingleResponse, der: bytes, at: datetime) -> RevocationStatus:
    if not is_fresh(single.this_update_utc, single.next_update_utc, at):  # 3
        raise RevocationProofInvalid
    revoked = single.certificate_status is ocsp.OCSPCertStatus.REVOKED
    return RevocationStatus(
        _STATES[single.certificate_status],
        reason=reason_of(single.revocation_reason) if revoked else "",
        revoked_at=single.revocation_time_utc,
        proof=proof_of(ProofKind.OCSP, der, single.this_update_utc),
    )
