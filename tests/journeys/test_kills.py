"""Whatever is killed with -9, at whatever named place, nothing is lost and nothing is doubled."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from sandbox.house import House
from sandbox.processes import Service
from tests.journeys.stage import run_scene
from tests.pdf_makers import by_reportlab

pytestmark = pytest.mark.xdist_group("kills")

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
    """A house with a city and its members, and a client that speaks for the city."""

    house: House
    secret: str
    pseudonyms: list[str]

    def account(self) -> dict[str, Any]:
        return run_scene(self.house, "account-for")

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        url = f"http://127.0.0.1:{self.house.ports.sender}/api/v1{path}"
        headers = {"Authorization": f"Bearer {self.secret}", **more.pop("headers", {})}
        return httpx.request(method, url, headers=headers, timeout=60, **more)


@pytest.fixture(scope="module")
def scene(empty_house: House) -> Scene:
    made = run_scene(empty_house, "set-up", str(MEMBERS))
    return Scene(empty_house, **made)


@pytest.fixture(scope="module")
def mail(empty_house: House) -> Iterator[Service]:
    service = empty_house.service("mail")
    service.start()
    yield service
    service.stop()


def await_door(scene: Scene) -> None:
    for _attempt in range(300):
        try:
            scene.call("GET", "/openapi.json")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the sender's door does not answer")


def killed(service: Service) -> bool:
    """Wait until the process has killed itself at its failpoint."""
    for _attempt in range(600):
        if service.is_dead():
            return True
        time.sleep(0.1)
    return False


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


def finish(scene: Scene) -> dict[str, Any]:
    """Let a healthy worker work until nothing is pending, and say what is there."""
    worker = scene.house.service("worker", MYPOST_CHUNK_SIZE="10")
    worker.start()
    try:
        for _attempt in range(120):
            found = scene.account()
            if found["pending"] == 0:
                return found
            time.sleep(0.5)
        return found
    finally:
        worker.stop()


def test_a_worker_killed_at_each_place_loses_nothing_and_doubles_nothing(
    scene: Scene, mail: Service
) -> None:
    before = scene.account()
    door = scene.house.service("sender")
    door.start()
    try:
        await_door(scene)
        for place in WORKER_PLACES:
            submit_consignment(scene, place)
            worker = scene.house.service(
                "worker", FAILPOINT=f"{place}:exit", MYPOST_CHUNK_SIZE="10"
            )
            worker.start()
            was_killed = killed(worker)
            worker.stop()
            assert was_killed, f"the worker was never killed at {place}"
    finally:
        door.stop()
    found = finish(scene)
    expected = before["letters"] + MEMBERS * len(WORKER_PLACES)
    assert (found["broken"], found["pending"]) == ({}, 0)
    assert found["letters"] == found["in_mailbox"] == found["items"] == expected


@pytest.mark.parametrize("place", DOOR_PLACES)
def test_a_door_killed_while_it_takes_a_letter_takes_it_once(
    scene: Scene, place: str, mail: Service
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
    failing = scene.house.service("sender", FAILPOINT=f"{place}:exit")
    failing.start()
    try:
        await_door(scene)
        with pytest.raises(httpx.TransportError):
            scene.call("POST", "/letters", files=parts, headers=key)
    finally:
        failing.stop()
    healthy = scene.house.service("sender")
    healthy.start()
    try:
        await_door(scene)
        first = scene.call("POST", "/letters", files=parts, headers=key)
        again = scene.call("POST", "/letters", files=parts, headers=key)
    finally:
        healthy.stop()
    assert first.status_code == 201
    assert (first.json()["state"], again.content) == ("consigned", first.content)
    found = scene.account()
    assert found["broken"] == {}
    assert found["letters"] == before["letters"] + 1
