"""A virus at the API's doors for documents, and what a program is told while nobody can scan."""

from typing import Any
from uuid import UUID

import pytest

from mypost.common.clock import now
from mypost.intake import delivery
from mypost.intake.antivirus import AntivirusUnavailable
from mypost.intake.models import Consignment, Item
from mypost.letters.models import Letter
from mypost.vault.models import StoredObject
from tests.entrypoints.sender_api.conftest import Fields, Program, problem_of
from tests.entrypoints.sender_api.test_consignments import deliver, put_items
from tests.scanner import CLEAN, INFECTED, NO_HELP, Scanner

# API.md: "document_infected" is a code of refusal for an item; its place is the document.
INFECTED_VERDICT = {"state": "refused", "code": "document_infected", "place": "notice.pdf"}


def verdict(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 201, answer.content
    told = answer.json()
    return {name: told[name] for name in INFECTED_VERDICT if name in told}


def test_an_infected_document_refuses_its_letter(
    program: Program, fields: Fields, scanner: Scanner
) -> None:
    assert verdict(program.letter(fields, [("notice.pdf", INFECTED)])) == INFECTED_VERDICT
    assert not Letter.objects.exists()
    assert not StoredObject.objects.exists()
    assert verdict(program.letter(fields, [("notice.pdf", CLEAN)])) == {"state": "consigned"}


def test_a_test_key_is_refused_an_infected_document_too(
    rehearsing: Program, fields: Fields, scanner: Scanner
) -> None:
    answer = rehearsing.letter(
        {**fields, "recipient": "TEST-DELIVERED"}, [("notice.pdf", INFECTED)]
    )
    assert verdict(answer) == INFECTED_VERDICT


@pytest.mark.parametrize("how", NO_HELP)
def test_without_a_scanner_a_letter_may_be_sent_again_under_the_same_key(
    program: Program, fields: Fields, scanner: Scanner, how: str
) -> None:
    scanner.is_no_help(how)
    notice = [("notice.pdf", CLEAN)]
    answer = program.letter(fields, notice, Idempotency_Key="once")
    problem_of(answer, 503, "antivirus_unavailable")
    assert int(answer["Retry-After"]) > 0
    assert not Consignment.objects.exists()
    assert not StoredObject.objects.exists()
    scanner.works()
    again = program.letter(fields, notice, Idempotency_Key="once")
    assert verdict(again) == {"state": "consigned"}
    assert Letter.objects.count() == 1


def test_a_letter_without_documents_needs_no_scanner(
    program: Program, fields: Fields, scanner: Scanner
) -> None:
    scanner.is_no_help("away")
    assert verdict(program.letter(fields)) == {"state": "consigned"}


def submitted(program: Program, fields: Fields, content: bytes) -> str:
    """Hand in a consignment of one item with one document."""
    id = str(program.post("/consignments", {"reference": "C-1"}).json()["id"])
    put = program.put(f"/consignments/{id}/documents/notice.pdf", content, "application/pdf")
    assert put.status_code == 200
    row = f"{fields['recipient']},1,お知らせ,notice.pdf\n"
    put_items(program, id, f"recipient,reference,subject,documents\n{row}")
    assert program.post(f"/consignments/{id}/submit").status_code == 202
    return id


def test_an_infected_document_of_a_consignment_refuses_its_items(
    program: Program, fields: Fields, scanner: Scanner
) -> None:
    id = submitted(program, fields, INFECTED)
    deliver(id)
    (item,) = program.get(f"/consignments/{id}/items").json()["items"]
    assert (item["result"], item["code"], item["place"]) == (
        "refused", "document_infected", "notice.pdf",
    )  # fmt: skip
    assert not Letter.objects.exists()
    assert not StoredObject.objects.exists()


@pytest.mark.parametrize("how", NO_HELP)
def test_without_a_scanner_a_consignment_is_pending_to_its_sender(
    program: Program, fields: Fields, scanner: Scanner, how: str
) -> None:
    scanner.is_no_help(how)
    id = submitted(program, fields, CLEAN)
    with pytest.raises(AntivirusUnavailable):
        delivery.examine_consignment(UUID(id), at=now())
    told = program.get(f"/consignments/{id}").json()
    assert (told["state"], told["pending"]) == ("submitted", 1)
    assert not Item.objects.exists()
    scanner.works()
    deliver(id)
    told = program.get(f"/consignments/{id}").json()
    assert (told["state"], told["in_mailbox"], told["pending"]) == ("completed", 1, 0)
