"""A visitor who fetches files from the public log, and trusts nothing but a key and arithmetic."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from mypost.kernel.checkpoint import Checkpoint, open_checkpoint
from mypost.kernel.merkle import ReadTile


@dataclass
class Visitor:
    """Somebody with the log's address and its verifier key."""

    verifier_key: str
    http: Client = field(default_factory=Client)

    def get(self, path: str) -> HttpResponse:
        return self.http.get(f"/log/{path}")  # type: ignore[return-value]

    def fetch(self, path: str) -> bytes:
        answer = self.get(path)
        assert answer.status_code == 200, path
        return answer.content

    def checkpoint(self) -> Checkpoint:
        note = self.fetch("checkpoint").decode()
        return open_checkpoint(note, verifier_key=self.verifier_key)

    def tiles_of(self, size: int) -> ReadTile:
        """Fetch tiles as C2SP tells it: full ones, and the partial ones of this tree size."""

        def read(level: int, index: int) -> bytes:
            width = min((size >> 8 * level) - 256 * index, 256)
            return self.fetch(f"tile/{level}/{address(index, width)}")

        return read

    def entries_of(self, size: int) -> Iterator[bytes]:
        for index in range(-(-size // 256)):
            width = min(size - 256 * index, 256)
            yield from unpack(self.fetch(f"tile/entries/{address(index, width)}"))


def address(index: int, width: int) -> str:
    assert index < 1000
    return f"{index:03}" if width == 256 else f"{index:03}.p/{width}"


def unpack(bundle: bytes) -> Iterator[bytes]:
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        yield bundle[2 : 2 + length]
        bundle = bundle[2 + length :]


@pytest.fixture(autouse=True)
def _door(settings: Settings) -> None:
    settings.ROOT_URLCONF = "config.urls.member_web"
    settings.DOOR = "member_web"


@pytest.fixture
def visitor(db: None, settings: Settings) -> Visitor:
    return Visitor(settings.LOG_VERIFIER_KEY)
