"""The pages about the API: from the same description that programs read, in both languages."""

import json
import re
from typing import Any

import pytest

from mypost.entrypoints.sender_api.api import api
from mypost.entrypoints.sender_api.schemas import LetterFields
from mypost.intake.drafts import read_draft
from tests.entrypoints.sender_api.conftest import door
from tests.entrypoints.sender_api.test_problems import OF_COLUMNS, OF_ITEMS, STATUSES

pytestmark = pytest.mark.django_db


def page(path: str, language: str) -> str:
    answer = door().get(f"/api/v1/{path}", headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def schema() -> dict[str, Any]:
    answer = door().get("/api/v1/openapi.json")
    assert answer["Content-Type"].startswith("application/json")
    read: dict[str, Any] = json.loads(answer.content)
    return read


def operations(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(p, m, o) for p, methods in schema["paths"].items() for m, o in methods.items()]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_reference_shows_every_call(schema: dict[str, Any], language: str) -> None:
    html = page("docs", language)
    for path, method, operation in operations(schema):
        assert f'id="{operation["operationId"]}"' in html
        assert path in html
        assert method.upper() in html
        assert operation["x-scope"] in html


def test_the_reference_speaks_japanese_throughout(schema: dict[str, Any]) -> None:
    html = page("docs", "ja")
    for _path, _method, operation in operations(schema):
        assert operation["summary"] not in html
        assert operation["description"] not in html
    for shape in schema["components"]["schemas"].values():
        for field in shape["properties"].values():
            assert field["description"] not in html, field["description"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_list_of_codes_is_whole(language: str) -> None:
    html = page("problems", language)
    for code in STATUSES.keys() | OF_ITEMS | OF_COLUMNS:
        assert f"<code>{code}</code>" in html


def test_every_code_has_its_page() -> None:
    for code in STATUSES.keys() | OF_ITEMS | OF_COLUMNS:
        assert page(f"problems/{code}", "ja") != page(f"problems/{code}", "en")


def test_a_code_that_is_none_has_no_page() -> None:
    assert door().get("/api/v1/problems/nonsense").status_code == 404


def test_no_page_needs_a_script_or_a_style_of_its_own() -> None:
    for path in ("docs", "problems", "problems/not_found"):
        html = page(path, "en")
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", html)


# The description for programs


def test_the_description_tells_each_limit(schema: dict[str, Any]) -> None:
    """What it says is what the door reads (API.md); tests/intake tries the door at each."""
    letter, opened = (
        schema["components"]["schemas"][n] for n in ("LetterFields", "NewConsignment")
    )
    longest = {
        name: field["maxLength"] for name, field in letter["properties"].items()
        if "maxLength" in field
    }  # fmt: skip
    assert longest == {
        "recipient": 60, "reference": 100, "subject": 120, "body": 10_000, "topic": 50,
    }  # fmt: skip
    assert letter["properties"]["documents"]["maxItems"] == 20
    for name, least, most in (("required_assurance", 0, 3), ("required_aal", 1, 3)):
        field = letter["properties"][name]
        assert (field["minimum"], field["maximum"]) == (least, most)
    assert opened["properties"]["reference"]["minLength"] == 1
    assert opened["properties"]["reference"]["maxLength"] == 100
    assert opened["properties"]["topic"]["maxLength"] == 50
    keys = [
        header["schema"]["pattern"]
        for _path, _method, operation in operations(schema)
        for header in operation.get("parameters", [])
        if header["name"] == "Idempotency-Key"
    ]
    assert keys == ["^[!-~]{1,255}$"] * 3  # each POST that creates or submits


def test_every_reference_in_the_description_leads_somewhere(schema: dict[str, Any]) -> None:
    named = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(schema)))
    assert named <= schema["components"]["schemas"].keys()


def test_every_call_needs_a_key_and_names_its_problems(schema: dict[str, Any]) -> None:
    for _path, _method, operation in operations(schema):
        assert operation["security"]
        statuses = {str(STATUSES[code]) for code in operation["x-problems"]}
        assert statuses <= operation["responses"].keys()


def test_every_call_says_whether_it_writes_and_reading_never_does() -> None:
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            for operation in view.operations:
                assert operation.auth_callbacks
                writes = operation.view_func.writes  # type: ignore[attr-defined]
                assert writes == (operation.methods != ["GET"])


def test_the_letter_in_the_description_is_the_letter_that_is_read() -> None:
    assert list(LetterFields.model_fields) == [
        "recipient", "reference", "subject", "body", "language", "topic", "documents",
        "required_assurance", "required_aal", "confidential", "due",
    ]  # fmt: skip
    defaults = {n: f.default for n, f in LetterFields.model_fields.items() if not f.is_required()}
    draft = read_draft({"recipient": "r", "reference": "r", "subject": "s"}).draft
    assert draft is not None
    assert {name: draft.as_fields()[name] for name in defaults} == defaults
