"""The strict profile: for each rule a certificate that breaks it, signed by the right authority."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from mypost.kernel.jpki.profile import examine
from mypost.kernel.jpki.worlds import Kind, World, name_of_authority
from sandbox.card_office import der
from sandbox.card_office.authority import Authority
from sandbox.card_office.card import Kind as CardKind
from sandbox.card_office.profile import Extension, extension, key_usage
from sandbox.card_office.roots import crl_name, name_of
from tests.conftest import NOW
from tests.kernel.jpki.office import certificate

HOLDER = ((1, "港　花子"), (4, "319800217"), (3, "2"), (5, "東京都"), (2, "0000"), (6, "000"))
OID = {
    "key_usage": x509.KeyUsage.oid.dotted_string,
    "policies": x509.CertificatePolicies.oid.dotted_string,
    "names": x509.SubjectAlternativeName.oid.dotted_string,
    "issuer_names": x509.IssuerAlternativeName.oid.dotted_string,
    "crl_points": x509.CRLDistributionPoints.oid.dotted_string,
    "authority_key": x509.AuthorityKeyIdentifier.oid.dotted_string,
    "subject_key": x509.SubjectKeyIdentifier.oid.dotted_string,
}
UNKNOWN = "1.3.6.1.4.1.55555.1"


@dataclass(frozen=True)
class Bent:
    """One certificate against the profile. changes: given to the office."""

    what: str
    fault: str
    changes: dict[str, Any] = field(default_factory=dict)
    kind: CardKind = "sign"


def two_policies() -> Extension:
    wanted = ["1.2.392.200149.8.5.1.0.20", "1.2.392.200149.8.5.1.0.30"]
    both = [x509.PolicyInformation(x509.ObjectIdentifier(oid), None) for oid in wanted]
    return extension(x509.CertificatePolicies(both), critical=True)


def two_points() -> Extension:
    names = [crl_name("sign", "Tokyo", city) for city in ("Kiyose-shi", "Minato-ku")]
    points = [x509.DistributionPoint([x509.DirectoryName(one)], None, None, None) for one in names]
    return extension(x509.CRLDistributionPoints(points))


def names_with(**changed: str | bytes) -> dict[str, Any]:
    return {"other_names": tuple((n, changed.get(f"n{n}", text)) for n, text in HOLDER)}


BENT = [
    Bent("serial of 160 bits, so 21 bytes", "serial_number", {"serial": 1 << 159}),
    Bent("signed with SHA-384", "signature_algorithm", {"signature_hash": "sha384"}),
    Bent("ends before it begins", "validity", {"not_after": NOW - timedelta(days=1)}),
    Bent("no country", "subject", {"subject": x509.Name([])}),
    Bent("no identifier", "subject", {"subject": name_of()}),
    Bent("two identifiers", "subject", {"subject": name_of(("CN", "A"), ("CN", "B"))}),
    Bent("an organisation", "subject", {"subject": name_of(("O", "MyPost"), ("CN", "A"))}),
    Bent(
        "sign-in tells a place",
        "subject",
        {"subject": name_of(("L", "Tokyo"), ("CN", "A"))},
        "auth",
    ),
    Bent("no key usage", "key_usage", {"without": (OID["key_usage"],)}),
    Bent("key usage not critical", "key_usage", {"key_usage_critical": False}),
    Bent("signs only", "key_usage", {"key_usage": key_usage("digital_signature")}),
    Bent(
        "sign-in also signs for good",
        "key_usage",
        {"key_usage": key_usage("digital_signature", "content_commitment")},
        "auth",
    ),
    Bent(
        "issues certificates",
        "key_usage",
        {"key_usage": key_usage("digital_signature", "content_commitment", "key_cert_sign")},
    ),
    Bent("an authority", "basic_constraints", {"ca": True}),
    Bent("no policy", "policy", {"without": (OID["policies"],)}),
    Bent("policy not critical", "policy", {"policy_critical": False}),
    Bent("policy of production", "policy", {"policy": "1.2.392.200149.8.5.1.1.20"}),
    Bent("policy of sign-in", "policy", {"policy": "1.2.392.200149.8.5.1.0.30"}),
    Bent("any policy", "policy", {"policy": "2.5.29.32.0"}),
    Bent("two policies", "policy", {"without": (OID["policies"],), "extra": (two_policies(),)}),
    Bent("no names", "names", {"other_names": ()}),
    Bent("five names", "names", {"other_names": HOLDER[:5]}),
    Bent("a name twice", "names", {"other_names": (*HOLDER, HOLDER[0])}),
    Bent("a seventh name", "names", {"other_names": (*HOLDER, (7, "0"))}),
    Bent("an empty name", "names", names_with(n1="", n2="")),
    Bent("not UTF-8", "names", names_with(n1=der.tlv(der.UTF8_STRING, b"\xff\xfe\xfd\xfc"))),
    Bent("another kind of string", "names", names_with(n3=der.tlv(0x13, b"2"))),
    Bent("control characters", "names", names_with(n1="港　花\0")),
    Bent("no sex that there is", "names", names_with(n3="4")),
    Bent("a day that never was", "names", names_with(n4="319800230")),
    Bent("flags too short", "names", names_with(n2="000")),
    Bent("flags that say 2", "names", names_with(n6="002")),
    Bent("sign-in tells the basic four", "names", {"other_names": HOLDER}, "auth"),
    Bent("no list", "crl_point", {"without": (OID["crl_points"],)}),
    Bent("a list in the web", "crl_point", {"crl_point": "http://127.0.0.1:9/ca.crl"}),
    Bent("two lists", "crl_point", {"without": (OID["crl_points"],), "extra": (two_points(),)}),
    Bent("no authority key", "key_identifiers", {"without": (OID["authority_key"],)}),
    Bent("no key identifier", "key_identifiers", {"without": (OID["subject_key"],)}),
    Bent(
        "an unknown critical extension",
        "critical_extensions",
        {"extra": (Extension(UNKNOWN, True, der.utf8("?")),)},
    ),
    Bent(
        "a critical extension that we only know by name",
        "critical_extensions",
        {
            "extra": (
                extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=True),
            )
        },
    ),
]


@pytest.mark.parametrize("bent", BENT, ids=lambda bent: bent.what)
def test_it_names_the_rule_that_a_certificate_breaks(office: Authority, bent: Bent) -> None:
    assert examine(certificate(office, bent.kind, **bent.changes)).faults == (bent.fault,)


@pytest.mark.parametrize("kind", ["sign", "auth"])
def test_it_finds_no_fault_in_a_cards_own_certificates(office: Authority, kind: CardKind) -> None:
    assert examine(certificate(office, kind)).faults == ()


@pytest.mark.parametrize("generation", [1, 2, 3])
def test_it_knows_no_difference_between_generations(office: Authority, generation: int) -> None:
    assert examine(certificate(office, generation=generation)).faults == ()


PRODUCTION: dict[CardKind, str] = {
    "sign": "1.2.392.200149.8.5.1.1.20",
    "auth": "1.2.392.200149.8.5.1.3.30",
}


@pytest.mark.parametrize("kind", ["sign", "auth"])
def test_in_production_each_kind_has_another_policy(office: Authority, kind: CardKind) -> None:
    issuer = name_of_authority(World.PRODUCTION, Kind(kind))
    real = certificate(office, kind, issuer=issuer, policy=PRODUCTION[kind])
    assert (real.world, examine(real).faults) == (World.PRODUCTION, ())
    for_tests = certificate(office, kind, issuer=issuer)
    assert examine(for_tests).faults == ("policy",)


def test_an_unknown_extension_that_is_not_critical_may_stand(office: Authority) -> None:
    aside = Extension(UNKNOWN, False, der.utf8("?"))
    assert examine(certificate(office, extra=(aside,))).faults == ()


def test_it_may_say_that_it_is_no_authority(office: Authority) -> None:
    assert examine(certificate(office, ca=False)).faults == ()


WEAK_KEYS: dict[str, Callable[[], rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey]] = {
    "RSA of 1024 bits": lambda: rsa.generate_private_key(65537, 1024),
    "RSA with exponent 3": lambda: rsa.generate_private_key(3, 2048),
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
}


@dataclass(frozen=True)
class PublicKey:
    """A key that only stands in a certificate: any odd number of the right size will do."""

    bits: int

    def public_key(self) -> rsa.RSAPublicKey:
        return rsa.RSAPublicNumbers(65537, (1 << self.bits - 1) + 1).public_key()

    def private_bytes(self, *_how: object) -> bytes:
        return b"none"


@pytest.mark.parametrize(
    ("bits", "faults"),
    [(2047, ("key",)), (2048, ()), (2049, ("key",)), (3072, ()), (4096, ()), (4097, ("key",))],
)
def test_a_key_has_one_of_three_sizes(
    office: Authority, bits: int, faults: tuple[str, ...]
) -> None:
    assert examine(certificate(office, key=PublicKey(bits))).faults == faults


@pytest.mark.parametrize("what", WEAK_KEYS)
def test_it_refuses_a_weak_or_foreign_key(office: Authority, what: str) -> None:
    assert examine(certificate(office, key=WEAK_KEYS[what]())).faults == ("key",)


def test_it_takes_a_number_of_twenty_bytes_that_is_positive(office: Authority) -> None:
    longest = (1 << 159) - 1  # RFC 5280 §4.1.2.2: the first bit of the first byte is the sign
    assert examine(certificate(office, serial=longest)).faults == ()


@pytest.mark.filterwarnings("ignore:Parsed a serial number which wasn't positive")
@pytest.mark.parametrize("serial", [0, -1])
def test_it_refuses_a_number_below_one(office: Authority, serial: int) -> None:
    assert examine(certificate(office, serial=serial)).faults == ("serial_number",)


def test_a_certificate_of_the_first_version_breaks_many_rules(office: Authority) -> None:
    assert "version" in examine(certificate(office, version=1)).faults
