"""The big list of naughty strings, through every text field: an answer each time, never a 500."""

import json
from uuid import UUID

import pytest

from mypost.common.clock import now
from mypost.intake import delivery, ledger
from mypost.intake.models import Chunk, Consignment, Item
from mypost.vault import commands as vault
from tests.entrypoints.sender_api.conftest import Fields, Program
from tests.vectors import naughty_strings

OURS = ["\x00", "a\x00b", "\ud800", "\udfff\ud800", "\u202etxt.exe", "\u2066", "\ufeff", "\uffff"]
TEXT_FIELDS = ["recipient", "reference", "subject", "body", "topic", "language", "due"]


@pytest.fixture(scope="module")
def naughty() -> list[str]:
    return [*naughty_strings(), *OURS]


def test_a_letter_whose_other_fields_are_good_gets_an_answer(
    rehearsing: Program, fields: Fields, naughty: list[str]
) -> None:
    for number, text in enumerate([*naughty[::5], *OURS]):
        field = ("subject", "body", "reference")[number % 3]
        answer = rehearsing.letter({**fields, field: text})
        assert answer.status_code in (201, 422), (field, text, answer.content)


def test_every_string_in_all_fields_at_once_gets_an_answer(
    rehearsing: Program, naughty: list[str]
) -> None:
    for text in naughty:
        answer = rehearsing.letter(dict.fromkeys(TEXT_FIELDS, text) | {"documents": [text]})
        assert answer.status_code in (201, 422), (text, answer.content)


def test_every_string_as_an_items_field_decides_its_item_alone(
    program: Program, fields: Fields, naughty: list[str]
) -> None:
    items: list[Fields] = []
    for text in naughty:
        items += [{**fields, "reference": f"n{len(items)}", field: text} for field in TEXT_FIELDS]
        items.append({**fields, "reference": f"n{len(items)}", "documents": [text]})
        items.append({**fields, "reference": f"n{len(items)}", text: 1})
        items.append({**fields, "reference": f"good {len(items)}"})
    lines = "\n".join(map(json.dumps, items))
    id = program.post("/consignments", {"reference": "naughty"}).json()["id"]
    answer = program.put(f"/consignments/{id}/items", lines.encode(), "application/x-ndjson")
    assert answer.json()["submitted"] == len(items)
    program.post(f"/consignments/{id}/submit")
    delivery.examine_consignment(UUID(id), at=now())
    for chunk in Chunk.objects.all():
        delivery.deliver_chunk(UUID(id), chunk.number, at=now())
    assert Consignment.objects.get().state == Consignment.State.COMPLETED
    good = Item.objects.filter(reference__startswith="good")
    assert {item.state for item in good} == {Item.State.CONSIGNED}
    assert ledger.check() == {}
    assert program.get(f"/consignments/{id}/items?limit=1000").status_code == 200
    csv = program.get(f"/consignments/{id}/items", headers={"Accept": "text/csv"})
    assert b"".join(csv.streaming_content).count(b"\r\n") >= len(items)


def test_what_is_accepted_arrives_as_it_was_written(
    program: Program, fields: Fields, naughty: list[str], hanako: object
) -> None:
    for text in naughty[::10]:
        verdict = program.letter({**fields, "reference": text[:90] + "!", "body": text})
        if verdict.status_code == 201 and verdict.json()["state"] == "consigned":
            mailbox = hanako.mailbox_id  # type: ignore[attr-defined]
            assert vault.open_envelope(mailbox, UUID(verdict.json()["id"])).body == text
