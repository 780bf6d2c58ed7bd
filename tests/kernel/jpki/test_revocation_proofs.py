"""Lists and OCSP answers: made by hand, each wrong in one way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as library
from cryptography.x509.oid import ExtendedKeyUsageOID

from mypost.kernel.errors import RevocationProofInvalid
from mypost.kernel.jpki import ocsp
from mypost.kernel.jpki.authorities import Authority, TrustStore
from mypost.kernel.jpki.revocation import RevocationStatus, is_fresh
from mypost.kernel.jpki.revocation_list import RevocationList, read_revocation_list
from sandbox.card_office.authority import Authority as Office
from sandbox.card_office.roots import crl_name, name_of
from tests.conftest import NOW
from tests.kernel.jpki.office import spare_key

POINT = crl_name("sign", "Tokyo", "Kiyose-shi")
SERIAL = 0x1EA8B0
NONCE = bytes(range(32))
HOUR = timedelta(hours=1)


@pytest.fixture(scope="session")
def authority(office: Office, store: TrustStore) -> Authority:
    found = store.called(office.root("sign").key_id)
    assert found is not None
    return found


def point(**changed: Any) -> x509.IssuingDistributionPoint:
    usual: dict[str, Any] = {
        "full_name": [x509.DirectoryName(POINT)], "relative_name": None,
        "only_contains_user_certs": False, "only_contains_ca_certs": False,
        "only_some_reasons": None, "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }  # fmt: skip
    return x509.IssuingDistributionPoint(**{**usual, **changed})


@dataclass
class Listed:
    """A list, DER, with one thing bent. signed_by: None for the authority itself."""

    issuer: x509.Name | None = None
    this_update: datetime = NOW
    next_update: datetime = NOW + timedelta(hours=24)
    point: x509.IssuingDistributionPoint | None = field(default_factory=point)
    extra: tuple[tuple[x509.ExtensionType, bool], ...] = ()
    signed_by: int | None = None
    hash_of: hashes.SHA256 | hashes.SHA384 = field(default_factory=hashes.SHA256)
    entry: tuple[tuple[x509.ExtensionType, bool], ...] = ()

    def der(self, office: Office) -> bytes:
        root = office.root("sign")
        issuer = self.issuer or root.certificate.subject
        builder = x509.CertificateRevocationListBuilder(issuer, self.this_update, self.next_update)
        told = [*([(self.point, True)] if self.point else []), *self.extra]
        for value, critical in told:
            builder = builder.add_extension(value, critical)
        entry = x509.RevokedCertificateBuilder(SERIAL, NOW - HOUR)
        for value, critical in self.entry:
            entry = entry.add_extension(value, critical)
        key = root.key if self.signed_by is None else spare_key(self.signed_by)
        signed = builder.add_revoked_certificate(entry.build()).sign(key, self.hash_of)
        return signed.public_bytes(Encoding.DER)


def read(authority: Authority, der: bytes, at: datetime = NOW) -> RevocationList:
    named = POINT.rfc4514_string()
    return read_revocation_list(der, authority=authority, crl_point=named, at=at)


def test_a_list_tells_who_is_on_it_and_who_is_not(office: Office, authority: Authority) -> None:
    listed = read(authority, Listed().der(office))
    status = listed.status_of(f"{SERIAL:x}")
    assert (status.state, status.reason, status.revoked_at) == (
        "revoked", "unspecified", NOW - HOUR,
    )  # fmt: skip
    assert listed.status_of("1").state == "good"


@pytest.mark.parametrize(
    ("begins", "ends", "fresh", "reason"),
    [
        (timedelta(minutes=5), None, True, "another's clock may be five minutes ahead"),
        (timedelta(minutes=5, microseconds=1), None, False, "and no more"),
        (timedelta(hours=-24), None, True, "a day old"),
        (timedelta(hours=-24, microseconds=-1), None, False, "older than a day"),
        (timedelta(0), timedelta(microseconds=1), True, "not yet outlived"),
        (timedelta(0), timedelta(0), False, "outlived"),
    ],
)
def test_a_proof_is_fresh_for_a_day(
    begins: timedelta, ends: timedelta | None, fresh: bool, reason: str
) -> None:
    until = None if ends is None else NOW + ends
    assert is_fresh(NOW + begins, until, NOW) is fresh, reason


WRONG_LISTS: dict[str, Callable[[], Listed]] = {
    "another issuer": lambda: Listed(issuer=name_of(("O", "JPKI-TEST"))),
    "signed by a stranger": lambda: Listed(signed_by=7),
    "signed with SHA-384": lambda: Listed(hash_of=hashes.SHA384()),
    "of yesterday morning": lambda: Listed(
        this_update=NOW - timedelta(hours=25), next_update=NOW + HOUR
    ),
    "outlived": lambda: Listed(this_update=NOW - 2 * HOUR, next_update=NOW),
    "of the future": lambda: Listed(this_update=NOW + HOUR),
    "of no place": lambda: Listed(point=None),
    "of another place": lambda: Listed(
        point=point(full_name=[x509.DirectoryName(crl_name("sign", "Tokyo", "Minato-ku"))])
    ),
    "of a place in the web": lambda: Listed(
        point=point(full_name=[x509.UniformResourceIdentifier("http://127.0.0.1/a.crl")])
    ),
    "of authorities only": lambda: Listed(point=point(only_contains_ca_certs=True)),
    "of some reasons only": lambda: Listed(
        point=point(only_some_reasons=frozenset([x509.ReasonFlags.key_compromise]))
    ),
    "of other issuers too": lambda: Listed(point=point(indirect_crl=True)),
    "of changes only": lambda: Listed(extra=((x509.DeltaCRLIndicator(1), True),)),
    "of changes, said aside": lambda: Listed(extra=((x509.DeltaCRLIndicator(1), False),)),
    "with a critical word that we do not know": lambda: Listed(
        extra=((x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.5.1"), b""), True),)
    ),
}


@pytest.mark.parametrize("what", WRONG_LISTS)
def test_a_list_that_is_wrong_in_one_way_proves_nothing(
    office: Office, authority: Authority, what: str
) -> None:
    with pytest.raises(RevocationProofInvalid):
        read(authority, WRONG_LISTS[what]().der(office))


def test_an_entry_that_cannot_be_read_is_no_reason_to_call_it_good(
    office: Office, authority: Authority
) -> None:
    unknown = x509.UnrecognizedExtension(x509.CRLReason.oid, b"\x0a\x01\x63")
    der = Listed(entry=((unknown, False),)).der(office)
    with pytest.raises(RevocationProofInvalid):
        read(authority, der).status_of(f"{SERIAL:x}")


def test_damaged_lists_are_refused_and_nothing_else(office: Office, authority: Authority) -> None:
    chance, exact = Random(5280), Listed().der(office)
    for _ in range(500):
        damaged = bytearray(exact)
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        with pytest.raises(RevocationProofInvalid):
            read(authority, bytes(damaged))


@dataclass
class Answered:
    """An OCSP answer, DER, with one thing bent. delegate: uses of the responder's certificate."""

    serial: int = SERIAL
    this_update: datetime = NOW
    next_update: datetime | None = NOW + HOUR
    algorithm: hashes.HashAlgorithm = field(default_factory=hashes.SHA256)
    nonce: bytes | None = NONCE
    signed_by: int | None = None
    certified_by: int | None = None
    delegate: tuple[x509.ExtensionType, ...] | None = None
    delegate_ends: datetime = NOW + timedelta(days=30)
    delegate_issuer: x509.Name | None = None
    name_of_root: str = "sign"
    encoding: library.OCSPResponderEncoding = library.OCSPResponderEncoding.HASH
    answers: int = 1

    def der(self, office: Office) -> bytes:
        root = office.root("sign")
        key = root.key if self.signed_by is None else spare_key(self.signed_by)
        responder = root.certificate if self.delegate is None else self._delegate(office)
        about = office.root("auth" if self.name_of_root == "auth" else "sign")
        builder = library.OCSPResponseBuilder().add_response_by_hash(
            about.name_digest(self.algorithm), about.key_digest(self.algorithm), self.serial,
            self.algorithm, library.OCSPCertStatus.GOOD, self.this_update, self.next_update,
            None, None,
        ).responder_id(self.encoding, responder)  # fmt: skip
        if self.delegate is not None:
            builder = builder.certificates([responder])
        if self.nonce is not None:
            builder = builder.add_extension(x509.OCSPNonce(self.nonce), critical=False)
        return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)

    def _delegate(self, office: Office) -> x509.Certificate:
        root = office.root("sign")
        assert self.signed_by is not None
        key = root.key if self.certified_by is None else spare_key(self.certified_by)
        builder = x509.CertificateBuilder(
            self.delegate_issuer or root.certificate.subject, name_of(("CN", "OCSP")),
            spare_key(self.signed_by).public_key(), 77, NOW - HOUR, self.delegate_ends,
        )  # fmt: skip
        for value in self.delegate or ():
            builder = builder.add_extension(value, critical=False)
        return builder.sign(key, hashes.SHA256())


ANSWERS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
WEB = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
DELEGATE = (ANSWERS, x509.OCSPNoCheck())


def hear(authority: Authority, der: bytes) -> RevocationStatus:
    return ocsp.read_answer(der, authority=authority, serial=f"{SERIAL:x}", nonce=NONCE, at=NOW)


RIGHT_ANSWERS: dict[str, Callable[[], Answered]] = {
    "signed by the authority": Answered,
    "that gives its name": lambda: Answered(encoding=library.OCSPResponderEncoding.NAME),
    "signed by its delegate": lambda: Answered(signed_by=6, delegate=DELEGATE),
    "whose delegate gives its name": lambda: Answered(
        signed_by=6, delegate=DELEGATE, encoding=library.OCSPResponderEncoding.NAME
    ),
    "without our nonce": lambda: Answered(nonce=None),
    "without an end": lambda: Answered(next_update=None),
}


@pytest.mark.parametrize("what", RIGHT_ANSWERS)
def test_an_answer_by_who_may_answer_counts(
    office: Office, authority: Authority, what: str
) -> None:
    status = hear(authority, RIGHT_ANSWERS[what]().der(office))
    assert status.state == "good"
    assert status.proof is not None
    assert status.proof.at == NOW


WRONG_ANSWERS: dict[str, Callable[[], Answered]] = {
    "about another certificate": lambda: Answered(serial=SERIAL + 1),
    "about another authority": lambda: Answered(name_of_root="auth"),
    "with another hash": lambda: Answered(algorithm=hashes.SHA1()),
    "with another nonce": lambda: Answered(nonce=bytes(32)),
    "of yesterday morning": lambda: Answered(this_update=NOW - timedelta(hours=25)),
    "outlived": lambda: Answered(this_update=NOW - HOUR, next_update=NOW),
    "of the future": lambda: Answered(this_update=NOW + HOUR, next_update=NOW + 2 * HOUR),
    "by a delegate of nobody": lambda: Answered(signed_by=6, certified_by=6, delegate=DELEGATE),
    "by a delegate for the web": lambda: Answered(
        signed_by=6, delegate=(WEB, x509.OCSPNoCheck())
    ),
    "by a delegate for nothing": lambda: Answered(signed_by=6, delegate=(x509.OCSPNoCheck(),)),
    "by a delegate who may be revoked": lambda: Answered(signed_by=6, delegate=(ANSWERS,)),
    "by a delegate who has expired": lambda: Answered(
        signed_by=6, delegate=DELEGATE, delegate_ends=NOW - timedelta(minutes=1)
    ),
    "by a delegate of another name": lambda: Answered(
        signed_by=6, delegate=DELEGATE, delegate_issuer=name_of(("O", "Elsewhere"))
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG_ANSWERS)
def test_an_answer_that_is_wrong_in_one_way_proves_nothing(
    office: Office, authority: Authority, what: str
) -> None:
    with pytest.raises(RevocationProofInvalid):
        hear(authority, WRONG_ANSWERS[what]().der(office))


@pytest.mark.parametrize("status", [one for one in library.OCSPResponseStatus if one.value])
def test_a_refusal_to_answer_proves_nothing(
    authority: Authority, status: library.OCSPResponseStatus
) -> None:
    refusal = library.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)
    with pytest.raises(RevocationProofInvalid):
        hear(authority, refusal)


def test_damaged_answers_are_refused_and_nothing_else(office: Office, authority: Authority) -> None:
    chance, exact = Random(6960), Answered(signed_by=6, delegate=DELEGATE).der(office)
    for _ in range(800):
        damaged = bytearray(exact)
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        if damaged == exact:
            continue
        try:
            assert hear(authority, bytes(damaged)).state == "good"
        except RevocationProofInvalid:
            continue
        assert unsigned_part_changed(exact, bytes(damaged))


def unsigned_part_changed(exact: bytes, damaged: bytes) -> bool:
    """What the signature covers is the same: only what stands beside it differs."""
    before, after = (library.load_der_ocsp_response(one) for one in (exact, damaged))
    return before.tbs_response_bytes == after.tbs_response_bytes


def test_a_question_needs_its_whole_nonce(authority: Authority) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        ocsp.question(authority, "1", nonce=b"short")
    for size in (31, 33):  # RFC 9654 §2.1
        with pytest.raises(ValueError, match="32 bytes"):
            ocsp.question(authority, "1", nonce=bytes(size))
