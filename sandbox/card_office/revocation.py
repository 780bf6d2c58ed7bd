"""Who is told what no longer counts: a list for each municipality, and OCSP, from one register.

Source: RFC 5280 §5; RFC 6960 §4.2; reasons as JPKI uses them.
"""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from .disturbances import Disturbances
from .profile import KEY_USAGES
from .register import Register, read, written
from .roots import KeyMaker, Root, key_bytes, name_of, new_key, new_root, read_key

LIST_LIVES = timedelta(hours=24)
ANSWER_LIVES = timedelta(hours=1)
REASONS = {
    "unspecified": x509.ReasonFlags.unspecified,
    "key_compromise": x509.ReasonFlags.key_compromise,
    "ca_compromise": x509.ReasonFlags.ca_compromise,
    "affiliation_changed": x509.ReasonFlags.affiliation_changed,
    "superseded": x509.ReasonFlags.superseded,
    "cessation_of_operation": x509.ReasonFlags.cessation_of_operation,
    "certificate_hold": x509.ReasonFlags.certificate_hold,
}


@dataclass(frozen=True)
class _Responder:
    """Who signs OCSP answers for one authority."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


class Revocations:
    """Signs lists and answers. Disturbances make them stale, or signed by a stranger."""

    def __init__(
        self, register: Register, roots: list[Root], disturbances: Disturbances, key_maker: KeyMaker
    ) -> None:
        self._register = register
        self._roots = roots
        self._new_key = key_maker
        self._disturbances = disturbances

    def crl(self, issuer_key_id: str, crl_point: str, at: datetime) -> bytes:
        """Return one municipality's list. Raises KeyError where no certificate points to it."""
        root = self._root_called(issuer_key_id)
        known = "select 1 from certificate where issuer = ? and crl_point = ? limit 1"
        if not self._register.ask(known, root.key_id, crl_point):
            raise KeyError(crl_point)
        at = self._told_at(at)
        builder = x509.CertificateRevocationListBuilder(
            issuer_name=root.certificate.subject, last_update=at, next_update=at + LIST_LIVES
        )
        for extension, critical in _list_extensions(root, crl_point, at):
            builder = builder.add_extension(extension, critical)
        for entry in self._entries(root, crl_point, at):
            builder = builder.add_revoked_certificate(entry)
        signer = self._stranger(root).key if self._disturbances.is_on("wrong_signer") else root.key
        return builder.sign(signer, hashes.SHA256()).public_bytes(Encoding.DER)

    def crl_points(self, issuer_key_id: str) -> list[str]:
        """Return the names of an authority's lists, RFC 4514. Raises KeyError for a stranger."""
        question = "select distinct crl_point from certificate where issuer = ?"
        rows = self._register.ask(question, self._root_called(issuer_key_id).key_id)
        return [row["crl_point"] for row in rows]

    def answer(self, request_der: bytes, at: datetime) -> bytes:
        """Return a signed answer, or an unsigned word why there is none."""
        try:
            request = ocsp.load_der_ocsp_request(request_der)
            algorithm = request.hash_algorithm
        except (ValueError, NotImplementedError, UnsupportedAlgorithm):
            return _unsigned(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
        wanted = request.issuer_name_hash, request.issuer_key_hash
        for root in self._roots:
            if (root.name_digest(algorithm), root.key_digest(algorithm)) == wanted:
                return self._signed(root, request, self._told_at(at))
        return _unsigned(ocsp.OCSPResponseStatus.UNAUTHORIZED)

    def _signed(self, root: Root, request: ocsp.OCSPRequest, at: datetime) -> bytes:
        question = "select * from certificate where issuer = ? and serial = ?"
        rows = self._register.ask(question, root.key_id, format(request.serial_number, "x"))
        revoked = bool(rows and rows[0]["revoked_at"] and read(rows[0]["revoked_at"]) <= at)
        status = ocsp.OCSPCertStatus.GOOD if rows else ocsp.OCSPCertStatus.UNKNOWN
        responder = self._responder(root)
        builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
            issuer_name_hash=request.issuer_name_hash,
            issuer_key_hash=request.issuer_key_hash,
            serial_number=request.serial_number,
            algorithm=request.hash_algorithm,
            cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else status,
            this_update=at,
            next_update=at + ANSWER_LIVES,
            revocation_time=read(rows[0]["revoked_at"]) if revoked else None,
            revocation_reason=_reason(rows[0]["reason"]) if revoked else None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate)
        builder = builder.certificates([responder.certificate])
        for nonce in _nonces(request):
            builder = builder.add_extension(nonce, critical=False)
        return builder.sign(responder.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def _root_called(self, name: str) -> Root:
        for root in self._roots:
            if root.is_called(name):
                return root
        raise KeyError(name)

    def _entries(self, root: Root, crl_point: str, at: datetime) -> list[x509.RevokedCertificate]:
        question = (
            "select serial, reason, revoked_at from certificate where issuer = ? and crl_point = ?"
            " and reason <> '' and revoked_at <= ? order by revoked_at, serial"
        )
        rows = self._register.ask(question, root.key_id, crl_point, written(at))
        return [_entry(row["serial"], row["reason"], read(row["revoked_at"])) for row in rows]

    def _told_at(self, at: datetime) -> datetime:
        late = 2 * LIST_LIVES if self._disturbances.is_on("stale") else timedelta(0)
        return at.astimezone(UTC).replace(microsecond=0) - late

    def _responder(self, root: Root) -> _Responder:
        if self._disturbances.is_on("wrong_signer"):
            stranger = self._stranger(root)
            return _Responder(_responder_certificate(stranger, stranger.key), stranger.key)
        question = "select certificate, key from responder where root = ?"
        rows = self._register.ask(question, root.key_id)
        return _read_responder(rows[0]) if rows else self._new_responder(root)

    def _new_responder(self, root: Root) -> _Responder:
        key = self._new_key()
        made = _Responder(_responder_certificate(root, key), key)
        row = (root.key_id, made.certificate.public_bytes(Encoding.DER), key_bytes(key))
        with self._register.acting() as db:  # another process may have been quicker: its row stays
            db.execute("insert or ignore into responder values (?, ?, ?)", row)
        return made

    def _stranger(self, root: Root) -> Root:
        """Somebody who calls himself as the authority does, with a key that is never its own."""
        return new_root(root.kind, root.generation, new_key())


def _list_extensions(
    root: Root, crl_point: str, at: datetime
) -> list[tuple[x509.ExtensionType, bool]]:
    try:
        name = x509.Name.from_rfc4514_string(crl_point)
    except ValueError:  # a test let a certificate point to the web: there is no such list
        raise KeyError(crl_point) from None
    point = x509.IssuingDistributionPoint(
        full_name=[x509.DirectoryName(name)],
        relative_name=None,
        only_contains_user_certs=False,
        only_contains_ca_certs=False,
        only_some_reasons=None,
        indirect_crl=False,
        only_contains_attribute_certs=False,
    )
    return [
        (x509.AuthorityKeyIdentifier(bytes.fromhex(root.key_id), None, None), False),
        (x509.CRLNumber(int(at.timestamp())), False),
        (point, True),
    ]


def _entry(serial: str, reason: str, revoked_at: datetime) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder(int(serial, 16), revoked_at)
    flag = _reason(reason)
    if flag is not None:
        builder = builder.add_extension(x509.CRLReason(flag), critical=False)
    return builder.build()


def _reason(name: str) -> x509.ReasonFlags | None:
    """Return the code; "unspecified" is said by saying nothing (RFC 5280 §5.3.1)."""
    return None if name == "unspecified" else REASONS[name]


def _nonces(request: ocsp.OCSPRequest) -> list[x509.OCSPNonce]:
    values = [extension.value for extension in request.extensions]
    return [value for value in values if isinstance(value, x509.OCSPNonce)]


def _unsigned(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)


def _responder_certificate(root: Root, key: rsa.RSAPrivateKey) -> x509.Certificate:
    """Return a certificate that lets a key answer for the authority. Source: RFC 6960 §4.2.2.2."""
    subject = name_of(("O", "JPKI-TEST"), ("CN", f"OCSP Responder {root.kind}"))
    builder = (
        x509.CertificateBuilder(root.certificate.subject, subject, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(root.certificate.not_valid_before_utc)
        .not_valid_after(root.certificate.not_valid_after_utc)
        .add_extension(KEY_USAGES["auth"], critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False)
        .add_extension(x509.OCSPNoCheck(), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier(bytes.fromhex(root.key_id), None, None), False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )
    return builder.sign(root.key, hashes.SHA256())


def _read_responder(row: sqlite3.Row) -> _Responder:
    certificate = x509.load_der_x509_certificate(row["certificate"])
    return _Responder(certificate, read_key(row["key"]))
