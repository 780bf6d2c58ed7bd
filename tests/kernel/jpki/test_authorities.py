"""Who issued a certificate: the signature decides, the name only finds whom to ask."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import verification
from cryptography.x509.verification import ExtensionPolicy

from mypost.kernel.errors import AuthorityRefused
from mypost.kernel.jpki.authorities import TrustStore, read_authority
from mypost.kernel.jpki.certificate import CardCertificate
from mypost.kernel.jpki.profile import examine
from mypost.kernel.jpki.worlds import Kind, World, name_of_authority
from sandbox.card_office.authority import Authority as Office
from sandbox.card_office.card import Kind as CardKind
from sandbox.card_office.profile import Extension, extension, key_usage
from sandbox.card_office.roots import name_of
from tests.conftest import NOW
from tests.kernel.jpki.office import certificate, pems, spare_key, trusted
from tests.kernel.jpki.roots import root_pem

SIGN_NAME = name_of_authority(World.SANDBOX, Kind.SIGN)


def test_six_generations_bear_two_names_and_six_keys(store: TrustStore) -> None:
    assert len({authority.name for authority in store.authorities}) == 2
    assert len({authority.key_id for authority in store.authorities}) == 6


@pytest.mark.parametrize("generation", [2, 3])
@pytest.mark.parametrize("kind", ["sign", "auth"])
def test_it_finds_the_generation_that_signed(
    office: Office, store: TrustStore, kind: CardKind, generation: int
) -> None:
    issuer = store.issuer_of(certificate(office, kind, generation=generation))
    assert issuer is not None
    assert issuer.key_id == office.root(kind, generation).key_id


def test_it_finds_it_also_when_the_certificate_names_another_key(
    office: Office, store: TrustStore
) -> None:
    other = bytes.fromhex(office.root("sign", 2).key_id)
    issuer = store.issuer_of(certificate(office, authority_key_id=other))
    assert issuer is not None
    assert issuer.key_id == office.root("sign", 3).key_id


def test_the_order_of_the_store_does_not_matter(office: Office) -> None:
    backwards = TrustStore.of(pems(office)[::-1], world=World.SANDBOX)
    for generation in (2, 3):
        assert backwards.issuer_of(certificate(office, generation=generation))


def test_nobody_signed_a_forgery(office: Office, store: TrustStore) -> None:
    assert store.issuer_of(certificate(office, signed_by=spare_key(7))) is None


def test_a_forger_gains_nothing_by_naming_the_right_key(office: Office, store: TrustStore) -> None:
    right = bytes.fromhex(office.root("sign").key_id)
    forged = certificate(office, signed_by=spare_key(7), authority_key_id=right)
    assert store.issuer_of(forged) is None


@pytest.mark.parametrize("days", [-3, 0])
def test_an_expired_generation_counts_for_what_it_issued_before(
    office: Office, store: TrustStore, days: int
) -> None:
    ended = office.root("sign", 1).certificate.not_valid_after_utc
    in_time = certificate(office, generation=1, at=ended + timedelta(days=days))
    assert store.issuer_of(in_time) is not None


def test_an_expired_generation_counts_for_nothing_later(office: Office, store: TrustStore) -> None:
    assert store.issuer_of(certificate(office, generation=1, at=NOW)) is None


def test_a_generation_counts_for_nothing_before_its_time(office: Office, store: TrustStore) -> None:
    began = office.root("sign", 3).certificate.not_valid_before_utc
    early = certificate(office, not_before=began - timedelta(seconds=1))
    assert store.issuer_of(early) is None


@pytest.mark.parametrize("hash_name", ["sha1", "sha384"])
def test_a_signature_of_another_kind_does_not_count(
    office: Office, store: TrustStore, hash_name: str
) -> None:
    assert store.issuer_of(certificate(office, signature_hash=hash_name)) is None


def test_each_world_refuses_the_authorities_of_the_other(office: Office) -> None:
    with pytest.raises(AuthorityRefused):
        trusted(office, World.PRODUCTION)
    real = root_pem(name_of_authority(World.PRODUCTION, Kind.SIGN))
    assert read_authority(real, world=World.PRODUCTION).kind is Kind.SIGN
    with pytest.raises(AuthorityRefused):
        read_authority(real, world=World.SANDBOX)


def test_one_authority_of_the_other_world_refuses_all(office: Office) -> None:
    real = root_pem(name_of_authority(World.PRODUCTION, Kind.AUTH))
    with pytest.raises(AuthorityRefused):
        TrustStore.of([*pems(office), real], world=World.SANDBOX)


@cache
def short_key(_number: int) -> rsa.RSAPrivateKey:
    """One bit less than a root must have; it signs itself, so that nothing else is wrong."""
    return rsa.generate_private_key(65537, 2047)


BENT_ROOTS: dict[str, dict[str, Any]] = {
    "another name": {"name": name_of(("O", "JPKI-TEST"))},
    "signed by another": {"signed_by": spare_key},
    "issued by another": {"issuer": name_of(("O", "Elsewhere"))},
    "no authority": {
        "instead": {"constraints": extension(x509.BasicConstraints(False, None), critical=True)}
    },
    "constraints not critical": {
        "instead": {"constraints": extension(x509.BasicConstraints(True, None), critical=False)}
    },
    "signs no certificates": {
        "instead": {"usage": extension(key_usage("crl_sign"), critical=True)}
    },
    "signs no lists": {
        "instead": {"usage": extension(key_usage("key_cert_sign"), critical=True)}
    },
    "a short key": {"key": short_key, "signed_by": short_key},
    "a key of another kind": {"key": lambda _: ec.generate_private_key(ec.SECP256R1())},
    "another hash": {"signature_hash": "sha384"},
}  # fmt: skip


@pytest.mark.parametrize("what", BENT_ROOTS)
def test_a_root_that_is_not_as_it_should_be_is_refused(what: str) -> None:
    made = {name: one(31) if callable(one) else one for name, one in BENT_ROOTS[what].items()}
    pem = root_pem(made.pop("name", SIGN_NAME), **made)
    with pytest.raises(AuthorityRefused):
        read_authority(pem, world=World.SANDBOX)


def test_a_root_as_it_should_be_is_taken() -> None:
    assert read_authority(root_pem(SIGN_NAME), world=World.SANDBOX).kind is Kind.SIGN


TAKEN: dict[str, dict[str, Any]] = {
    "as cards have it": {},
    "second generation": {"generation": 2},
    "first generation, in its time": {"generation": 1, "at": datetime(2018, 4, 1, tzinfo=UTC)},
    "says that it is no authority": {"ca": False},
    "says something of its own": {"extra": (Extension("1.3.6.1.4.1.55555.1", False, b"\5\0"),)},
    "long key": {"key": lambda: rsa.generate_private_key(65537, 3072)},
}


@pytest.mark.parametrize("what", TAKEN)
@pytest.mark.parametrize("kind", ["sign", "auth"])
def test_whatever_we_take_the_library_takes_too(
    office: Office, store: TrustStore, kind: CardKind, what: str
) -> None:
    made = {name: one() if callable(one) else one for name, one in TAKEN[what].items()}
    card = certificate(office, kind, **made)
    assert store.issuer_of(card) is not None
    assert examine(card).faults == ()
    roots = [root.certificate for root in office.roots if root.kind == kind]
    library_at_issue(roots, card).verify(card.paper, [])


def library_at_issue(
    roots: list[x509.Certificate], card: CardCertificate
) -> verification.ClientVerifier:
    """The library's own path validation; it must be told that a policy may be critical."""
    critical, anything = verification.Criticality.CRITICAL, ExtensionPolicy.permit_all()
    leaf = anything.require_present(x509.CertificatePolicies, critical, None)
    root = anything.require_present(x509.BasicConstraints, critical, None)
    builder = verification.PolicyBuilder().store(verification.Store(roots)).time(card.not_before)
    return builder.extension_policies(ca_policy=root, ee_policy=leaf).build_client_verifier()
