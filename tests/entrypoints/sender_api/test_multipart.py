"""The body of POST /letters: what is not a letter in parts is refused where it goes wrong."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from mypost.intake.models import Consignment
from tests.entrypoints.sender_api.conftest import PDF, Fields, Program, problem_of

MULTIPART = "multipart/form-data; boundary=edge"
END = b"--edge--\r\n"


def part(name: str, content: bytes, more: str = "") -> bytes:
    head = f'--edge\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def post(program: Program, body: bytes, media_type: str = MULTIPART) -> Any:
    return program.call("post", "/letters", data=body, content_type=media_type)


@pytest.fixture(autouse=True)
def _nothing_is_left(db: None) -> Iterator[None]:
    yield
    assert not Consignment.objects.exists()


NOT_A_LETTER = {
    "no parts": b"no parts at all",
    "only the end": b"--edge--\r\n",
    "empty": part("letter", b""),
    "cut off": part("letter", b"{"),
    "a list": part("letter", b"[1]"),
    "a text": part("letter", b'"text"'),
    "no number": part("letter", b'{"subject": NaN}') + END,
    "a field twice": part("letter", b'{"subject": "a", "subject": "b"}') + END,
    "two letters": part("letter", b"{}") * 2 + END,
    "no UTF-8": part("letter", b"\xff\xfe{}") + END,
    "CP932": part("letter", '{"subject": "件名"}'.encode("cp932")) + END,
    "UTF-16": part("letter", '{"subject": "件名"}'.encode("utf-16")) + END,
    "deep": part("letter", b"[" * 100_000) + END,
    "deep and whole": part("letter", b'{"a": ' * 900 + b"1" + b"}" * 900) + END,
    "a long number": part("letter", b"9" * 10_000) + END,
}


@pytest.mark.parametrize("body", NOT_A_LETTER.values(), ids=NOT_A_LETTER)
def test_a_letter_that_is_no_json_object_is_unreadable(program: Program, body: bytes) -> None:
    problem_of(post(program, body), 400, "body_unreadable")


def test_a_request_without_a_body_is_no_letter(program: Program) -> None:
    problem_of(program.call("post", "/letters", content_type=MULTIPART), 400, "body_unreadable")


def test_a_letter_may_come_as_a_file(program: Program) -> None:
    content = SimpleUploadedFile("letter.json", '{"subject": "件名"}'.encode("cp932"))
    answer = program.call("post", "/letters", data={"letter": content})
    problem_of(answer, 400, "body_unreadable")


def test_a_body_without_its_boundary_is_unreadable(program: Program) -> None:
    problem_of(post(program, b"--edge", "multipart/form-data"), 400, "body_unreadable")


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "nonsense"])
def test_a_part_in_a_broken_transfer_encoding_does_no_harm(program: Program, encoding: str) -> None:
    head = '--edge\r\nContent-Disposition: form-data; name="letter"\r\n'
    body = f"{head}Content-Transfer-Encoding: {encoding}\r\n\r\n=\x01=\r\n--edge--\r\n"
    problem_of(post(program, body.encode()), 400, "body_unreadable")


@pytest.mark.parametrize(
    "media_type", ["application/json", "application/x-www-form-urlencoded", "text/plain", ""]
)
def test_another_media_type_is_not_taken(program: Program, media_type: str) -> None:
    problem_of(post(program, b"{}", media_type), 415, "media_type_unsupported")


def test_a_part_that_nobody_knows_is_refused(program: Program, fields: Fields) -> None:
    data = {"letter": json.dumps(fields), "documents": SimpleUploadedFile("a.pdf", PDF)}
    answer = program.call("post", "/letters", data=data)
    problem = problem_of(answer, 422, "field_invalid")
    assert [error["pointer"] for error in problem["errors"]] == ["/documents"]


def test_a_document_that_the_letter_does_not_name_is_refused(
    program: Program, fields: Fields
) -> None:
    answer = program.letter({**fields, "documents": ["a.pdf"]}, [("a.pdf", PDF), ("b.pdf", PDF)])
    problem = problem_of(answer, 422, "field_invalid")
    assert problem["errors"][0]["pointer"] == "/documents"


def test_two_documents_of_one_name_are_refused(program: Program, fields: Fields) -> None:
    answer = program.letter(fields, [("a.pdf", PDF), ("a.pdf", PDF)])
    problem_of(answer, 422, "field_invalid")


def test_a_document_without_a_name_is_refused(program: Program, fields: Fields) -> None:
    answer = program.call(
        "post", "/letters", data={"letter": json.dumps(fields), "document": "PDF"}
    )
    problem_of(answer, 422, "field_invalid")


def test_a_document_with_a_name_that_is_too_long_is_refused(
    program: Program, fields: Fields
) -> None:
    problem_of(program.letter(fields, [("a" * 201, PDF)]), 422, "field_invalid")


def test_far_too_much_is_refused_before_it_is_read(
    program: Program, fields: Fields, settings: Settings
) -> None:
    settings.LARGEST_DOCUMENT = 100
    five_times = [("a.pdf", bytes(250)), ("b.pdf", bytes(250))]
    named = {**fields, "documents": []}  # answered 422 below: the body itself was read
    problem_of(program.letter(named, five_times), 422, "field_invalid")
    problem_of(program.letter(named, [*five_times, ("c.pdf", b"1")]), 413, "request_too_large")


def test_a_letter_part_of_megabytes_is_too_large(program: Program) -> None:
    problem_of(program.letter("9" * 2_600_000), 413, "request_too_large")


def test_more_files_than_a_hundred_are_refused(program: Program, fields: Fields) -> None:
    files = [(f"{number}.pdf", b"") for number in range(101)]
    problem_of(program.letter(fields, files), 400, "body_unreadable")
    named = {**fields, "documents": []}
    problem_of(program.letter(named, files[:100]), 422, "field_invalid")
