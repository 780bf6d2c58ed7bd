"""Ten thousand letters with one document, as a city sends its notices."""

import csv
import io
import time
from collections.abc import Callable, Sequence
from uuid import UUID, uuid4

import httpx
from django.db import connection, transaction

from mypost.evidence import queries as evidence
from mypost.intake.models import Consignment
from tools.bench import bare, world
from tools.bench.figures import Figure, Row, a_letter
from tools.bench.ground import Ground
from tools.bench.world import Correspondent

TARGET = 20.0  # seconds
LETTERS = 10_000
POLL, PATIENCE = 0.02, 120.0  # seconds


def measure(ground: Ground, runs: int) -> Figure:
    """Hand consignments in over the API, and wait until the workers have delivered each."""
    house = ground.need_house()
    addressees = world.make_members(LETTERS)
    with world.api(house.sender_address) as api:
        waiting = [_hand_in(api, addressees) for _ in range(runs + 1)]
        _deliver(api, waiting[0])  # workers that have just started load their rooms first
        following = iter(waiting[1:])
        taken, spans = ground.watch.repeat(
            runs,
            lambda: _deliver(api, next(following)),
            workers=lambda: [*house.pids("worker"), *house.postmaster()],
            prepare=_await_quiet,
        )
    return Figure(
        Row("consignment", "s", taken, a_letter(spans, LETTERS)),
        f"{LETTERS:,} letters with one PDF, from the submission's answer until all are delivered.",
        spans,
        TARGET,
        _limits(ground, waiting[-1], runs),
    )


def _hand_in(api: httpx.Client, addressees: Sequence[Correspondent]) -> UUID:
    """Open a consignment and put in its document and items; return its id."""
    opened = api.post("/consignments", json={"reference": "bench"})
    consignment = UUID(opened.raise_for_status().json()["id"])
    path = f"/consignments/{consignment}"
    pdf, table = {"Content-Type": "application/pdf"}, {"Content-Type": "text/csv"}
    document = api.put(f"{path}/documents/{world.PAPER}", content=world.paper(), headers=pdf)
    document.raise_for_status()
    items = api.put(f"{path}/items", content=items_file(addressees), headers=table)
    items.raise_for_status()
    return consignment


def items_file(addressees: Sequence[Correspondent]) -> bytes:
    """Return one letter to each as CSV, under references that no letter has had."""
    batch, file = uuid4(), io.StringIO(newline="")
    letters = [world.letter(to, f"{batch} {n}") for n, to in enumerate(addressees)]
    writer = csv.DictWriter(file, list(letters[0]))
    writer.writeheader()
    writer.writerows({**letter, "documents": world.PAPER} for letter in letters)
    return file.getvalue().encode()


def _deliver(api: httpx.Client, consignment: UUID) -> float:
    """Submit a consignment; return the seconds from the answer until it is completed."""
    api.post(f"/consignments/{consignment}/submit", json={"mode": "send"}).raise_for_status()
    began = time.perf_counter()
    # Asked in the database: asking the door would make it work while it is being measured.
    completed = Consignment.objects.filter(id=consignment, state=Consignment.State.COMPLETED)
    _await(completed.exists, "The workers do not deliver.")
    taken = time.perf_counter() - began
    if completed.get().in_mailbox != LETTERS:
        raise SystemExit("Not every letter was delivered.")
    return taken


def _await(is_so: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > deadline:
            raise SystemExit(otherwise)
        time.sleep(POLL)


def _await_quiet() -> None:
    """Forgo the alerts that are still owed, and wait until the log has taken everything in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE queue_name = 'alerts' AND status = 'todo'"
        )
        cursor.execute("DELETE FROM notifications_alert WHERE state = 'waiting'")
    _await(lambda: not evidence.backlog().lines, "The workers do not take evidence into the log.")


# The same rows once more, as they come out of the database


OF_THE_LETTERS = "IN (SELECT letter_id FROM intake_item WHERE consignment_id = %s)"
TABLES = {  # columns that delivery writes, and which rows
    "letters_letter": ("*", f"id {OF_THE_LETTERS}"),
    "vault_envelope": ("*", f"letter_id {OF_THE_LETTERS}"),
    "evidence_line": (
        "mailbox_id, id, event, subject_id, sender_id, at, salt, entry",
        f"event <> 'ConsignmentNotification' AND subject_id {OF_THE_LETTERS}",
    ),
    "intake_item": ("*", f"letter_id {OF_THE_LETTERS}"),
    "intake_usedreference": ("*", f"letter_id {OF_THE_LETTERS}"),
    "notifications_alert": ("*", f"letter_id {OF_THE_LETTERS}"),
}


def _limits(ground: Ground, consignment: UUID, runs: int) -> list[Row]:
    rows = {table: _copy_out(table, consignment) for table in TABLES}
    copied, spans = ground.watch.repeat(
        runs, lambda: _copy_in(rows), workers=ground.house.postmaster, prepare=_make_bare_tables
    )
    seals = [sum(bare.seal(LETTERS)) for _ in range(runs)]
    cpu = [seconds / LETTERS * 1000 for seconds in seals]
    return [
        Row("bare COPY of the same rows, indexed", "s", copied, a_letter(spans, LETTERS)),
        Row("as many bare HPKE seals, on one core", "s", seals, cpu),
    ]


def _copy_out(table: str, consignment: UUID) -> bytes:
    columns, condition = TABLES[table]
    rows = f"SELECT {columns} FROM {table} WHERE {condition}"  # noqa: S608  from TABLES
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({rows}) TO STDOUT (FORMAT binary)", [consignment]) as copy,
    ):
        return b"".join(copy)


def _make_bare_tables() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS bare_{table}")
            cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)")


def _copy_in(rows: dict[str, bytes]) -> float:
    """Write the rows with one commit; return the seconds."""
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for table, content in rows.items():
            columns = "" if TABLES[table][0] == "*" else f"({TABLES[table][0]})"
            with cursor.copy(f"COPY bare_{table} {columns} FROM STDIN (FORMAT binary)") as copy:
                copy.write(content)
    return time.perf_counter() - began
