"""Another sender sees nothing: its answers are those of what never existed."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.entrypoints.sender_api.conftest import PDF, Fields, Program

ON_A_LETTER = [("get", "/letters/{id}"), ("get", "/letters/{id}/receipt")]
ON_A_CONSIGNMENT = [
    ("get", "/consignments/{id}"),
    ("get", "/consignments/{id}/items"),
    ("put", "/consignments/{id}/documents/a.pdf"),
    ("put", "/consignments/{id}/items"),
    ("post", "/consignments/{id}/submit"),
]
CSV = b"recipient,reference,subject\nx,y,z\n"


@pytest.fixture
def letter_id(program: Program, fields: Fields) -> str:
    return str(program.letter(fields).json()["id"])


@pytest.fixture
def consignment_id(program: Program) -> str:
    consignment_id = str(program.post("/consignments", {"reference": "C-1"}).json()["id"])
    assert program.put(f"/consignments/{consignment_id}/items", CSV, "text/csv").status_code == 200
    return consignment_id


def ask(program: Program, method: str, path: str, id: str) -> tuple[int, Any]:
    """Ask, and return status and body without the identifier that was asked for."""
    if path.endswith("a.pdf"):
        answer = program.put(path.format(id=id), PDF, "application/pdf")
    elif method == "put":
        answer = program.put(path.format(id=id), CSV, "text/csv")
    else:
        answer = getattr(program, method)(path.format(id=id))
    return answer.status_code, answer.content.replace(id.encode(), b"ID")


@pytest.mark.parametrize(("method", "path"), ON_A_LETTER)
def test_a_strangers_letter_is_like_none(
    stranger: Program, letter_id: str, method: str, path: str
) -> None:
    strange = ask(stranger, method, path, letter_id)
    assert strange == ask(stranger, method, path, str(uuid4()))
    assert strange[0] == 404


@pytest.mark.parametrize(("method", "path"), ON_A_CONSIGNMENT)
def test_a_strangers_consignment_is_like_none(
    stranger: Program, consignment_id: str, method: str, path: str
) -> None:
    strange = ask(stranger, method, path, consignment_id)
    assert strange == ask(stranger, method, path, str(uuid4()))
    assert strange[0] == 404


@pytest.mark.parametrize(("method", "path"), [*ON_A_LETTER, *ON_A_CONSIGNMENT])
def test_a_test_key_sees_nothing_live(
    rehearsing: Program, letter_id: str, consignment_id: str, method: str, path: str
) -> None:
    id = letter_id if "letters" in path else consignment_id
    seen = ask(rehearsing, method, path, id)
    assert seen == ask(rehearsing, method, path, str(uuid4()))
    assert seen[0] == 404


def test_a_strangers_feed_holds_nothing_of_it(
    stranger: Program, letter_id: str, integrate: Callable[[], int]
) -> None:
    assert integrate() > 0
    assert stranger.get("/events").json()["events"] == []


@pytest.mark.parametrize("id", ["1", "not-an-id", "%00", "../../letters", "é"])
def test_what_is_no_identifier_is_not_found(program: Program, id: str) -> None:
    assert program.get(f"/letters/{id}").status_code == 404
    assert program.get(f"/consignments/{id}").status_code == 404
