"""GET /letters/{id} and its receipt: states, times, and proof."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.conf import settings

from mypost.common.clock import now
from mypost.intake.models import Item
from mypost.kernel.receipt import ReceiptVerdict, check_receipt
from mypost.letters import commands as letters
from mypost.members.models import Member
from mypost.notifications import commands as notifications
from mypost.notifications.models import Alert
from tests.entrypoints.sender_api.conftest import PDF, Fields, Program, problem_of

Integrate = Callable[[], int]


@pytest.fixture
def letter_id(program: Program, fields: Fields) -> str:
    return str(program.letter(fields, [("notice.pdf", PDF)]).json()["id"])


def judged(program: Program, letter_id: str) -> ReceiptVerdict:
    answer = program.get(f"/letters/{letter_id}/receipt")
    assert answer.status_code == 200, answer.content
    return check_receipt(
        answer.json(),
        verifier_key=settings.LOG_VERIFIER_KEY,
        documents=[PDF],
        text="お知らせ\n\n本文",
    )


def events(verdict: ReceiptVerdict) -> list[str]:
    return [line.event for line in verdict.lines]


def test_a_letters_times_fill_up_one_after_another(
    program: Program, letter_id: str, hanako: Member
) -> None:
    state = program.get(f"/letters/{letter_id}").json()
    assert state["state"] == "consigned"
    assert state["consigned_at"] == state["accepted_at"]
    assert not state.keys() & {"alerted_at", "opened_at", "code"}
    notifications.send(Alert.objects.get().batch_id)
    assert "alerted_at" in program.get(f"/letters/{letter_id}").json()
    letters.hand_over(UUID(letter_id), reader=hanako, aal=1, at=now())
    state = program.get(f"/letters/{letter_id}").json()
    assert state["state"] == "opened"
    assert state["opened_at"] > state["consigned_at"]


def test_a_sender_never_gets_a_letters_content_back(program: Program, letter_id: str) -> None:
    written = program.get(f"/letters/{letter_id}").content.decode()
    assert "お知らせ" not in written
    assert "notice.pdf" not in written


def test_a_refused_letter_keeps_its_code(program: Program, fields: Fields) -> None:
    refused = program.letter({**fields, "recipient": "nobody"}).json()
    state = program.get(f"/letters/{refused['id']}").json()
    assert (state["state"], state["code"]) == ("refused", "recipient_unknown")


def test_a_receipt_comes_when_the_log_has_taken_the_letter_in(
    program: Program, letter_id: str, integrate: Integrate
) -> None:
    answer = program.get(f"/letters/{letter_id}/receipt")
    problem_of(answer, 503, "receipt_not_ready")
    assert int(answer["Retry-After"]) > 0
    integrate()
    assert judged(program, letter_id).valid


def test_a_receipt_proves_the_whole_story(
    program: Program, letter_id: str, hanako: Member, integrate: Integrate
) -> None:
    notifications.send(Alert.objects.get().batch_id)
    letters.hand_over(UUID(letter_id), reader=hanako, aal=1, at=now())
    integrate()
    verdict = judged(program, letter_id)
    assert verdict.valid, verdict
    assert events(verdict) == [
        "SubmissionAcceptance",
        "ContentConsignment",
        "ConsignmentNotification",
        "ContentHandover",
    ]
    item = Item.objects.get()
    assert verdict.lines[0].proved["reference"] == item.reference
    assert verdict.lines[0].proved["recipient"] == item.recipient


def test_a_refusal_is_proved_too(program: Program, fields: Fields, integrate: Integrate) -> None:
    refused = program.letter({**fields, "recipient": "nobody"}).json()
    path = f"/letters/{refused['id']}/receipt"
    problem_of(program.get(path), 503, "receipt_not_ready")
    integrate()
    verdict = check_receipt(program.get(path).json(), verifier_key=settings.LOG_VERIFIER_KEY)
    assert verdict.valid
    assert events(verdict) == ["SubmissionRejection"]
    assert verdict.lines[0].proved["recipient"] == "nobody"
