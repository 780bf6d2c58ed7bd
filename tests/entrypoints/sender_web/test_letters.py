"""Finding a letter that was sent, its states and its receipt."""

import json
from uuid import UUID

import pytest
from django.conf import settings

from mypost.entrypoints.sender_web import letters as letters_page
from mypost.evidence import commands as evidence
from mypost.intake.commands import HandedDocument
from mypost.intake.models import Item
from mypost.kernel.receipt import check_receipt
from mypost.letters.commands import hand_over
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.subscriptions.models import Subscription
from tests.conftest import LATER, SendLetter
from tests.entrypoints.sender_web.conftest import GOOD_PDF, Person

PHRASES = ("国民健康保険税", "納期限", "notice.pdf")


def test_a_letter_is_found_by_number_reference_or_pseudonym(
    console: Person, letter: Letter, chosen: Subscription
) -> None:
    for words in (letter.number, letter.number.lower(), "R-1", chosen.pseudonym, "ｒ－１".upper()):
        assert str(letter.id) in console.get("/letters", words=words), words
    for words in ("R-2", "R", letter.number[:-1]):
        assert str(letter.id) not in console.get("/letters", words=words), words


def test_words_to_look_for_have_at_most_a_hundred_characters(console: Person) -> None:
    console.get("/letters", 200, words="長" * 100)
    console.get("/letters", 422, words="長" * 101)


def test_letters_are_paged_by_their_last_one(console: Person, send_letter: SendLetter) -> None:
    for number in range(30):
        send_letter(reference=f"N-{number:02}")
    first = console.get("/letters", words="")
    last = Item.objects.order_by("-letter_id")[24]
    second = console.get("/letters", before=str(last.letter_id))
    shown = [[f"N-{n:02}" in page for n in range(30)] for page in (first, second)]
    assert (sum(shown[0]), sum(shown[1])) == (25, 5)


def test_pages_of_a_search_keep_its_words(
    console: Person, send_letter: SendLetter, chosen: Subscription, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters_page, "ON_A_PAGE", 1)
    older, newer = sorted(send_letter(reference=name).letter_id for name in ("N-1", "N-2"))
    words = chosen.pseudonym
    first = console.http.get("/letters", {"words": words.lower()}).context
    assert [row["item"].letter_id for row in first["rows"]] == [newer]
    assert (first["newer_url"], first["older_url"]) == (
        "",
        f"?words={words.lower()}&before={newer}",
    )
    second = console.http.get(f"/letters{first['older_url']}").context
    assert [row["item"].letter_id for row in second["rows"]] == [older]
    assert (second["newer_url"], second["older_url"]) == (f"?words={words.lower()}", "")


def test_its_page_shows_its_times_and_never_its_content(
    console: Person, send_letter: SendLetter, hanako: Member
) -> None:
    item = send_letter([HandedDocument("notice.pdf", GOOD_PDF)])
    path = f"/letters/{item.letter_id}"
    assert console.get(path).count("<time") == 2  # accepted, consigned
    hand_over(item.letter_id, reader=hanako, aal=1, at=LATER)
    page = console.get(path)
    assert page.count("<time") == 3
    assert "2026-11-22T11:00:00+09:00" in page
    assert not [phrase for phrase in PHRASES if phrase in page]


def test_a_refused_letter_tells_why_and_has_no_receipt(
    console: Person, send_letter: SendLetter
) -> None:
    item = send_letter(recipient="ZZZZ")
    page = console.get(f"/letters/{item.letter_id}")
    assert "recipient_unknown" in page
    assert "receipt" not in page
    console.get(f"/letters/{item.letter_id}/receipt", 404)


def test_a_test_letter_says_that_it_was_not_delivered(
    console: Person, send_letter: SendLetter
) -> None:
    item = send_letter(live=False, recipient="TEST-DELIVERED")
    console.http.cookies["mypost_language"] = "en"
    assert "test: not delivered" in console.get(f"/letters/{item.letter_id}")
    assert "test: not delivered" in console.get("/letters")
    console.get(f"/letters/{item.letter_id}/receipt", 404)


def test_the_last_openings_stand_on_the_first_page(
    console: Person, letter: Letter, hanako: Member
) -> None:
    hand_over(letter.id, reader=hanako, aal=1, at=LATER)
    evidence.integrate(at=LATER)
    page = console.get("/")
    assert letter.number in page
    assert "R-1" in page


def test_the_first_page_shows_five_openings(
    console: Person, send_letter: SendLetter, hanako: Member
) -> None:
    for number in range(6):
        item = send_letter(reference=f"N-{number}")
        hand_over(item.letter_id, reader=hanako, aal=1, at=LATER)
    evidence.integrate(at=LATER)
    page = console.get("/")
    shown = [f"N-{number}" for number in range(6) if f">N-{number}<" in page]
    assert shown == ["N-1", "N-2", "N-3", "N-4", "N-5"]


# The receipt


def test_a_receipt_verifies_without_us(console: Person, letter: Letter, hanako: Member) -> None:
    hand_over(letter.id, reader=hanako, aal=1, at=LATER)
    evidence.integrate(at=LATER)
    answer = console.http.get(f"/letters/{letter.id}/receipt")
    assert answer["Content-Type"] == "application/json"
    name = f"receipt-{letter.number}.json"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert settings.LOG_KEY_FILE is not None
    key = settings.LOG_KEY_FILE.with_name("log.vkey").read_text().strip()
    verdict = check_receipt(json.loads(answer.content), verifier_key=key)
    assert verdict.valid
    assert not [phrase for phrase in PHRASES if phrase in answer.content.decode()]


def test_a_receipt_that_is_not_ready_asks_to_come_back(console: Person, letter: Letter) -> None:
    answer = console.http.get(f"/letters/{letter.id}/receipt")
    assert (answer.status_code, answer["Retry-After"]) == (503, "3")
    assert "receipt_not_ready" in answer.content.decode()


def test_a_letter_of_nobody_is_not_there(console: Person) -> None:
    console.get(f"/letters/{UUID(int=7)}", 404)
