"""A house of its own for stories told through real processes, sockets and browsers."""

import os
import random
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.house import House, Ports


def free_ports() -> Ports:
    """Return five neighbouring ports that nobody uses."""
    while True:
        ports = Ports(random.randrange(20_000, 32_000, 10))
        if all(_is_free(port) for port in ports.all()):
            return ports


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture(scope="session")
def empty_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with its database and keys, without a demo world, with nothing running yet."""
    os.environ["MYPOST_STALLED_AFTER"] = "2"
    house = House(tmp_path_factory.mktemp("house"), free_ports())
    house.prepare(demo=False)
    yield house
    house.postgres.stop()


@pytest.fixture(scope="session")
def store_files(empty_house: House) -> Path:
    """Where the house keeps its encrypted objects."""
    return empty_house.folder / "store"
