"""No document is delivered that the virus scanner has not called clean: unknown means no."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings as django_settings

from mypost.evidence.models import Line
from mypost.intake import delivery, ledger
from mypost.intake.antivirus import AntivirusUnavailable
from mypost.intake.commands import HandedDocument
from mypost.intake.models import Chunk, Consignment, ConsignmentDocument, Item, UsedReference
from mypost.intake.preview import preview
from mypost.letters.models import Letter
from mypost.notifications.models import Alert
from mypost.vault.models import Envelope, StoredObject
from tests.conftest import LATER, NOW, SendLetter
from tests.intake.conftest import Fields, HandIn, results, work_off
from tests.scanner import CLEAN, INFECTED, NO_HELP, Scanner

DELIVERED = [Letter, Envelope, Alert]
KEPT = [*DELIVERED, Item, Consignment, StoredObject, UsedReference, Line]


@pytest.fixture(autouse=True)
def _scanned(db: None, scanner: Scanner) -> Iterator[None]:
    yield
    assert ledger.check() == {}


def counts(kinds: Sequence[type]) -> list[int]:
    return [kind.objects.count() for kind in kinds]  # type: ignore[attr-defined]


def files_of_the_store() -> list[Path]:
    return [path for path in django_settings.STORE_FOLDER.rglob("*") if path.is_file()]


def told_of(letter_id: UUID) -> tuple[str, bool]:
    line = Line.objects.get(subject_id=letter_id)
    return line.event, '"reasons":["document_infected"]' in line.entry


# A single letter


def test_an_infected_document_refuses_its_letter_and_is_kept_nowhere(
    send_letter: SendLetter,
) -> None:
    documents = [HandedDocument("clean.pdf", CLEAN), HandedDocument("infected.pdf", INFECTED)]
    item = send_letter(documents)
    assert (item.state, item.code, item.place) == ("refused", "document_infected", "infected.pdf")
    assert item.detail == "The document holds a known virus."
    assert told_of(item.letter_id) == ("SubmissionRejection", True)
    assert counts([*DELIVERED, StoredObject, UsedReference]) == [0, 0, 0, 0, 0]


def test_a_clean_document_passes_the_scanner(send_letter: SendLetter) -> None:
    assert send_letter([HandedDocument("clean.pdf", CLEAN)]).state == "consigned"


def test_a_rehearsal_is_scanned_too(send_letter: SendLetter) -> None:
    item = send_letter(
        [HandedDocument("infected.pdf", INFECTED)], live=False, recipient="TEST-DELIVERED"
    )
    assert (item.state, item.code) == ("refused", "document_infected")


@pytest.mark.parametrize("how", NO_HELP)
def test_without_a_scanner_a_letter_is_not_taken_and_may_come_again(
    send_letter: SendLetter, scanner: Scanner, how: str
) -> None:
    before = counts(KEPT)
    scanner.is_no_help(how)
    with pytest.raises(AntivirusUnavailable) as refused:
        send_letter([HandedDocument("clean.pdf", CLEAN)])
    assert not refused.value.permanent
    assert (counts(KEPT), files_of_the_store()) == (before, [])
    scanner.works()
    assert send_letter([HandedDocument("clean.pdf", CLEAN)]).state == "consigned"


# A consignment


def test_an_infected_document_refuses_its_items_and_leaves_the_store_with_them(
    hand_in: HandIn, item: Fields, django_capture_on_commit_callbacks: object
) -> None:
    items = [
        {**item, "reference": "1", "documents": ["clean.pdf"]},
        {**item, "reference": "2", "documents": ["infected.pdf"]},
        {**item, "reference": "3", "documents": ["clean.pdf", "infected.pdf"]},
    ]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        done = work_off(hand_in(items, {"infected.pdf": INFECTED, "clean.pdf": CLEAN}))
    infected = ("document_infected", "infected.pdf")
    assert results(done) == [("", ""), infected, infected]
    assert (done.state, done.in_mailbox, done.refused, done.pending) == ("completed", 1, 2, 0)
    refused = Item.objects.filter(code="document_infected").values_list("letter_id", flat=True)
    assert [told_of(letter_id) for letter_id in refused] == [("SubmissionRejection", True)] * 2
    assert counts(DELIVERED) == [1, 1, 1]
    kept = {object_id.hex for object_id in StoredObject.objects.values_list("id", flat=True)}
    assert {path.name for path in files_of_the_store()} == kept
    assert len(kept) == 1  # the clean one


@pytest.mark.parametrize("how", NO_HELP)
def test_without_a_scanner_a_consignment_waits_and_goes_on_when_it_is_back(
    hand_in: HandIn, item: Fields, scanner: Scanner, how: str
) -> None:
    waiting = hand_in([{**item, "documents": ["clean.pdf"]}, item], {"clean.pdf": CLEAN})
    scanner.is_no_help(how)
    with pytest.raises(AntivirusUnavailable):  # and the worker tries again
        delivery.examine_consignment(waiting.id, at=LATER)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.submitted, waiting.pending) == ("submitted", 2, 2)
    assert not Chunk.objects.exists()
    assert not ConsignmentDocument.objects.exclude(examined_at=None).exists()
    assert counts(DELIVERED) == [0, 0, 0]
    scanner.works()
    done = work_off(waiting)
    assert results(done) == [("", ""), ("reference_repeated", "reference")]


def test_what_was_called_clean_before_the_scanner_went_is_not_asked_again(
    hand_in: HandIn, item: Fields, scanner: Scanner
) -> None:
    waiting = hand_in([{**item, "documents": ["a.pdf"]}], {"a.pdf": CLEAN, "b.pdf": CLEAN})
    ConsignmentDocument.objects.filter(name="a.pdf").update(examined_at=NOW, pages=1)
    scanner.is_no_help("away")
    with pytest.raises(AntivirusUnavailable):
        delivery.examine_consignment(waiting.id, at=LATER)
    scanner.works()
    assert results(work_off(waiting)) == [("", "")]
    assert Letter.objects.get().documents == 1


# The look before sending


def test_the_look_before_sending_tells_an_infected_document(hand_in: HandIn, item: Fields) -> None:
    handed = hand_in([{**item, "documents": ["infected.pdf"]}], {"infected.pdf": INFECTED})
    Consignment.objects.update(state="open", submitted_at=None)
    seen = preview(handed.sender_id, handed.id, limit=10)
    assert [(document.name, document.code) for document in seen.documents] == [
        ("infected.pdf", "document_infected")
    ]
    assert (seen.sendable, [trouble.item.code for trouble in seen.troubles]) == (
        0, ["document_infected"],
    )  # fmt: skip


@pytest.mark.parametrize("how", NO_HELP)
def test_without_a_scanner_there_is_nothing_to_look_at(
    hand_in: HandIn, item: Fields, scanner: Scanner, how: str
) -> None:
    handed = hand_in([item], {"clean.pdf": CLEAN})
    Consignment.objects.update(state="open", submitted_at=None)
    scanner.is_no_help(how)
    with pytest.raises(AntivirusUnavailable):
        preview(handed.sender_id, handed.id, limit=10)
