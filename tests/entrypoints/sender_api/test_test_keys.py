"""A test key runs everything and delivers nothing."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from mypost.evidence.models import Line
from mypost.intake import delivery
from mypost.intake.models import Chunk, Consignment, UsedReference
from mypost.letters.models import Letter
from mypost.notifications.models import Alert
from mypost.vault.models import Envelope, StoredObject
from tests.conftest import LATER
from tests.entrypoints.sender_api.conftest import PDF, Fields, Program, problem_of
from tests.entrypoints.sender_api.test_problems import OF_ITEMS


@pytest.fixture(autouse=True)
def before(chosen: object, rehearsing: Program, program: Program) -> int:
    """How many lines of evidence there are before anything is sent."""
    return Line.objects.count()


def nothing_was_delivered(before: int) -> None:
    for kept in (Letter, Envelope, Alert, UsedReference, StoredObject):
        assert not kept.objects.exists(), kept
    assert Line.objects.count() == before


def test_a_letter_is_decided_and_not_delivered(
    rehearsing: Program, fields: Fields, before: int
) -> None:
    verdict = rehearsing.letter(fields, [("notice.pdf", PDF)]).json()
    assert verdict["state"] == "consigned"
    nothing_was_delivered(before)


def test_its_state_can_be_asked_for(rehearsing: Program, fields: Fields) -> None:
    verdict = rehearsing.letter(fields).json()
    state = rehearsing.get(f"/letters/{verdict['id']}").json()
    assert (state["state"], state["live"]) == ("consigned", False)
    assert "consigned_at" not in state


def test_its_documents_are_examined(rehearsing: Program, fields: Fields, before: int) -> None:
    verdict = rehearsing.letter(fields, [("notice.pdf", b"no PDF")]).json()
    assert verdict["code"] == "document_invalid"
    nothing_was_delivered(before)


@pytest.mark.parametrize("recipient", ["TEST-DELIVERED", "TEST-DELIVERED-17"])
def test_a_test_recipient_is_delivered_to(
    rehearsing: Program, fields: Fields, recipient: str, before: int
) -> None:
    verdict = rehearsing.letter({**fields, "recipient": recipient, "topic": "tax"}).json()
    assert verdict["state"] == "consigned"
    nothing_was_delivered(before)


def test_a_test_recipient_acts_out_each_refusal(
    rehearsing: Program, fields: Fields, before: int
) -> None:
    for code in sorted(OF_ITEMS):
        for written in (code.upper(), code.upper().replace("_", "-")):
            verdict = rehearsing.letter({**fields, "recipient": f"TEST-REFUSED-{written}"}).json()
            assert (verdict["state"], verdict["code"]) == ("refused", code)
            assert verdict["detail"]
    nothing_was_delivered(before)


@pytest.mark.parametrize("written", ["", "NONSENSE", "TOPIC_DECLINED-1"])
def test_a_refusal_that_does_not_exist_is_an_unknown_recipient(
    rehearsing: Program, fields: Fields, written: str
) -> None:
    verdict = rehearsing.letter({**fields, "recipient": f"TEST-REFUSED-{written}"}).json()
    assert verdict["code"] == "recipient_unknown"


@pytest.mark.parametrize("recipient", ["TEST-DELIVERED", "TEST-REFUSED-TOPIC_DECLINED"])
def test_a_live_key_knows_no_test_recipient(
    program: Program, fields: Fields, recipient: str
) -> None:
    verdict = program.letter({**fields, "recipient": recipient}).json()
    assert verdict["code"] == "recipient_unknown"


def test_a_consignment_is_decided_and_not_delivered(
    rehearsing: Program, fields: Fields, before: int
) -> None:
    id = rehearsing.post("/consignments", {"reference": "C-1"}).json()["id"]
    rows = f"recipient,reference,subject\nTEST-DELIVERED,1,a\n{fields['recipient']},2,b\nx,3,c\n"
    rehearsing.put(f"/consignments/{id}/documents/a.pdf", PDF, "application/pdf")
    rehearsing.put(f"/consignments/{id}/items", rows.encode(), "text/csv")
    assert rehearsing.post(f"/consignments/{id}/submit").status_code == 202
    consignment = Consignment.objects.get()
    delivery.examine_consignment(consignment.id, at=LATER)
    for chunk in Chunk.objects.all():
        delivery.deliver_chunk(consignment.id, chunk.number, at=LATER)
    state = rehearsing.get(f"/consignments/{id}").json()
    assert (state["state"], state["in_mailbox"], state["refused"]) == ("completed", 2, 1)
    nothing_was_delivered(before)


def test_a_live_key_sees_no_test(program: Program, rehearsing: Program, fields: Fields) -> None:
    verdict = rehearsing.letter(fields).json()
    problem_of(program.get(f"/letters/{verdict['id']}"), 404, "letter_not_found")


def test_a_test_has_no_receipt(rehearsing: Program, fields: Fields) -> None:
    verdict = rehearsing.letter(fields).json()
    problem_of(rehearsing.get(f"/letters/{verdict['id']}/receipt"), 404, "receipt_absent")
    problem_of(rehearsing.get(f"/letters/{uuid4()}/receipt"), 404, "letter_not_found")


def test_a_test_key_is_told_of_no_live_event(
    program: Program, rehearsing: Program, fields: Fields, integrate: Callable[[], int]
) -> None:
    program.letter(fields)
    integrate()
    assert program.get("/events").json()["events"]
    assert rehearsing.get("/events").json()["events"] == []
