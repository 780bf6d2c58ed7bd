"""The same key and the same letter: one letter, and the same answer every time."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.client import encode_multipart

from mypost.entrypoints.sender_api.answers import once
from mypost.entrypoints.sender_api.auth import KeyRequest
from mypost.intake.answers import GivenAnswer
from mypost.intake.errors import KeyReused
from mypost.intake.models import Answer, Consignment
from mypost.letters.models import Letter
from mypost.senders.models import Staff
from tests.entrypoints.sender_api.conftest import PDF, Fields, Program, problem_of, program_of


def told(answer: Any) -> tuple[int, bytes]:
    return answer.status_code, answer.content


def test_the_same_letter_again_gets_the_identical_answer(program: Program, fields: Fields) -> None:
    documents = [("notice.pdf", PDF)]
    first = told(program.letter(fields, documents, Idempotency_Key="k"))
    assert told(program.letter(fields, documents, Idempotency_Key="k")) == first
    assert first[0] == 201
    assert Letter.objects.count() == 1


def test_the_answer_stays_the_same_in_another_language(program: Program, fields: Fields) -> None:
    unknown = {**fields, "recipient": "nobody"}
    first = told(program.letter(unknown, Idempotency_Key="k", Accept_Language="ja"))
    again = told(program.letter(unknown, Idempotency_Key="k", Accept_Language="en"))
    assert again == first


def test_the_boundary_and_the_order_of_fields_do_not_matter(
    program: Program, fields: Fields
) -> None:
    reversed_fields = dict(reversed(fields.items()))
    answers = [
        told(
            program.call(
                "post",
                "/letters",
                data=encode_multipart(boundary, {"letter": json.dumps(written)}),
                content_type=f"multipart/form-data; boundary={boundary}",
                headers={"Idempotency-Key": "k"},
            )
        )
        for boundary, written in (("one", fields), ("another", reversed_fields))
    ]
    assert answers[0] == answers[1]
    assert answers[0][0] == 201


@pytest.mark.parametrize(
    "change",
    [{"subject": "another"}, {"reference": "another"}, {"due": "2027-01-01"}],
    ids=str,
)
def test_the_same_key_for_another_letter_is_refused(
    program: Program, fields: Fields, change: Fields
) -> None:
    program.letter(fields, Idempotency_Key="k")
    answer = program.letter({**fields, **change}, Idempotency_Key="k")
    problem_of(answer, 422, "idempotency_key_reused")
    assert Letter.objects.count() == 1


def test_another_document_makes_another_letter(program: Program, fields: Fields) -> None:
    program.letter(fields, [("notice.pdf", PDF)], Idempotency_Key="k")
    for documents in ([("notice.pdf", PDF + b"\n")], [("other.pdf", PDF)], []):
        answer = program.letter(fields, documents, Idempotency_Key="k")
        problem_of(answer, 422, "idempotency_key_reused")


def test_a_key_belongs_to_one_sender(program: Program, stranger: Program, fields: Fields) -> None:
    first = told(program.letter(fields, Idempotency_Key="k"))
    theirs = told(stranger.letter(fields, Idempotency_Key="k"))
    assert theirs != first
    assert b"recipient_unknown" in theirs[1]


def test_a_test_does_not_answer_for_the_real_thing(
    program: Program, rehearsing: Program, fields: Fields
) -> None:
    rehearsing.letter(fields, Idempotency_Key="k")
    problem_of(program.letter(fields, Idempotency_Key="k"), 422, "idempotency_key_reused")


def test_another_key_of_the_same_sender_gets_the_same_answer(
    program: Program, clerk: Staff, fields: Fields
) -> None:
    first = told(program.letter(fields, Idempotency_Key="k"))
    assert told(program_of(clerk).letter(fields, Idempotency_Key="k")) == first


def test_a_request_that_was_refused_leaves_its_key_free(program: Program, fields: Fields) -> None:
    wrong = {**fields, "subject": ""}
    problem_of(program.letter(wrong, Idempotency_Key="k"), 422, "subject_missing")
    assert not Answer.objects.exists()
    assert program.letter(fields, Idempotency_Key="k").status_code == 201


def test_a_verdict_of_refusal_is_an_answer_and_is_kept(program: Program, fields: Fields) -> None:
    unknown = {**fields, "recipient": "nobody"}
    first = told(program.letter(unknown, Idempotency_Key="k"))
    assert told(program.letter(unknown, Idempotency_Key="k")) == first
    problem_of(program.letter(fields, Idempotency_Key="k"), 422, "idempotency_key_reused")


def test_the_same_key_at_another_address_is_refused(program: Program) -> None:
    """The bodies are the same; without its path one would get the other's answer."""
    ids = [program.post("/consignments", {"reference": r}).json()["id"] for r in ("C-1", "C-2")]
    for id in ids:
        program.put(f"/consignments/{id}/items", b"recipient,reference\nx,y\n", "text/csv")
    headers = {"Idempotency-Key": "k"}
    first, second = (f"/consignments/{id}/submit" for id in ids)
    assert program.post(first, {}, headers=headers).status_code == 202
    problem_of(program.post(second, {}, headers=headers), 422, "idempotency_key_reused")
    assert program.get(f"/consignments/{ids[1]}").json()["state"] == "open"


@pytest.mark.parametrize(
    ("method", "path", "parts"),
    [
        ("PUT", "/there", [b"a", b"b"]),
        ("POST", "/elsewhere", [b"a", b"b"]),
        ("POST", "/there", [b"ab"]),
        ("POST", "/there", [b"a", b"b", b""]),
    ],
    ids=["method", "path", "parts run together", "one part more"],
)
def test_a_request_is_the_same_by_method_path_and_every_part(
    program: Program, method: str, path: str, parts: list[bytes]
) -> None:
    def ask(method: str, path: str, parts: list[bytes]) -> HttpResponse:
        request = RequestFactory().generic(method, path, headers={"Idempotency-Key": "k"})
        asked = cast(KeyRequest, request)
        asked.key, asked.sender = program.key, program.key.sender
        return once(asked, parts, lambda: GivenAnswer(201, f"{method} {path}"))

    assert ask("POST", "/there", [b"a", b"b"]).content == b"POST /there"
    assert ask("POST", "/there", [b"a", b"b"]).status_code == 201
    with pytest.raises(KeyReused):
        ask(method, path, parts)


def test_a_key_has_at_most_255_characters(program: Program) -> None:
    for size, status in ((255, 201), (256, 422)):  # API.md
        headers = {"Idempotency-Key": "~" * size}
        answer = program.post("/consignments", {"reference": "C"}, headers=headers)
        assert answer.status_code == status


@pytest.mark.parametrize("key", ["", "with space", "é", "k" * 256, "\x7f"])
def test_a_key_that_is_no_visible_ascii_is_refused(
    program: Program, fields: Fields, key: str
) -> None:
    problem = problem_of(program.letter(fields, Idempotency_Key=key), 422, "field_invalid")
    assert problem["errors"][0]["pointer"] == "/Idempotency-Key"
    assert not Letter.objects.exists()


def test_without_a_key_every_request_is_a_new_one(program: Program, fields: Fields) -> None:
    program.letter(fields)
    assert program.letter(fields).json()["code"] == "reference_repeated"


def test_a_consignment_is_opened_once(program: Program) -> None:
    def open_one(reference: str) -> Any:
        headers = {"Idempotency-Key": "k"}
        return program.post("/consignments", {"reference": reference}, headers=headers)

    assert told(open_one("C-1")) == told(open_one("C-1"))
    problem_of(open_one("C-2"), 422, "idempotency_key_reused")
    assert Consignment.objects.count() == 1


def test_a_consignment_is_submitted_once(program: Program) -> None:
    id = program.post("/consignments", {"reference": "C-1"}).json()["id"]
    program.put(f"/consignments/{id}/items", b"recipient,reference\nx,y\n", "text/csv")
    headers = {"Idempotency-Key": "k"}
    first = told(program.post(f"/consignments/{id}/submit", {}, headers=headers))
    assert told(program.post(f"/consignments/{id}/submit", {}, headers=headers)) == first
    assert first[0] == 202
    problem_of(program.post(f"/consignments/{id}/submit"), 409, "consignment_closed")


def all_at_once(times: int, act: Callable[[], Any]) -> list[Any]:
    gate = threading.Barrier(times)

    def one() -> Any:
        try:
            gate.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return [found.result() for found in [pool.submit(one) for _ in range(times)]]


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_are_one_letter(program: Program, fields: Fields) -> None:
    answers = all_at_once(50, lambda: told(program.letter(fields, Idempotency_Key="k")))
    assert {status for status, _ in answers} == {201}
    assert len(set(answers)) == 1
    assert Letter.objects.count() == 1
    assert Consignment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_letters_of_one_reference_at_once_are_one_letter(
    program: Program, fields: Fields
) -> None:
    answers = all_at_once(10, lambda: program.letter(fields).json().get("code"))
    assert sorted(answers, key=str) == [None] + ["reference_repeated"] * 9
    assert Letter.objects.count() == 1
