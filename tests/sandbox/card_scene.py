"""A card office for the tests of one file: keys are made once, people are few."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import chain, cycle
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.card_office.authority import Authority
from sandbox.card_office.residents import Resident
from sandbox.card_office.world import KAZAMI, MINATO
from tests.patience import PATIENCE

AT = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
HANAKO = Resident(
    id="hanako", name="佐藤　花子", sex="2", birth_date="319840412",
    address="福島県みなと市潮見町三丁目５番１２号", municipality=MINATO,
)  # fmt: skip
JIRO = Resident(
    id="jiro", name="髙橋　次郎", sex="1", birth_date="419960725",
    address="福島県風見市丘の上１－２－３", municipality=KAZAMI,
)  # fmt: skip
HINA = Resident(
    id="hina", name="佐藤　陽菜", sex="2", birth_date="420160620",
    address="福島県みなと市潮見町三丁目５番１２号", municipality=MINATO,
)  # fmt: skip
_READY = re.compile(r"ready: (http://127\.0\.0\.1:\d+)/")
RETURN_TO = "http://localhost:8000"
TOKEN = "only-for-tests"


@cache
def _key(number: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def open_authority(folder: Path) -> Authority:
    """Six keys for the authorities, and four more by turns for everything else."""
    numbers = chain(range(6), cycle(range(6, 10)))
    return Authority(folder, new_key=lambda: _key(next(numbers)))


@dataclass
class CardOffice:
    process: subprocess.Popen[str]
    page: str
    folder: Path

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def start_card_office(folder: Path) -> CardOffice:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "token").write_text(f"{TOKEN}\n")
    command = [
        sys.executable, "-W", "error", "-m", "sandbox.card_office", "--port", "0",
        "--folder", str(folder), "--return-to", f"{RETURN_TO}/",
        "--platform-token-file", str(folder / "token"), "--slow-seconds", "0.4",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout
    ready = _READY.search(process.stdout.readline())
    assert ready
    return CardOffice(process, ready[1], folder)


@contextmanager
def running_card_office(folder: Path) -> Iterator[CardOffice]:
    office = start_card_office(folder)
    with office.process:
        yield office
        office.stop()
