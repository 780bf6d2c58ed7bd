"""Lists, OCSP and the platform tell the same, because they read the same register."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from sandbox.card_office.authority import Authority
from sandbox.card_office.card import Kind
from sandbox.card_office.disturbances import Disturbance
from tests.patience import PATIENCE

from .card_scene import AT, HANAKO, JIRO, open_authority

LATER = AT + timedelta(hours=1)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return open_authority(tmp_path_factory.mktemp("office")).folder


@pytest.fixture
def authority(founded: Path, tmp_path: Path) -> Authority:
    return open_authority(Path(shutil.copytree(founded, tmp_path / "office")))


def point_of(authority: Authority, city: str, kind: Kind = "sign") -> str:
    points = authority.revocations.crl_points(authority.root(kind).key_id)
    return next(point for point in points if city in point)


def list_of(authority: Authority, city: str, at: datetime) -> x509.CertificateRevocationList:
    key_id = authority.root("sign").key_id
    return x509.load_der_x509_crl(authority.crl(key_id, point_of(authority, city), at))


def asked(
    authority: Authority,
    certificate: bytes,
    at: datetime,
    *,
    generation: int = 3,
    algorithm: hashes.HashAlgorithm | None = None,
    nonce: bytes = b"",
) -> ocsp.OCSPResponse:
    issuer = authority.root("sign", generation).certificate
    builder = ocsp.OCSPRequestBuilder().add_certificate(
        x509.load_der_x509_certificate(certificate), issuer, algorithm or hashes.SHA1()
    )
    if nonce:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    request = builder.build().public_bytes(Encoding.DER)
    return ocsp.load_der_ocsp_response(authority.ocsp(request, at))


def signature_certificate(authority: Authority, **changes: int) -> tuple[bytes, str]:
    file = authority.issue(HANAKO, AT, **changes)  # type: ignore[arg-type]
    assert file.sign_certificate
    return file.sign_certificate, file.sign_serial


# RFC 5280 §5.3.1: those that an authority of cards gives
REASONS = [
    "unspecified", "key_compromise", "ca_compromise", "affiliation_changed", "superseded",
    "cessation_of_operation", "certificate_hold",
]  # fmt: skip


@pytest.mark.parametrize("reason", REASONS)
def test_list_ocsp_and_platform_agree(authority: Authority, reason: str) -> None:
    certificate, serial = signature_certificate(authority)
    key_id = authority.root("sign").key_id
    assert list_of(authority, "Minato", AT).get_revoked_certificate_by_serial_number(
        int(serial, 16)
    ) is None  # fmt: skip
    assert asked(authority, certificate, AT).certificate_status == ocsp.OCSPCertStatus.GOOD
    assert authority.status(key_id, serial, AT).state == "good"
    authority.revoke(serial, "sign", reason, "move", at=LATER)
    entry = list_of(authority, "Minato", LATER).get_revoked_certificate_by_serial_number(
        int(serial, 16)
    )
    answer, told = asked(authority, certificate, LATER), authority.status(key_id, serial, LATER)
    said = None if reason == "unspecified" else x509.ReasonFlags[reason]
    assert entry is not None
    assert entry.revocation_date_utc == answer.revocation_time_utc == told.revoked_at == LATER
    assert [extension.value.reason for extension in entry.extensions] == ([said] if said else [])
    assert answer.certificate_status == ocsp.OCSPCertStatus.REVOKED
    assert answer.revocation_reason == said
    assert (told.state, told.reason, told.cause) == ("revoked", reason, "move")


def test_before_it_was_revoked_it_was_good_and_a_replay_says_so(authority: Authority) -> None:
    certificate, serial = signature_certificate(authority)
    authority.revoke(serial, "sign", "key_compromise", at=LATER)
    assert asked(authority, certificate, AT).certificate_status == ocsp.OCSPCertStatus.GOOD
    assert len(list_of(authority, "Minato", AT)) == 0
    assert authority.status(authority.root("sign").key_id, serial, AT).state == "good"


def test_each_municipality_has_a_list_of_its_own(authority: Authority) -> None:
    authority.issue(HANAKO, AT)
    jiro = authority.issue(JIRO, AT)
    authority.revoke(jiro.sign_serial, "sign", "superseded", at=AT)
    assert len(list_of(authority, "Kazami", AT)) == 1
    assert len(list_of(authority, "Minato", AT)) == 0


def test_a_list_names_its_municipality_critically_and_its_authority_by_key(
    authority: Authority,
) -> None:
    authority.issue(HANAKO, AT)
    crl, root = list_of(authority, "Minato", AT), authority.root("sign")
    point = crl.extensions.get_extension_for_class(x509.IssuingDistributionPoint)
    assert point.critical
    (name,) = point.value.full_name or []
    assert name.value.rfc4514_string() == point_of(authority, "Minato")
    key_id = crl.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    assert key_id.key_identifier == bytes.fromhex(root.key_id)
    assert crl.is_signature_valid(root.key.public_key())
    assert crl.next_update_utc == AT + timedelta(hours=24)
    newer = list_of(authority, "Minato", LATER)
    numbers = [
        each.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
        for each in (crl, newer)
    ]
    assert numbers[0] < numbers[1]


def test_a_list_nobody_points_to_does_not_exist(authority: Authority) -> None:
    authority.issue(HANAKO, AT)
    key_id, point = authority.root("sign").key_id, point_of(authority, "Minato")
    for issuer, named in ((key_id, point + "x"), ("00" * 20, point), (key_id, "")):
        with pytest.raises(KeyError):
            authority.crl(issuer, named, AT)


def test_generations_do_not_share_a_list_though_they_share_a_name(authority: Authority) -> None:
    _, serial = signature_certificate(authority, generation=2)
    signature_certificate(authority, generation=3)
    authority.revoke(serial, "sign", "key_compromise", at=AT)
    point = point_of(authority, "Minato")
    sizes = [
        len(x509.load_der_x509_crl(authority.crl(authority.root("sign", n).key_id, point, AT)))
        for n in (2, 3)
    ]
    assert sizes == [1, 0]


def test_the_first_word_counts_but_a_hold_may_become_final(authority: Authority) -> None:
    _, serial = signature_certificate(authority)
    key_id = authority.root("sign").key_id
    authority.revoke(serial, "sign", "certificate_hold", at=AT)
    authority.revoke(serial, "sign", "key_compromise", "loss", at=LATER)
    authority.revoke(serial, "sign", "superseded", "renewal", at=LATER + timedelta(hours=1))
    told = authority.status(key_id, serial, LATER + timedelta(days=1))
    assert (told.reason, told.cause, told.revoked_at) == ("key_compromise", "loss", LATER)


@pytest.mark.parametrize(
    ("serial", "kind", "reason"),
    [("ffffff", "sign", "superseded"), ("218888", "sign", "superseded"), ("1ea8a9", "sign", "age")],
    ids=["never-issued", "other-kind", "no-such-reason"],
)
def test_it_revokes_nothing_that_it_does_not_know(
    authority: Authority, serial: str, kind: Kind, reason: str
) -> None:
    authority.issue(HANAKO, AT)
    with pytest.raises(KeyError):
        authority.revoke(serial, kind, reason, at=AT)


@pytest.mark.parametrize("algorithm", [hashes.SHA1(), hashes.SHA256()], ids=["sha1", "sha256"])
def test_ocsp_is_signed_by_somebody_whom_the_authority_appointed(
    authority: Authority, algorithm: hashes.HashAlgorithm
) -> None:
    certificate, _ = signature_certificate(authority)
    answer = asked(authority, certificate, AT, algorithm=algorithm, nonce=b"sixteen bytes ok")
    (responder,) = answer.certificates
    responder.verify_directly_issued_by(authority.root("sign").certificate)
    usage = responder.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.OCSP_SIGNING]
    key = responder.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), hashes.SHA256())
    assert answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == (
        b"sixteen bytes ok"
    )
    assert answer.this_update_utc == AT
    assert answer.next_update_utc is not None
    assert answer.next_update_utc > AT


def test_ocsp_does_not_know_a_serial_of_nobody(authority: Authority) -> None:
    forged = authority.issue(HANAKO, AT, signed_by=authority.root("auth").key).sign_certificate
    assert forged
    assert asked(authority, forged, AT).certificate_status == ocsp.OCSPCertStatus.UNKNOWN


def test_ocsp_answers_for_no_other_authority(authority: Authority, tmp_path: Path) -> None:
    stranger = Authority(tmp_path / "stranger")
    certificate = stranger.issue(JIRO, AT).sign_certificate
    assert certificate
    request = ocsp.OCSPRequestBuilder().add_certificate(
        x509.load_der_x509_certificate(certificate),
        stranger.root("sign").certificate,
        hashes.SHA1(),
    )
    answer = authority.ocsp(request.build().public_bytes(Encoding.DER), AT)
    status = ocsp.load_der_ocsp_response(answer).response_status
    assert status == ocsp.OCSPResponseStatus.UNAUTHORIZED


@pytest.mark.parametrize(
    "request_der", [b"", b"\x30", b"\x30\x80", b"x" * 500], ids=["empty", "cut", "endless", "text"]
)
def test_ocsp_says_that_a_broken_request_is_broken(
    authority: Authority, request_der: bytes
) -> None:
    status = ocsp.load_der_ocsp_response(authority.ocsp(request_der, AT)).response_status
    assert status == ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def test_old_news_are_no_longer_valid_in_list_and_ocsp(authority: Authority) -> None:
    certificate, _ = signature_certificate(authority)
    authority.disturbances.switch("stale", on=True)
    crl, answer = list_of(authority, "Minato", AT), asked(authority, certificate, AT)
    assert crl.next_update_utc is not None
    assert answer.next_update_utc is not None
    assert crl.next_update_utc < AT
    assert answer.next_update_utc < AT


def test_a_stranger_signs_under_the_name_of_the_authority(authority: Authority) -> None:
    certificate, _ = signature_certificate(authority)
    authority.disturbances.switch("wrong_signer", on=True)
    crl, root = list_of(authority, "Minato", AT), authority.root("sign").certificate
    assert crl.issuer == root.subject
    public_key = root.public_key()
    assert isinstance(public_key, rsa.RSAPublicKey)
    assert not crl.is_signature_valid(public_key)
    (responder,) = asked(authority, certificate, AT).certificates
    assert responder.issuer == root.subject
    with pytest.raises(InvalidSignature):
        responder.verify_directly_issued_by(root)
    authority.disturbances.switch("wrong_signer", on=False)
    assert list_of(authority, "Minato", AT).is_signature_valid(public_key)


def test_a_disturbance_that_is_none_is_refused(authority: Authority) -> None:
    switches: list[Disturbance] = ["silent", "slow", "broken", "stale", "wrong_signer"]
    assert not any(map(authority.disturbances.is_on, switches))
    with pytest.raises(KeyError):
        authority.disturbances.switch("thunder", on=True)


def test_a_person_stays_the_same_over_renewal_and_differs_from_everybody_else(
    authority: Authority,
) -> None:
    first, second = authority.issue(HANAKO, AT), authority.issue(HANAKO, LATER)
    jiro = authority.issue(JIRO, AT)
    serials = (first.sign_serial, first.auth_serial, second.sign_serial, second.auth_serial)
    assert len({authority.person_of(serial) for serial in serials}) == 1
    assert authority.person_of(jiro.sign_serial) not in (
        "", authority.person_of(first.sign_serial),
    )  # fmt: skip
    assert authority.person_of("0") == ""


def openssl(*words: str, folder: Path) -> str:
    program = shutil.which("openssl")
    assert program, "openssl is missing: apt install openssl"
    ended = subprocess.run(
        [program, *words], cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    return ended.stdout + ended.stderr


def test_openssl_accepts_chain_and_list_and_refuses_what_was_revoked(
    authority: Authority, tmp_path: Path
) -> None:
    at = datetime.now(UTC)
    file = authority.issue(HANAKO, at)
    assert file.sign_certificate
    pem = x509.load_der_x509_certificate(file.sign_certificate).public_bytes(Encoding.PEM)
    (tmp_path / "hanako.pem").write_bytes(pem)
    roots = [authority.root("sign", number).pem for number in (1, 2, 3)]
    (tmp_path / "roots.pem").write_bytes(b"".join(roots))
    check = ("verify", "-CAfile", "roots.pem", "-crl_check", "-extended_crl", "-ignore_critical",
             "-CRLfile", "list.pem", "hanako.pem")  # fmt: skip

    def judged() -> str:
        crl = list_of(authority, "Minato", datetime.now(UTC))
        (tmp_path / "list.pem").write_bytes(crl.public_bytes(Encoding.PEM))
        return openssl(*check, folder=tmp_path)

    assert judged() == "hanako.pem: OK\n"
    authority.revoke(file.sign_serial, "sign", "affiliation_changed", "move", at=at)
    assert "certificate revoked" in judged()
    (tmp_path / "list.pem").write_text("")
    assert "OK" not in openssl(*check, folder=tmp_path)


def test_openssl_reads_the_basic_four(authority: Authority, tmp_path: Path) -> None:
    certificate, _ = signature_certificate(authority)
    (tmp_path / "hanako.der").write_bytes(certificate)
    text = openssl(
        "x509", "-inform", "DER", "-in", "hanako.der", "-noout", "-text", folder=tmp_path
    )
    assert "1.2.392.200149.8.5.5.1::佐藤　花子" in text
    assert "DirName:C = JP, O = JPKI-TEST, OU = JPKI for digital signature" in text
