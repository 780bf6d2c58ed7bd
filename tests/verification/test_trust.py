"""The trust folder: one world, every generation, and a mistake in it makes nobody valid."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pytest_django import Settings

from mypost.verification import trust
from sandbox.card_office.roots import name_of
from tests.kernel.jpki.roots import root_pem
from tests.verification.conftest import CardOffice, prove

REAL = name_of(
    ("O", "JPKI"),
    ("OU", "JPKI for digital signature"),
    ("OU", "Japan Agency for Local Authority Information Systems"),
)


@pytest.fixture
def folder(trusting: CardOffice, settings: Settings, tmp_path: Path) -> Path:
    """A copy of the office's authorities, to which others may be added."""
    for path in trusting.authority.trust_folder.glob("*.pem"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    settings.JPKI_TRUST_FOLDER = tmp_path
    return tmp_path


def test_all_six_authorities_are_there(folder: Path) -> None:
    assert len(trust.store().authorities) == 6


def test_other_files_are_left_alone(folder: Path) -> None:
    (folder / "README.txt").write_text("Authorities of the sandbox.")
    assert len(trust.store().authorities) == 6


def test_an_authority_that_is_added_later_counts_from_then_on(folder: Path) -> None:
    taken = folder / "sign-2.pem"
    content = taken.read_bytes()
    taken.unlink()
    assert len(trust.store().authorities) == 5
    taken.write_bytes(content)
    assert len(trust.store().authorities) == 6


@pytest.mark.parametrize("content", [b"", b"-----BEGIN CERTIFICATE-----\n"], ids=["empty", "cut"])
def test_a_file_that_is_no_authority_refuses_the_folder(
    folder: Path, trusting: CardOffice, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    (folder / "new.pem").write_bytes(content)
    assert trust.store().authorities == ()
    assert prove(trusting.card().sign_certificate).reasons == ("trust_store_empty",)
    assert str(folder) in caplog.text


def test_a_real_authority_among_those_for_tests_refuses_the_folder(
    folder: Path, trusting: CardOffice
) -> None:
    (folder / "real.pem").write_bytes(root_pem(REAL))
    assert prove(trusting.card().sign_certificate).reasons == ("trust_store_empty",)


def test_authorities_for_tests_are_refused_where_real_ones_count(
    folder: Path, settings: Settings
) -> None:
    settings.JPKI_WORLD = "production"
    assert trust.store().authorities == ()


def test_three_real_generations_are_all_used(settings: Settings, tmp_path: Path) -> None:
    settings.JPKI_WORLD, settings.JPKI_TRUST_FOLDER = "production", tmp_path
    for generation in (1, 2, 3):
        (tmp_path / f"signca0{generation}.pem").write_bytes(root_pem(REAL, generation))
    keys = {authority.key_id for authority in trust.store().authorities}
    assert len(keys) == 3


def test_a_folder_that_is_gone_holds_nobody(settings: Settings, tmp_path: Path) -> None:
    settings.JPKI_TRUST_FOLDER = tmp_path / "gone"
    assert trust.store().authorities == ()


def test_a_leaf_is_no_authority(folder: Path, trusting: CardOffice) -> None:
    der = trusting.card().sign_certificate
    assert der
    pem = x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)
    (folder / "leaf.pem").write_bytes(pem)
    assert trust.store().authorities == ()
