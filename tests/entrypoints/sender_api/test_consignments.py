"""A consignment by the API: documents and items in, submit, follow, fetch the results."""

import base64
import csv
import hashlib
import io
from typing import Any
from uuid import UUID, uuid4

import pytest
from pytest_django import Settings

from mypost.common.clock import now
from mypost.intake import delivery
from mypost.intake.models import Chunk, Consignment, Item
from mypost.letters import commands as letters
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.senders import commands as senders
from mypost.senders.models import Sender, Topic
from mypost.vault.models import StoredObject
from tests.entrypoints.sender_api.conftest import PDF, Fields, Program, problem_of


@pytest.fixture
def id(program: Program) -> str:
    """An open consignment of the city."""
    return str(program.post("/consignments", {"reference": "C-1"}).json()["id"])


def put_items(program: Program, id: str, rows: str, media_type: str = "text/csv") -> Any:
    return program.put(f"/consignments/{id}/items", rows.encode(), media_type)


def deliver(id: str) -> None:
    """Do the worker's part."""
    delivery.examine_consignment(UUID(id), at=now())
    for chunk in Chunk.objects.filter(consignment_id=id):
        delivery.deliver_chunk(UUID(id), chunk.number, at=now())


def test_it_opens_with_an_empty_ledger(program: Program) -> None:
    answer = program.post("/consignments", {"reference": "C-1", "topic": "tax"})
    assert answer.status_code == 201
    state = answer.json()
    assert (state["state"], state["reference"], state["live"]) == ("open", "C-1", True)
    assert state["submitted"] == state["pending"] == 0


def test_its_whole_way(program: Program, fields: Fields, id: str, hanako: Member) -> None:
    rows = (
        "仮名ID,整理番号,件名,書類\n"
        f"{fields['recipient']},1,お知らせ,notice.pdf\n"
        "nobody,2,お知らせ,notice.pdf\n"
        f"{fields['recipient']},3,お知らせ,missing.pdf\n"
    )
    program.put(f"/consignments/{id}/documents/notice.pdf", PDF, "application/pdf")
    assert put_items(program, id, rows).json()["pending"] == 3
    answer = program.post(f"/consignments/{id}/submit", {"mode": "send", "release": "all"})
    assert (answer.status_code, answer.json()["state"]) == (202, "submitted")
    deliver(id)
    letters.hand_over(Letter.objects.get().id, reader=hanako, aal=1, at=now())
    state = program.get(f"/consignments/{id}").json()
    counts = ["state", "submitted", "in_mailbox", "on_paper", "refused", "pending", "opened"]
    assert [state[name] for name in counts] == ["completed", 3, 1, 0, 2, 0, 1]


def test_results_come_in_pages_in_the_order_of_the_file(
    program: Program, fields: Fields, id: str
) -> None:
    rows = "".join(f"{fields['recipient']},{number},s\n" for number in range(1, 6))
    put_items(program, id, f"recipient,reference,subject\n{rows}nobody,6,s\n")
    program.post(f"/consignments/{id}/submit")
    deliver(id)
    read: list[dict[str, Any]] = []
    page = program.get(f"/consignments/{id}/items?limit=4").json()
    while page["items"]:
        read += page["items"]
        page = program.get(f"/consignments/{id}/items?limit=4&after={page['next']}").json()
    assert [item["position"] for item in read] == [1, 2, 3, 4, 5, 6]
    assert [item["reference"] for item in read] == ["1", "2", "3", "4", "5", "6"]
    assert (read[5]["result"], read[5]["code"]) == ("refused", "recipient_unknown")
    assert read[5]["place"] == "recipient"


def test_a_page_begins_nowhere_but_at_our_own_cursor(program: Program, id: str) -> None:
    problem = problem_of(program.get(f"/consignments/{id}/items?after=x"), 422, "field_invalid")
    assert problem["errors"][0]["pointer"] == "/after"


def test_a_page_has_at_most_a_thousand_results(program: Program, id: str, city: Sender) -> None:
    Item.objects.bulk_create(
        Item(
            consignment_id=id, position=number, sender_id=city.id, letter_id=uuid4(), recipient="x",
            reference=str(number), state="refused", code="recipient_unknown", decided_at=now(),
        )
        for number in range(1, 1_002)
    )  # fmt: skip
    asked = {"": 100, "?limit=1000": 1_000, "?limit=1001": 1_000, "?limit=0": 1, "?limit=-1": 1}
    for limit, count in asked.items():  # up to 1,000: API.md, paging
        page = program.get(f"/consignments/{id}/items{limit}").json()
        assert (len(page["items"]), page["next"]) == (count, str(count)), limit


@pytest.mark.parametrize("path", ["/events", "/consignments/{id}/items"])
def test_a_cursor_has_at_most_eighteen_digits(program: Program, id: str, path: str) -> None:
    for digits, status in ((18, 200), (19, 422)):  # the database counts in 64 bits
        answer = program.get(f"{path.format(id=id)}?after={'9' * digits}")
        assert answer.status_code == status


def test_results_come_back_as_csv_in_the_senders_own_columns(
    program: Program, fields: Fields, id: str
) -> None:
    put_items(program, id, f"件名,整理番号,仮名ID\n=1+1,@2,{fields['recipient']}\n")
    program.post(f"/consignments/{id}/submit")
    deliver(id)
    answer = program.get(f"/consignments/{id}/items", headers={"Accept": "text/csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="results-{id}.csv"'
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["件名", "整理番号", "仮名ID", "result", "code", "letter_id"]
    letter_id = str(Letter.objects.get().id)
    assert rows[1] == ["", "'@2", fields["recipient"], "consigned", "", letter_id]


# Opening


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/reference"),
        ({"reference": ""}, "/reference"),
        ({"reference": " \u3000"}, "/reference"),
        ({"reference": 1}, "/reference"),
        ({"reference": "r" * 101}, "/reference"),
        ({"reference": "a", "topic": "t" * 51}, "/topic"),
        ({"reference": "a\x00"}, "/reference"),
        ({"reference": "a\ud800"}, "/reference"),
        ({"reference": "a", "topic": "\x00"}, "/topic"),
        ({"reference": "a", "topic": None}, "/topic"),
        ({"reference": "a", "colour": "red"}, "/colour"),
    ],
)
def test_a_wrong_field_is_named(program: Program, body: object, pointer: str) -> None:
    problem = problem_of(program.post("/consignments", body), 422, "field_invalid")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert not Consignment.objects.exists()


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", "1", '{"a": 1} x', '{"a": "é"}', '{"a": 1, "a": 2}'],
)
def test_a_body_that_is_no_json_object_is_unreadable(program: Program, body: str) -> None:
    sent = body.encode("latin-1")
    answer = program.call("post", "/consignments", data=sent, content_type="application/json")
    problem_of(answer, 400, "body_unreadable")


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "multipart/form-data"])
def test_another_media_type_is_not_taken(program: Program, media_type: str) -> None:
    body = b'{"reference": "C-1"}'
    answer = program.call("post", "/consignments", data=body, content_type=media_type)
    problem_of(answer, 415, "media_type_unsupported")


def test_its_name_and_topic_are_as_long_as_we_say(program: Program, city: Sender) -> None:
    topic = Topic(sender=city, slug="t" * 50, name="t", category="living", required_assurance=0)
    senders.add_topic(topic, at=now())
    answer = program.post("/consignments", {"reference": "長" * 100, "topic": "t" * 50})
    assert (answer.status_code, answer.json()["reference"]) == (201, "長" * 100)


def test_a_topic_of_another_sender_is_no_topic(program: Program, power: Sender) -> None:
    topic = Topic(sender=power, slug="bill", name="b", category="living", required_assurance=0)
    senders.add_topic(topic, at=now())
    answer = program.post("/consignments", {"reference": "C-1", "topic": "bill"})
    problem_of(answer, 422, "topic_unknown")
    assert not Consignment.objects.exists()


def test_a_body_has_at_most_two_and_a_half_megabytes(program: Program) -> None:
    def post(size: int) -> Any:
        body = b'{"reference": "C-1"}'.ljust(size)
        return program.call("post", "/consignments", data=body, content_type="application/json")

    assert post(2_500_000).status_code == 201
    problem_of(post(2_500_001), 413, "request_too_large")


def test_a_charset_may_stand_beside_the_media_type(program: Program) -> None:
    answer = program.call(
        "post", "/consignments", data=b'{"reference": "C-1"}',
        content_type="application/json; charset=utf-8",
    )  # fmt: skip
    assert answer.status_code == 201


def test_a_topic_that_does_not_exist_is_refused(program: Program) -> None:
    answer = program.post("/consignments", {"reference": "C-1", "topic": "weather"})
    problem_of(answer, 422, "topic_unknown")


def test_a_suspended_sender_opens_none(program: Program, city: Sender) -> None:
    senders.move_contract(city.id, Sender.ContractState.SUSPENDED, reason="test", at=now())
    problem_of(program.post("/consignments", {"reference": "C-1"}), 403, "sender_suspended")


# Documents


def digest(content: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


def put_document(program: Program, id: str, content: bytes = PDF, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    path = f"/consignments/{id}/documents/notice.pdf"
    return program.put(path, content, "application/pdf", headers=named)


def test_a_document_is_taken_with_its_size(program: Program, id: str) -> None:
    answer = put_document(program, id)
    assert (answer.status_code, answer.json()) == (200, {"name": "notice.pdf", "size": len(PDF)})


def test_the_same_name_again_replaces_the_document(program: Program, id: str) -> None:
    put_document(program, id)
    put_document(program, id, PDF + b"\n")
    assert StoredObject.objects.count() == 1


@pytest.mark.parametrize(
    "header", [digest(PDF), f"sha-512=:AAAA:, {digest(PDF)}", "sha-512=:AAAA:", ""]
)
def test_a_digest_that_fits_lets_the_document_in(program: Program, id: str, header: str) -> None:
    assert put_document(program, id, Repr_Digest=header).status_code == 200


@pytest.mark.parametrize(
    "header", [digest(b"other"), "sha-256=:AAAA:", "sha-256=AAAA", f"sha-256=:{'=' * 44}:"]
)
def test_a_digest_that_does_not_fit_keeps_it_out(program: Program, id: str, header: str) -> None:
    problem_of(put_document(program, id, Repr_Digest=header), 422, "digest_mismatch")
    assert not StoredObject.objects.exists()


def test_a_document_that_is_too_large_is_not_taken(
    program: Program, id: str, settings: Settings
) -> None:
    settings.LARGEST_DOCUMENT = len(PDF) - 1
    problem_of(put_document(program, id), 413, "document_too_large")
    assert not StoredObject.objects.exists()
    settings.LARGEST_DOCUMENT = len(PDF)
    assert put_document(program, id).status_code == 200


def test_a_document_of_another_type_is_not_taken(program: Program, id: str) -> None:
    answer = program.put(f"/consignments/{id}/documents/a.docx", b"PK", "application/msword")
    problem_of(answer, 415, "media_type_unsupported")


@pytest.mark.parametrize("name", ["%00", "a%0Ab", "a" * 201, "%E2%80%AEfdp.exe", "%20"])
def test_a_name_that_nobody_can_read_is_refused(program: Program, id: str, name: str) -> None:
    answer = program.put(f"/consignments/{id}/documents/{name}", PDF, "application/pdf")
    problem = problem_of(answer, 422, "field_invalid")
    assert problem["errors"][0]["pointer"] == "/documents"


@pytest.mark.parametrize("name", ["納税通知書　第１期.pdf", "a;b.pdf", "..", "a b.pdf"])
def test_a_name_may_hold_what_names_hold(program: Program, id: str, name: str) -> None:
    answer = program.put(f"/consignments/{id}/documents/{name}", PDF, "application/pdf")
    assert answer.json()["name"] == name


# Items


def test_a_file_of_items_replaces_the_one_before(program: Program, id: str) -> None:
    put_items(program, id, "recipient,reference\na,1\nb,2\n")
    assert put_items(program, id, "recipient,reference\na,1\n").json()["submitted"] == 1
    assert StoredObject.objects.count() == 1


@pytest.mark.parametrize(
    ("rows", "code", "pointer"),
    [
        ("recipient,reference,colour\na,1,red\n", "column_unknown", "colour"),
        ("recipient,subject\na,1\n", "column_missing", "reference"),
        ("recipient,reference,受取人\na,1,b\n", "column_repeated", "recipient"),
    ],
)
def test_a_head_row_that_is_wrong_is_told_column_by_column(
    program: Program, id: str, rows: str, code: str, pointer: str
) -> None:
    problem = problem_of(put_items(program, id, rows), 422, "items_invalid")
    assert (problem["errors"][0]["code"], problem["errors"][0]["pointer"]) == (code, pointer)
    assert not StoredObject.objects.exists()


@pytest.mark.parametrize("rows", ["\n", "recipient,reference\n", "\x00", "{}\n"])
def test_a_file_without_items_is_refused(program: Program, id: str, rows: str) -> None:
    problem_of(put_items(program, id, rows), 422, "items_invalid")


def test_items_of_another_type_are_not_taken(program: Program, id: str) -> None:
    answer = put_items(program, id, "recipient,reference\na,1\n", "text/html")
    problem_of(answer, 415, "media_type_unsupported")


def test_a_file_of_items_that_is_too_large_is_refused(
    program: Program, id: str, settings: Settings
) -> None:
    rows = "recipient,reference\na,1\n"
    settings.LARGEST_ITEMS_FILE = len(rows) - 1
    problem_of(put_items(program, id, rows), 422, "items_invalid")
    settings.LARGEST_ITEMS_FILE = len(rows)
    assert put_items(program, id, rows).status_code == 200


# Submitting


def test_without_items_nothing_is_submitted(program: Program, id: str) -> None:
    problem_of(program.post(f"/consignments/{id}/submit"), 409, "items_missing")


@pytest.mark.parametrize("body", [{"mode": "guess"}, {"release": "5%"}, {"when": "now"}])
def test_a_way_of_sending_that_we_do_not_know_is_refused(
    program: Program, id: str, body: object
) -> None:
    problem_of(program.post(f"/consignments/{id}/submit", body), 422, "field_invalid")


def test_after_submission_it_takes_nothing_more(program: Program, id: str) -> None:
    put_items(program, id, "recipient,reference\na,1\n")
    program.post(f"/consignments/{id}/submit")
    problem_of(put_document(program, id), 409, "consignment_closed")
    problem_of(put_items(program, id, "recipient,reference\na,1\n"), 409, "consignment_closed")
    problem_of(program.post(f"/consignments/{id}/submit"), 409, "consignment_closed")


def test_a_sender_suspended_meanwhile_submits_nothing(
    program: Program, id: str, city: Sender
) -> None:
    put_items(program, id, "recipient,reference\na,1\n")
    senders.move_contract(city.id, Sender.ContractState.SUSPENDED, reason="test", at=now())
    problem_of(program.post(f"/consignments/{id}/submit"), 403, "sender_suspended")
    assert Consignment.objects.get().state == Consignment.State.OPEN
