"""One letter at a time, as a sender's program sends it."""

import json
import time
from statistics import median
from uuid import uuid4

import httpx

from tools.bench import bare, world
from tools.bench.figures import Figure, Row, a_letter, in_ms, p95
from tools.bench.ground import Ground
from tools.bench.world import Correspondent

TARGET = 150.0  # milliseconds
LETTERS = 60  # in one run


def measure(ground: Ground, runs: int) -> Figure:
    """Submit letters one after another over one connection; all is durable at each answer."""
    house = ground.need_house()
    (to,) = world.make_members(1)
    with world.api(house.sender_address) as api:

        def submit_some() -> list[float]:
            return in_ms([_submit(api, to) for _ in range(LETTERS)])

        submit_some()  # a door that has just started opens its connections and readers first
        taken, spans = ground.watch.repeat(
            runs, submit_some, workers=lambda: [*house.pids("sender"), *house.postmaster()]
        )
    return Figure(
        Row("letter", "ms", [p95(run) for run in taken], a_letter(spans, LETTERS)),
        f"One letter over the API with a PDF of {len(world.paper()) // 1000} KB, durable at the"
        " answer: 95 of 100 are faster.",
        spans,
        TARGET,
        [Row("its median", "ms", [median(run) for run in taken]), *_limits(ground, runs)],
    )


def _submit(api: httpx.Client, to: Correspondent) -> float:
    """Submit one letter; return the seconds until its answer."""
    fields = json.dumps(world.letter(to, str(uuid4())))
    key = {"Idempotency-Key": str(uuid4())}
    letter = (None, fields, "application/json")
    document = (world.PAPER, world.paper(), "application/pdf")
    began = time.perf_counter()
    answer = api.post("/letters", files={"letter": letter, "document": document}, headers=key)
    taken = time.perf_counter() - began
    if answer.status_code != 201 or answer.json()["state"] != "consigned":
        raise SystemExit(f"The letter was not delivered: {answer.status_code} {answer.text}")
    return taken


def _limits(ground: Ground, runs: int) -> list[Row]:
    size = len(world.paper())
    inserts = [p95(in_ms(bare.insert_and_commit(LETTERS))) for _ in range(runs)]
    seals = [p95(in_ms(bare.seal(LETTERS))) for _ in range(runs)]
    objects = [p95(in_ms(bare.write_object(ground.folder, size, LETTERS))) for _ in range(runs)]
    return [
        Row("bare INSERT and commit", "ms", inserts),
        Row("bare HPKE seal", "ms", seals),
        Row("bare write of such a document, with fsync", "ms", objects),
    ]
