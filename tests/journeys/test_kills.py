"""Whatever is killed with -9, at whatever named place, nothing is lost and nothing is doubled."""

import json
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from sandbox.house import House
from sandbox.processes import Service
from tests.journeys.asking import Asked
from tests.journeys.conftest import free_ports
from tests.journeys.forks import forked
from tests.journeys.stage import stage_in
from tests.patience import PATIENCE, await_it
from tests.pdf_makers import by_reportlab

MEMBERS = 30
WORKER_PLACES = [
    "examine.documents_done",
    "vault.object_written",
    "examine.before_commit",
    "deliver.fetched",
    "deliver.decided",
    "deliver.sealed",
    "deliver.letters_written",
    "deliver.before_commit",
    "evidence.before_checkpoint",
    "notify.group_sent",
]
DOOR_PLACES = [
    "vault.object_written",
    "intake.object_put_away",
    "deliver.sealed",
    "deliver.letters_written",
    "intake.before_commit",
]


@dataclass
class Scene:
    """A house with a city and its members; who speaks for the city, and what can be started."""

    house: House
    stage: Asked
    secret: str
    pseudonyms: list[str]

    def account(self) -> dict[str, Any]:
        account: dict[str, Any] = self.stage.ask("account-for")
        return account

    def call(self, method: str, path: str, *, door: int = 0, **more: Any) -> httpx.Response:
        url = f"http://127.0.0.1:{door or self.house.ports.sender}/api/v1{path}"
        headers = {"Authorization": f"Bearer {self.secret}", **more.pop("headers", {})}
        return httpx.request(method, url, headers=headers, timeout=PATIENCE, **more)


@pytest.fixture(scope="module")
def scene(empty_house: House) -> Iterator[Scene]:
    with stage_in(empty_house) as stage:
        yield Scene(empty_house, stage, **stage.ask("set-up", MEMBERS))


@pytest.fixture(scope="module")
def mail(empty_house: House) -> Iterator[Service]:
    service = empty_house.service("mail")
    service.start()
    yield service
    service.stop()


@pytest.fixture(scope="module")
def doors(empty_house: House) -> Iterator[Asked]:
    """Where doors of the senders are forked."""
    with Asked("tests.journeys.zygote", empty_house.service("sender").environment) as zygote:
        yield zygote


@pytest.fixture(scope="module")
def workers(empty_house: House) -> Iterator[Asked]:
    """Where workers are forked: soon sure that a killed one is dead, and with small chunks."""
    more = {"MYPOST_STALLED_AFTER": "2", "MYPOST_CHUNK_SIZE": "10"}
    worker = empty_house.service("worker", **more)
    with Asked("tests.journeys.zygote", worker.environment) as zygote:
        yield zygote


@pytest.fixture(scope="module")
def door(scene: Scene, doors: Asked) -> Iterator[None]:
    """A healthy door of the senders."""
    with forked(doors, scene.house.service("sender")):
        await_door(scene, scene.house.ports.sender)
        yield


def await_door(scene: Scene, port: int) -> None:
    def answers() -> bool:
        with suppress(httpx.TransportError):
            return scene.call("GET", "/openapi.json", door=port).is_success
        return False

    await_it(answers, "the sender's door")


def submit_consignment(scene: Scene, reference: str) -> None:
    opened = scene.call("POST", "/consignments", json={"reference": reference}).json()
    path = f"/consignments/{opened['id']}"
    pdf = {"Content-Type": "application/pdf"}
    document = by_reportlab("A paper for everybody")
    assert scene.call("PUT", f"{path}/documents/a.pdf", content=document, headers=pdf).is_success
    lines = [
        {
            "recipient": name,
            "reference": f"{reference}-{i}",
            "subject": "件名",
            "documents": ["a.pdf"],
        }
        for i, name in enumerate(scene.pseudonyms)
    ]
    ndjson = {"Content-Type": "application/x-ndjson"}
    content = "\n".join(json.dumps(line) for line in lines).encode()
    assert scene.call("PUT", f"{path}/items", content=content, headers=ndjson).is_success
    assert scene.call("POST", f"{path}/submit", json={}).status_code == 202


def finish(scene: Scene, workers: Asked) -> dict[str, Any]:
    """Let a healthy worker work until nothing is pending, and say what is there."""
    with forked(workers, scene.house.service("worker")):
        await_it(lambda: scene.account()["pending"] == 0, "the end of the work")
    return scene.account()


def test_a_worker_killed_at_each_place_loses_nothing_and_doubles_nothing(
    scene: Scene, mail: Service, door: None, workers: Asked
) -> None:
    before = scene.account()
    for place in WORKER_PLACES:
        submit_consignment(scene, place)
        with forked(workers, scene.house.service("worker"), f"{place}:exit") as worker:
            assert worker.status() == -signal.SIGKILL, place
    found = finish(scene, workers)
    expected = before["letters"] + MEMBERS * len(WORKER_PLACES)
    assert (found["broken"], found["pending"]) == ({}, 0)
    assert found["letters"] == found["in_mailbox"] == found["items"] == expected


@pytest.mark.parametrize("place", DOOR_PLACES)
def test_a_door_killed_while_it_takes_a_letter_takes_it_once(
    scene: Scene, mail: Service, door: None, doors: Asked, place: str
) -> None:
    before = scene.account()
    fields = {
        "recipient": scene.pseudonyms[0],
        "reference": f"door {place}",
        "subject": "件名",
        "documents": ["a.pdf"],
    }
    parts = {
        "letter": (None, json.dumps(fields)),
        "document": ("a.pdf", by_reportlab("A paper for one"), "application/pdf"),
    }
    key = {"Idempotency-Key": f"k-{place}"}
    elsewhere = House(scene.house.folder, free_ports())
    with forked(doors, elsewhere.service("sender"), f"{place}:exit"):
        await_door(scene, elsewhere.ports.sender)
        with pytest.raises(httpx.TransportError):
            scene.call("POST", "/letters", door=elsewhere.ports.sender, files=parts, headers=key)
    first = scene.call("POST", "/letters", files=parts, headers=key)
    again = scene.call("POST", "/letters", files=parts, headers=key)
    assert first.status_code == 201
    assert (first.json()["state"], again.content) == ("consigned", first.content)
    found = scene.account()
    assert found["broken"] == {}
    assert found["letters"] == before["letters"] + 1
