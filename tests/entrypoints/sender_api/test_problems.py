"""Problems: one form, one list of codes, two languages; nothing is told that is not on it."""

import importlib
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

import mypost
from mypost.common.problems import Refusal
from mypost.entrypoints.sender_api.catalogue import COLUMNS, PROBLEMS, REFUSALS
from mypost.entrypoints.sender_api.schemas import ProblemDocument
from mypost.intake import commands as intake
from mypost.intake.antivirus import AntivirusUnavailable
from mypost.intake.examiner import ExaminerUnavailable
from mypost.letters import queries as letters
from tests.entrypoints.sender_api.conftest import Fields, Program, problem_of

# What no call of a sender can lead to, and why.
NEVER_MET = {
    "refused": "every refusal has a code of its own",
    "sender_not_found": "the key names the sender",
    "contract_step_forbidden": "the back office moves contracts",
    "topic_not_found": "the console changes topics",
    "api_key_not_found": "the console makes keys",
    "network_invalid": "the console makes keys",
    "member_not_found": "the back office knows members",
    "reason_missing": "the back office sets levels",
    "attributes_malformed": "members say who they are",
    "not_subscribed": "members choose",
    "letter_not_opened": "members open letters",
    "sign_in_too_weak": "members open letters",
    "evidence_outside_transaction": "a mistake of ours",
    "log_key_absent": "the worker signs",
    "custodian_absent": "members' doors open mailboxes",
    "intake_key_absent": "a door installed without its key",
    "content_gone": "the worker reads what waits",
    "content_damaged": "the worker reads what waits",
}


# Other doors, and the rooms into which no call of a sender leads: those that prove who one is.
ABROAD = (
    "member_web", "sender_web", "operator_web", "public_log", "mypost.proofing",
    "mypost.verification", "mypost.printing",
)  # fmt: skip


def refusals(kind: type[Refusal] = Refusal) -> set[type[Refusal]]:
    return {kind}.union(*(refusals(inner) for inner in kind.__subclasses__()))


def all_codes() -> set[str]:
    for module in pkgutil.walk_packages(mypost.__path__, "mypost."):
        if "migrations" not in module.name and "__main__" not in module.name:
            importlib.import_module(module.name)
    ours = [kind for kind in refusals() if kind.__module__.startswith("mypost.")]
    return {kind.code for kind in ours if not any(place in kind.__module__ for place in ABROAD)}


def test_every_code_that_a_sender_can_meet_is_on_the_list() -> None:
    assert all_codes() - PROBLEMS.keys() - REFUSALS.keys() == NEVER_MET.keys()


FIELD_CODE = re.compile(r'FieldError\(\s*[^,()]+(?:\([^()]*\))?[^,()]*,\s*"(\w+)"')


def test_every_code_of_a_fields_error_is_on_the_list() -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path(mypost.__path__[0]).rglob("*.py")]
    codes = {code for source in sources for code in FIELD_CODE.findall(source)}
    of_rows = {"row_unreadable", "row_length"}  # told as field_invalid of their item
    assert {"field_invalid", "column_unknown", "row_length"} <= codes
    assert codes - of_rows <= PROBLEMS.keys() | REFUSALS.keys() | COLUMNS.keys()


# A code never changes its name or its status, and none goes away (API.md, errors): programs are
# written for them. A new one is added here and in the published list.
STATUSES = {
    "body_unreadable": 400, "unauthorized": 401, "scope_missing": 403, "sender_suspended": 403,
    "not_found": 404, "letter_not_found": 404, "consignment_not_found": 404,
    "receipt_absent": 404, "method_not_allowed": 405, "consignment_closed": 409,
    "items_missing": 409, "request_too_large": 413, "document_too_large": 413,
    "media_type_unsupported": 415, "digest_mismatch": 422, "field_invalid": 422,
    "subject_missing": 422, "items_invalid": 422, "topic_unknown": 422,
    "idempotency_key_reused": 422, "rate_limited": 429, "internal_error": 500,
    "receipt_not_ready": 503, "unavailable": 503, "examiner_unavailable": 503,
    "antivirus_unavailable": 503,
}  # fmt: skip
OF_ITEMS = {  # API.md, codes of refusal for an item
    "recipient_unknown", "topic_declined", "assurance_too_low", "reference_repeated",
    "document_missing", "document_invalid", "document_too_large", "document_active_content",
    "document_encrypted", "document_infected", "contains_my_number", "subject_missing",
    "field_invalid", "mailbox_full", "sender_suspended",
}  # fmt: skip
OF_COLUMNS = {"column_unknown", "column_missing", "column_repeated"}


def test_the_published_codes_are_these() -> None:
    assert {code: problem.status for code, problem in PROBLEMS.items()} == STATUSES
    assert REFUSALS.keys() == OF_ITEMS
    assert COLUMNS.keys() == OF_COLUMNS


def test_every_problem_says_what_to_do() -> None:
    for code, problem in PROBLEMS.items():
        assert str(problem.title), code
        assert str(problem.advice), code
    waits = {code: p.retry_after for code, p in PROBLEMS.items() if p.retry_after is not None}
    assert waits == {  # 429 and 503 say when to come back: API.md, errors
        "rate_limited": 1, "receipt_not_ready": 3, "unavailable": 5, "examiner_unavailable": 10,
        "antivirus_unavailable": 10,
    }  # fmt: skip


def test_a_problem_has_the_members_of_its_standard_and_ours(program: Program) -> None:
    answer = program.post("/consignments", {})
    problem = problem_of(answer, 422, "field_invalid")
    assert problem.keys() == ProblemDocument.model_fields.keys()
    assert problem["instance"] == "/api/v1/consignments"
    assert problem["errors"][0].keys() == {"pointer", "code", "detail"}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("ja", "ja"), ("en", "en"), ("en-GB,en;q=0.9,ja;q=0.1", "en"), ("fr", "ja"), ("", "ja")],
)
def test_a_problem_speaks_the_callers_language(
    program: Program, accepted: str, language: str
) -> None:
    headers = {"Accept-Language": accepted} if accepted else {}
    problem = program.post("/consignments", {}, headers=headers).json()
    words = [problem["title"], problem["detail"], problem["errors"][0]["detail"]]
    english = ["A field is missing or wrong."] * 2 + ["This field is required."]
    assert (words == english) == (language == "en")
    assert all(word.isascii() for word in words) == (language == "en")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_verdict_speaks_the_callers_language(
    program: Program, fields: Fields, language: str
) -> None:
    answer = program.letter({**fields, "recipient": "nobody"}, Accept_Language=language)
    assert answer.json()["detail"].isascii() == (language == "en")


@pytest.mark.django_db
def test_an_unknown_address_is_a_problem_too() -> None:
    caller = Client(enforce_csrf_checks=True)  # as every program meets it
    for path in ("", "nothing", "letters/", "letters/1", "consignments/1/items"):
        for ask in (caller.get, caller.post, caller.put, caller.delete):
            problem_of(ask(f"/api/v1/{path}"), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("get", "/letters", {"POST"}),
        ("delete", "/consignments", {"POST"}),
        ("post", "/events", {"GET"}),
        ("patch", "/consignments/019a0b0c-7d3e-7f00-8000-2a5d9c31e7f4/items", {"GET", "PUT"}),
    ],
)
def test_a_method_that_is_not_taken_is_told_which_are(
    program: Program, method: str, path: str, allowed: set[str]
) -> None:
    answer = program.call(method, path)
    problem_of(answer, 405, "method_not_allowed")
    assert set(answer["Allow"].split(", ")) == allowed


# What is not the caller's fault


def failing(error: Exception) -> Any:
    def fail(*_arguments: object, **_more: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (AntivirusUnavailable("clamd answered b'ERROR'"), "antivirus_unavailable"),
        (ExaminerUnavailable(), "examiner_unavailable"),
        (OperationalError("deadlock detected"), "unavailable"),
    ],
)
def test_what_passes_by_itself_is_told_with_a_time(
    program: Program,
    fields: Fields,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    code: str,
) -> None:
    monkeypatch.setattr(intake, "submit_letter", failing(error))
    answer = program.letter(fields)
    problem = problem_of(answer, 503, code)
    assert int(answer["Retry-After"]) > 0
    assert "clamd" not in str(problem)


def test_a_failure_of_ours_is_a_problem_and_its_words_stay_with_us(
    program: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(letters, "events_of", failing(RuntimeError("花子の秘密")))
    problem = problem_of(program.get("/events"), 500, "internal_error")
    assert "秘密" not in str(problem)
    assert "RuntimeError" in caplog.text
    assert "秘密" not in caplog.text
