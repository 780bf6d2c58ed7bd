"""The member's receipt: whole, checked without us, and theirs alone."""

import json
from collections.abc import Callable
from io import BytesIO

import pytest
from django.conf import settings
from django.test import Client

from mypost.kernel.receipt import check_receipt
from mypost.letters.models import Letter
from tests.entrypoints.member_web.conftest import PDF, Open, page, text_of

Integrate = Callable[[], None]


@pytest.fixture
def receipt(hers: Client, with_document: Letter, integrated: Integrate) -> dict[str, object]:
    integrated()
    answer = hers.get(f"/letters/{with_document.id}/receipt")
    bundle: dict[str, object] = json.load(BytesIO(answer.content))
    return bundle


def test_it_is_a_file_named_after_the_letter(
    hers: Client, with_document: Letter, integrated: Integrate
) -> None:
    integrated()
    headers = hers.get(f"/letters/{with_document.id}/receipt").headers
    name = f"mypost-receipt-{with_document.number}.json"
    assert headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert headers["Content-Type"] == "application/json"
    assert "no-store" in headers["Cache-Control"]


def test_it_proves_arrival_and_opening_without_us(receipt: dict[str, object]) -> None:
    verdict = check_receipt(
        receipt, verifier_key=settings.LOG_VERIFIER_KEY, documents=[PDF],
        text="国民健康保険税のお知らせ\n\n納期限は11月30日です。",
    )  # fmt: skip
    assert verdict.valid
    assert {"ContentConsignment", "ContentHandover"} <= {line.event for line in verdict.lines}


def test_it_does_not_prove_another_text(receipt: dict[str, object]) -> None:
    key = settings.LOG_VERIFIER_KEY
    assert not check_receipt(receipt, verifier_key=key, text="ほかの手紙").valid


def test_it_is_not_given_before_the_opening_can_be_proved(
    hers: Client, letter: Letter, integrated: Integrate
) -> None:
    integrated()
    hers.post(f"/letters/{letter.id}/open")
    answer = hers.get(f"/letters/{letter.id}/receipt")
    assert "受領証を作っています" in text_of(answer, 503)
    assert answer.headers["Retry-After"] == "10"
    integrated()
    assert hers.get(f"/letters/{letter.id}/receipt").status_code == 200


def test_a_letter_that_is_not_opened_has_none(
    hers: Client, letter: Letter, integrated: Integrate
) -> None:
    integrated()
    assert hers.get(f"/letters/{letter.id}/receipt").status_code == 404


def test_the_letter_leads_to_it(hers: Client, opened: Open) -> None:
    letter = opened()
    assert f'href="/letters/{letter.id}/receipt"' in page(hers, f"/letters/{letter.id}/")


def test_everybody_may_read_how_to_check_one(nobodys: Client) -> None:
    shown = page(nobodys, "/receipts/")
    assert "python tools/verify_receipt.py" in shown
    assert settings.LOG_VERIFIER_KEY in shown
    assert "http://localhost:8000/log/vkey" in shown
