"""Whatever the description allows, and much that it does not, gets an answer it describes."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from tests.conftest import LONG
from tests.entrypoints.sender_api.conftest import Fields, Program

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
OPERATIONS = [
    "submit_letter",
    "letter_state",
    "letter_receipt",
    "open_consignment",
    "put_document",
    "put_items",
    "submit",
    "consignment_state",
    "consignment_items",
    "events",
]
EXAMPLES = 100 if LONG else 8  # of each kind for each call; the same ones every time


@schemathesis.serializer("application/pdf", "text/csv", "application/x-ndjson")
def as_it_is(_context: object, value: object) -> bytes:
    written = getattr(value, "data", value)
    return written if isinstance(written, bytes) else str(written).encode()


@pytest.fixture
def known(program: Program, fields: Fields, integrate: Callable[[], int]) -> dict[str, str]:
    """Identifiers that exist, so that calls get past them."""
    letter_id = program.letter(fields).json()["id"]
    integrate()
    consignment_id = program.post("/consignments", {"reference": "C-1"}).json()["id"]
    items = b"recipient,reference\nnobody,1\n"
    program.put(f"/consignments/{consignment_id}/items", items, "text/csv")
    return {"letter_id": letter_id, "consignment_id": consignment_id}


@pytest.fixture
def door(known: object) -> Iterator[WSGIHandler]:
    """The door as a server calls it, but on the connection that holds the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield WSGIHandler()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def schema(door: WSGIHandler) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", door)


def calls(schema: Any) -> Iterator[Any]:
    for found in schema.get_all_operations():
        yield found.ok()


def test_every_call_is_tried(schema: Any) -> None:
    found = {call.definition.raw["operationId"] for call in calls(schema)}
    assert found == set(OPERATIONS)


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("operation", OPERATIONS)
def test_it_answers_as_described(
    schema: Any, program: Program, known: dict[str, str], operation: str, mode: GenerationMode
) -> None:
    call = schema.find_operation_by_id(operation)
    headers = {"Authorization": f"Bearer {program.secret}"}

    @given(case=call.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def answers(case: "Case[Any]") -> None:
        for name in known.keys() & case.path_parameters.keys():
            case.path_parameters[name] = known[name]
        case.validate_response(case.call(headers=headers), checks=CHECKS)

    answers()
