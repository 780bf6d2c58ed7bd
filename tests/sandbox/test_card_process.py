"""The card office as a process: how it begins, and how it ends."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from sandbox.card_office.authority import Authority
from sandbox.card_office.office import Office
from tests.patience import PATIENCE

from .card_scene import AT, RETURN_TO, CardOffice, open_authority, running_card_office
from .test_card_http import status_of, use_card


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with its authorities and cards; making their keys takes most of a first start."""
    authority = open_authority(tmp_path_factory.mktemp("office"))
    Office(authority).open(AT)
    return authority.folder


@pytest.fixture
def folder(founded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(founded, tmp_path / "office"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_quietly(folder: Path, number: signal.Signals) -> None:
    with running_card_office(folder) as office:
        assert office.stop(number) == 0


def test_what_happened_outlives_a_kill(folder: Path) -> None:
    with running_card_office(folder) as first:
        httpx.post(f"{first.page}/residents/misaki/lose")
        use_card(first, Office(Authority(folder)).holder("kenichi"), "0000")
        first.stop(signal.SIGKILL)
    with running_card_office(folder) as second:
        office = Office(Authority(folder))
        misaki, kenichi = office.holder("misaki"), office.holder("kenichi")
        assert status_of(second, office, misaki, "auth")["reason"] == "key_compromise"
        assert kenichi.card.tries_left("auth") == 2


def test_it_says_in_one_line_that_a_port_is_taken(folder: Path, tmp_path: Path) -> None:
    with running_card_office(folder) as running:
        _refused(running, tmp_path)


def _refused(running: CardOffice, tmp_path: Path) -> None:
    port = running.page.rpartition(":")[2]
    command = [sys.executable, "-m", "sandbox.card_office", "--port", port, "--folder",
               str(tmp_path), "--return-to", RETURN_TO]  # fmt: skip
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("card office: ")
    assert len(ended.stderr.splitlines()) == 1
