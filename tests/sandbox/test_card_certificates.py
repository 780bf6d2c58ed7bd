"""The certificates have the shape of those on a real card, byte by byte where it matters."""

import warnings
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtensionOID

from sandbox.card_office import der
from sandbox.card_office.authority import Authority
from sandbox.card_office.card import Kind
from sandbox.card_office.profile import Extension

from .card_scene import AT, HANAKO, HINA, JIRO, open_authority

OIDS = ExtensionOID

KINDS: tuple[Kind, Kind] = ("sign", "auth")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return open_authority(tmp_path_factory.mktemp("office"))


def issued(authority: Authority, kind: Kind, **changes: object) -> bytes:
    file = authority.issue(HANAKO, AT, **changes)  # type: ignore[arg-type]
    certificate = file.sign_certificate if kind == "sign" else file.auth_certificate
    assert certificate
    return certificate


def read(certificate: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(certificate)


def value_of(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> bytes:
    return certificate.extensions.get_extension_for_oid(oid).value.public_bytes()


def test_the_basic_four_stand_in_the_order_of_the_card_each_as_utf8_string(
    authority: Authority,
) -> None:
    numbers = (1, 4, 3, 5, 2, 6)
    texts = (HANAKO.name, "319840412", "2", HANAKO.address, "00000", "0" * len(HANAKO.address))
    arc = bytes.fromhex("060a2a83088c9b55080505")  # 1.2.392.200149.8.5.5.x
    names = [
        der.tlv(0xA0, arc, bytes([number]), der.tlv(0xA0, der.tlv(0x0C, text.encode())))
        for number, text in zip(numbers, texts, strict=True)
    ]
    written = value_of(read(issued(authority, "sign")), OIDS.SUBJECT_ALTERNATIVE_NAME)
    assert written == der.tlv(0x30, *names)


def test_the_certificate_for_sign_in_tells_nothing_about_its_holder(authority: Authority) -> None:
    certificate = issued(authority, "auth")
    for fact in (HANAKO.name, HANAKO.address, HANAKO.birth_date, "Minato-shi, L="):
        assert fact.encode() not in certificate
    subject = read(certificate).subject
    assert [part.oid.dotted_string for part in subject] == ["2.5.4.6", "2.5.4.3"]
    assert "07299" in subject.rfc4514_string()


@pytest.mark.parametrize(
    ("kind", "bits", "policy"),
    [("sign", "030206c0", "1.2.392.200149.8.5.1.0.20"),
     ("auth", "03020780", "1.2.392.200149.8.5.1.0.30")],
)  # fmt: skip
def test_key_usage_and_policy_are_critical_and_exact(
    authority: Authority, kind: Kind, bits: str, policy: str
) -> None:
    certificate = read(issued(authority, kind))
    critical = {extension.oid for extension in certificate.extensions if extension.critical}
    assert critical == {OIDS.KEY_USAGE, OIDS.CERTIFICATE_POLICIES}
    assert value_of(certificate, OIDS.KEY_USAGE).hex() == bits
    found = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    assert [one.policy_identifier.dotted_string for one in found] == [policy]
    assert found[0].policy_qualifiers == ["http://www.jpki.go.jp/cps.html"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_revocation_list_is_named_as_a_directory_by_municipality(
    authority: Authority, kind: Kind
) -> None:
    points = read(issued(authority, kind)).extensions.get_extension_for_class(
        x509.CRLDistributionPoints
    )
    (point,) = points.value
    (name,) = point.full_name or []
    assert isinstance(name, x509.DirectoryName)
    purpose = "JPKI for digital signature" if kind == "sign" else "JPKI for user authentication"
    assert name.value.rfc4514_string() == (
        "CN=Minato-shi CRLDP,OU=Fukushima-ken,OU=CRL Distribution Points,"
        f"OU={purpose},O=JPKI-TEST,C=JP"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_it_has_the_extensions_of_the_profile_and_no_others(
    authority: Authority, kind: Kind
) -> None:
    certificate = read(issued(authority, kind))
    expected = [
        OIDS.KEY_USAGE, OIDS.CERTIFICATE_POLICIES, OIDS.SUBJECT_ALTERNATIVE_NAME,
        OIDS.ISSUER_ALTERNATIVE_NAME, OIDS.CRL_DISTRIBUTION_POINTS, OIDS.AUTHORITY_KEY_IDENTIFIER,
        OIDS.SUBJECT_KEY_IDENTIFIER,
    ]  # fmt: skip
    if kind == "auth":
        expected.remove(OIDS.SUBJECT_ALTERNATIVE_NAME)
    assert [extension.oid for extension in certificate.extensions] == expected
    assert certificate.version == x509.Version.v3
    key = certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    assert (key.key_size, key.public_numbers().e) == (2048, 65537)


def test_the_subject_of_a_signature_certificate_names_the_place_and_not_the_person(
    authority: Authority,
) -> None:
    parts = [(part.oid.dotted_string, str(part.value)) for part in read(
        issued(authority, "sign")
    ).subject]  # fmt: skip
    assert parts[:3] == [("2.5.4.6", "JP"), ("2.5.4.7", "Fukushima-ken"), ("2.5.4.7", "Minato-shi")]
    assert parts[3][1].startswith("20261122120405")  # in Japan it is noon


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("generation", [1, 2, 3])
def test_three_generations_share_one_name_and_only_the_key_tells_them_apart(
    authority: Authority, kind: Kind, generation: int
) -> None:
    certificate = read(issued(authority, kind, generation=generation))
    roots = [authority.root(kind, number).certificate for number in (1, 2, 3)]
    assert {root.subject for root in roots} == {certificate.issuer}
    signers = [root for root in roots if _has_signed(root, certificate)]
    assert signers == [authority.root(kind, generation).certificate]


def _has_signed(root: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(root)
    except Exception:
        return False
    return True


def test_the_first_generation_has_expired_and_the_others_have_not(authority: Authority) -> None:
    ends = [authority.root("sign", number).certificate.not_valid_after_utc for number in (1, 2, 3)]
    assert [end < AT for end in ends] == [True, False, False]


@pytest.mark.parametrize("kind", KINDS)
def test_a_root_has_the_shape_of_jpki(authority: Authority, kind: Kind) -> None:
    root = authority.root(kind).certificate
    assert [(extension.oid, extension.critical) for extension in root.extensions] == [
        (OIDS.KEY_USAGE, True), (OIDS.BASIC_CONSTRAINTS, True),
        (OIDS.SUBJECT_ALTERNATIVE_NAME, False), (OIDS.CRL_DISTRIBUTION_POINTS, False),
        (OIDS.SUBJECT_KEY_IDENTIFIER, False),
    ]  # fmt: skip
    constraints = root.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (constraints.ca, constraints.path_length) == (True, None)
    words = [str(part.value) for part in root.subject]
    agency = "Japan Agency for Local Authority Information Systems"
    assert words[:2] + words[3:] == ["JP", "JPKI-TEST", agency]
    names = root.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    (japanese,) = names.get_values_for_type(x509.DirectoryName)
    assert "公的個人認証サービス" in japanese.rfc4514_string()


def test_the_trust_folder_holds_six_authorities(authority: Authority) -> None:
    files = sorted(path.name for path in authority.trust_folder.iterdir())
    assert files == [f"{kind}-{number}.pem" for kind in ("auth", "sign") for number in (1, 2, 3)]


def test_both_kinds_are_numbered_by_counters_of_their_own(tmp_path: Path) -> None:
    authority = open_authority(tmp_path)
    first, second = authority.issue(HINA, AT), authority.issue(HANAKO, AT)
    third = authority.issue(JIRO, AT)
    auth = [int(file.auth_serial, 16) for file in (first, second, third)]
    assert auth == [0x218888, 0x218889, 0x21888A]
    assert [second.sign_serial, third.sign_serial] == ["1ea8a9", "1ea8aa"]


@pytest.mark.parametrize(
    ("birth_date", "issued_at", "last_day"),
    [
        ("319840412", datetime(2026, 11, 22, tzinfo=UTC), "2031-04-12"),
        ("319800217", datetime(2025, 10, 27, tzinfo=UTC), "2030-02-17"),
        ("319801122", datetime(2026, 11, 22, tzinfo=UTC), "2031-11-22"),  # issued on the birthday
        ("319801122", datetime(2026, 11, 21, 15, tzinfo=UTC), "2031-11-22"),  # in Japan it is
        ("420040229", datetime(2026, 11, 22, tzinfo=UTC), "2031-03-01"),
        ("400000000", datetime(2026, 11, 22, tzinfo=UTC), "2031-11-22"),
        ("319850400", datetime(2026, 11, 22, tzinfo=UTC), "2031-11-22"),
    ],
    ids=[
        "adult",
        "as-on-the-test-card",
        "birthday",
        "birthday-in-japan",
        "leap",
        "unknown",
        "part",
    ],
)
def test_it_lasts_to_the_fifth_birthday(
    authority: Authority, birth_date: str, issued_at: datetime, last_day: str
) -> None:
    person = type(HANAKO)(**{**vars(HANAKO), "birth_date": birth_date})
    file = authority.issue(person, issued_at)
    assert file.sign_certificate
    for certificate in (file.sign_certificate, file.auth_certificate):
        assert read(certificate).not_valid_before_utc == issued_at
        assert (
            f"{read(certificate).not_valid_after_utc:%Y-%m-%d %H:%M:%S}" == f"{last_day} 14:59:59"
        )


@pytest.mark.parametrize(
    ("birth_date", "has_one"),
    [("420111122", True), ("420111123", False), ("420160620", False), ("300000000", True)],
    ids=["fifteen-today", "fifteen-tomorrow", "child", "unknown"],
)
def test_nobody_under_fifteen_gets_a_certificate_for_signatures(
    authority: Authority, birth_date: str, has_one: bool
) -> None:
    person = type(HINA)(**{**vars(HINA), "birth_date": birth_date})
    file = authority.issue(person, AT)
    assert bool(file.sign_certificate) is has_one
    assert bool(file.sign_serial) is has_one
    assert file.auth_certificate


def test_a_name_with_a_variation_selector_is_written_as_it_is(authority: Authority) -> None:
    name = "辻\U000e0100　さくら"
    person = type(HANAKO)(**{**vars(HANAKO), "name": name, "name_substituted": "100000"})
    certificate = authority.issue(person, AT).sign_certificate
    assert certificate
    assert name.encode() in certificate
    assert b"\x0c\x06100000" in certificate


BENT = {
    "policy": {"policy": "1.2.392.200149.8.5.1.1.20"},
    "policy-not-critical": {"policy_critical": False},
    "key-usage-not-critical": {"key_usage_critical": False},
    "no-key-usage": {"key_usage": None},
    "ca": {"ca": True},
    "elliptic": {"key": ec.derive_private_key(7, ec.SECP256R1())},
    "not-yet": {"not_before": datetime(2027, 1, 1, tzinfo=UTC)},
    "expired": {"not_after": datetime(2026, 1, 1, tzinfo=UTC)},
    "reordered": {"other_names": ((4, "319840412"), (1, "佐藤　花子"))},
    "not-utf8-string": {"other_names": ((1, der.tlv(0x13, b"Hanako")),)},
    "on-the-web": {"crl_point": "http://127.0.0.1:9/x.crl"},
    "unknown-critical": {"extra": (Extension("1.2.3.4", True, der.NULL),)},
    "without-skid": {"without": ("2.5.29.14",)},
    "weak-hash": {"signature_hash": "sha1"},
}


@pytest.mark.parametrize("bent", BENT.values(), ids=list(BENT))
def test_a_test_can_bend_one_rule_and_all_others_hold(
    authority: Authority, bent: dict[str, object]
) -> None:
    certificate = read(issued(authority, "sign", bend="sign", **bent))
    straight = read(issued(authority, "sign"))
    root = authority.root("sign").certificate.public_key()
    assert isinstance(root, rsa.RSAPublicKey)
    digest = certificate.signature_hash_algorithm
    assert digest
    root.verify(
        certificate.signature, certificate.tbs_certificate_bytes, padding.PKCS1v15(), digest
    )
    changed = {
        extension.oid
        for extension in (*certificate.extensions, *straight.extensions)
        if extension.oid != OIDS.SUBJECT_KEY_IDENTIFIER
        and (extension not in certificate.extensions or extension not in straight.extensions)
    }
    assert len(changed) <= 1


def test_a_bent_rule_leaves_the_other_certificate_alone(authority: Authority) -> None:
    file = authority.issue(HANAKO, AT, bend="sign", policy="1.2.3")
    assert b"\x2a\x83\x08\x8c\x9b\x55\x08\x05\x01\x00\x1e" in file.auth_certificate


def test_an_extension_may_stand_twice(authority: Authority) -> None:
    certificate = read(issued(authority, "sign", doubled="2.5.29.15"))
    with pytest.raises(x509.DuplicateExtension):
        assert certificate.extensions


def test_a_version_may_be_wrong(authority: Authority) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises((ValueError, x509.InvalidVersion)):
            read(issued(authority, "auth", version=5))


def test_a_forgery_bears_the_name_of_the_authority_and_is_unknown_to_it(
    authority: Authority,
) -> None:
    stranger = authority.root("auth", 2).key
    forged = authority.issue(JIRO, AT, bend="sign", signed_by=stranger)
    assert forged.sign_certificate
    certificate = read(forged.sign_certificate)
    assert certificate.issuer == authority.root("sign").certificate.subject
    assert not _has_signed(authority.root("sign").certificate, certificate)
    key_id = authority.root("sign").key_id
    assert authority.status(key_id, forged.sign_serial, AT).state == "unknown"


def test_a_rule_that_does_not_exist_cannot_be_bent(authority: Authority) -> None:
    with pytest.raises(TypeError):
        authority.issue(HANAKO, AT, colour="green")
