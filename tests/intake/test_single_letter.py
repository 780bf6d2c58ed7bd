"""A single letter: decided, delivered and proved when the call returns, or not at all."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from mypost.common.failpoints import FailpointReached
from mypost.evidence.models import Line
from mypost.intake import ledger
from mypost.intake.commands import HandedDocument
from mypost.intake.errors import FieldsInvalid
from mypost.intake.models import Consignment, Item, UsedReference
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.notifications.models import Alert
from mypost.vault import commands as vault
from mypost.vault.models import Envelope, StoredObject
from tests.conftest import SendLetter
from tests.pdf_makers import by_hand, by_reportlab

PDF = by_hand()
KEPT = [Letter, Item, Consignment, Alert, Envelope, StoredObject, UsedReference, Line]


def counts() -> list[int]:
    return [kind.objects.count() for kind in KEPT]  # type: ignore[attr-defined]


def test_it_lies_in_the_mailbox_with_its_documents(send_letter: SendLetter, hanako: Member) -> None:
    paper = by_reportlab("納税通知書")
    item = send_letter([HandedDocument("notice.pdf", paper)], due="2026-11-30", topic="tax")
    assert item.state == Item.State.CONSIGNED
    letter = Letter.objects.get(id=item.letter_id)
    assert (letter.mailbox_id, letter.number) == (hanako.mailbox_id, item.number)
    assert (letter.documents, str(letter.due), letter.required_assurance) == (1, "2026-11-30", 2)
    document = vault.open_envelope(hanako.mailbox_id, letter.id).documents[0]
    assert (document.name, document.size, document.pages) == ("notice.pdf", len(paper), 1)
    assert vault.open_document(document) == paper


def test_its_consignment_is_complete_and_holds_no_key(send_letter: SendLetter) -> None:
    send_letter([HandedDocument("notice.pdf", PDF)])
    consignment = Consignment.objects.get()
    assert (consignment.kind, consignment.state) == ("letter", "completed")
    assert (consignment.submitted, consignment.in_mailbox, consignment.pending) == (1, 1, 0)
    assert consignment.transit_key is None
    assert not consignment.documents.exists()
    assert ledger.check() == {}


def test_it_leaves_acceptance_consignment_and_the_end_of_its_key_as_evidence(
    send_letter: SendLetter,
) -> None:
    before = Line.objects.count()
    send_letter()
    events = Line.objects.order_by("seq").values_list("event", flat=True)[before:]
    assert list(events) == ["SubmissionAcceptance", "ContentConsignment", "TransitKeyDestroyed"]


def test_a_refused_one_leaves_its_rejection_and_nothing_else(send_letter: SendLetter) -> None:
    item = send_letter([HandedDocument("notice.pdf", PDF)], recipient="nobody")
    assert (item.state, item.code) == (Item.State.REFUSED, "recipient_unknown")
    rejection = Line.objects.get(subject_id=item.letter_id)
    assert rejection.event == "SubmissionRejection"
    assert '"reasons":["recipient_unknown"]' in rejection.entry
    for kind in (Letter, Alert, Envelope, StoredObject, UsedReference):
        assert not kind.objects.exists()
    assert ledger.check() == {}


@pytest.mark.parametrize(
    "place",
    [
        "intake.object_put_away",
        "deliver.sealed",
        "deliver.letters_written",
        "intake.before_commit",
    ],
)
def test_a_failure_anywhere_leaves_nothing(
    send_letter: SendLetter, settings: Settings, place: str
) -> None:
    before = counts()
    settings.FAILPOINT = f"{place}:raise"
    with pytest.raises(FailpointReached):
        send_letter([HandedDocument("notice.pdf", PDF)])
    assert counts() == before
    settings.FAILPOINT = ""
    assert send_letter([HandedDocument("notice.pdf", PDF)]).state == Item.State.CONSIGNED
    assert ledger.check() == {}


def test_a_document_is_on_the_disk_before_its_letter_is_told(
    send_letter: SendLetter, settings: Settings
) -> None:
    settings.FAILPOINT = "deliver.letters_written:raise"
    with pytest.raises(FailpointReached):
        send_letter([HandedDocument("notice.pdf", PDF)])
    files = [path for path in django_settings.STORE_FOLDER.rglob("*") if path.is_file()]
    assert len(files) == 1
    assert not files[0].suffix  # whole, under its last name
    assert PDF not in files[0].read_bytes()


def test_a_name_that_cannot_be_kept_is_refused_before_anything_happens(
    send_letter: SendLetter,
) -> None:
    before = counts()
    with pytest.raises(FieldsInvalid):
        send_letter([HandedDocument("a" * 201, PDF)])
    assert counts() == before


@pytest.mark.parametrize("find", [lambda item: item.letter_id, lambda item: item.consignment_id])
def test_its_identifiers_sort_by_time_and_tell_nothing(
    send_letter: SendLetter, find: Callable[[Item], UUID]
) -> None:
    first, second = send_letter(reference="1"), send_letter(reference="2")
    assert find(first) != find(second)
    assert find(first).version == 7
