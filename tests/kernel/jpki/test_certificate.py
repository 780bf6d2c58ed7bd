"""Reading: what a certificate says comes back; whatever else the bytes are, they are refused."""

from contextlib import suppress
from random import Random

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from mypost.kernel.errors import CertificateMalformed
from mypost.kernel.jpki.certificate import read_certificate
from mypost.kernel.jpki.profile import examine
from mypost.kernel.jpki.worlds import Kind, World
from sandbox.card_office import der
from sandbox.card_office.authority import Authority
from sandbox.card_office.profile import Extension
from tests.conftest import NOW
from tests.kernel.jpki.office import certificate, certificate_der

SAN = x509.SubjectAlternativeName.oid.dotted_string


def test_it_tells_what_a_certificate_for_signatures_says(office: Authority) -> None:
    root = office.root("sign")
    read = certificate(office, serial=0x067C6A21)
    assert (read.world, read.kind, read.serial) == (World.SANDBOX, Kind.SIGN, "67c6a21")
    assert read.issuer_key_id == root.key_id
    assert read.not_before == NOW
    assert read.crl_point == (
        "CN=Kiyose-shi CRLDP,OU=Tokyo,OU=CRL Distribution Points,"
        "OU=JPKI for digital signature,O=JPKI-TEST,C=JP"
    )


def test_it_tells_the_kind_by_who_issued_it(office: Authority) -> None:
    assert certificate(office, "auth").kind is Kind.AUTH


def test_nothing_of_its_holder_stands_in_what_is_printed(office: Authority) -> None:
    assert "花子" not in repr(certificate(office))


@pytest.mark.parametrize("kept", [0, 1, 4, 100, 1000, -1])
def test_it_refuses_a_certificate_that_was_cut_short(office: Authority, kept: int) -> None:
    with pytest.raises(CertificateMalformed):
        read_certificate(certificate_der(office)[:kept])


def test_it_refuses_what_stands_behind_a_certificate(office: Authority) -> None:
    with pytest.raises(CertificateMalformed):
        read_certificate(certificate_der(office) + b"\0")


def test_it_reads_sixteen_kibibytes_and_no_byte_more(office: Authority) -> None:
    def of_size(size: int) -> bytes:
        short = len(certificate_der(office, extra=(note(10_000),)))
        return certificate_der(office, extra=(note(10_000 + size - short),))

    assert len(of_size(16_384)) == 16_384
    assert read_certificate(of_size(16_384)).kind is Kind.SIGN
    assert len(of_size(16_385)) == 16_385
    with pytest.raises(CertificateMalformed):
        read_certificate(of_size(16_385))


def note(length: int) -> Extension:
    """An extension that nobody needs to know, of any length."""
    return Extension("1.3.6.1.4.1.55555.1", False, der.utf8("x" * length))


def test_it_refuses_an_extension_that_stands_twice(office: Authority) -> None:
    with pytest.raises(CertificateMalformed):
        certificate(office, doubled=x509.KeyUsage.oid.dotted_string)


def test_it_refuses_a_version_that_there_is_not(office: Authority) -> None:
    with pytest.raises(CertificateMalformed):
        certificate(office, version=5)


LONG = b"\x0c\x81\x012"  # the text "2", its length in a form that is not the shortest
LOOSE = [
    pytest.param(LONG, id="a length in a longer form"),
    pytest.param(der.utf8("2") + b"\0", id="more behind the text"),
    pytest.param(b"\x0c\x7f2", id="a length beyond the end"),
    pytest.param(b"\x0c", id="no length"),
]


@pytest.mark.parametrize("value", LOOSE)
def test_it_refuses_names_that_are_not_in_strict_der(office: Authority, value: bytes) -> None:
    name = der.tlv(0xA0, der.oid("1.2.392.200149.8.5.5.3"), der.tlv(0xA0, value))
    names = Extension(SAN, False, der.tlv(der.SEQUENCE, name))
    with pytest.raises(CertificateMalformed):
        certificate(office, without=(SAN,), extra=(names,))


@given(st.binary(max_size=200))
def test_random_bytes_are_no_certificate(content: bytes) -> None:
    with pytest.raises(CertificateMalformed):
        read_certificate(content)


@pytest.mark.parametrize("seed", range(8))
def test_damaged_bytes_are_refused_or_read_and_raise_nothing_else(
    office: Authority, seed: int
) -> None:
    chance, exact = Random(seed), certificate_der(office)
    for _ in range(250):
        damaged = bytearray(exact)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        with suppress(CertificateMalformed):
            examine(read_certificate(bytes(damaged)))
