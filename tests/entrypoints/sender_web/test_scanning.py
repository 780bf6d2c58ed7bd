"""A virus at the console, in a letter written there or among files, and when nobody can scan."""

from uuid import UUID

import pytest

from mypost.intake import delivery
from mypost.intake.antivirus import AntivirusUnavailable
from mypost.intake.models import Consignment, ConsignmentDocument
from mypost.letters.models import Letter
from mypost.subscriptions.models import Subscription
from mypost.vault.models import StoredObject
from tests.conftest import LATER
from tests.entrypoints.sender_web.conftest import Deliver, Person, csv, id_in, pdf, words
from tests.scanner import CLEAN, INFECTED, NO_HELP, Scanner

# A letter written at the console


def test_an_infected_document_is_told_at_its_field_and_not_kept(
    console: Person, scanner: Scanner
) -> None:
    papers = [pdf("clean.pdf", CLEAN), pdf("infected.pdf", INFECTED)]
    page = console.posted("/letters/new", 422, **words(documents=papers))
    assert "id_documents_error" in page
    assert "document_infected" in page
    assert list(ConsignmentDocument.objects.values_list("name", flat=True)) == ["clean.pdf"]


@pytest.mark.parametrize("how", NO_HELP)
def test_without_a_scanner_a_document_is_not_kept_and_the_words_are(
    console: Person, scanner: Scanner, how: str
) -> None:
    scanner.is_no_help(how)
    page = console.posted("/letters/new", 422, **words(documents=pdf(content=CLEAN)))
    assert "antivirus_unavailable" in page
    assert "12月1日の**9時**です" in page
    assert not ConsignmentDocument.objects.exists()
    assert not StoredObject.objects.exists()
    scanner.works()
    console.posted("/letters/new", 302, **words(documents=pdf(content=CLEAN)))


# Files


def handed_in(console: Person, recipient: str, content: bytes) -> UUID:
    rows = f"仮名ID,整理番号,件名,書類\n{recipient},A-1,秋です,notice.pdf\n"
    paper = pdf("notice.pdf", content)
    posted = console.posted("/consignments/new", reference="r", items=csv(rows), documents=paper)
    return id_in(posted)


def test_an_infected_file_is_told_before_sending_and_refused_if_sent_all_the_same(
    console: Person, chosen: Subscription, deliver: Deliver, scanner: Scanner
) -> None:
    consignment = handed_in(console, chosen.pseudonym, INFECTED)
    checked = console.get(f"/consignments/{consignment}/check")
    assert "document_infected" in checked
    assert '/send"' not in checked
    console.posted(f"/consignments/{consignment}/send")
    done = deliver(consignment)
    assert (done.state, done.in_mailbox, done.refused) == ("completed", 0, 1)
    assert "document_infected" in console.get(f"/consignments/{consignment}")
    assert not Letter.objects.exists()
    assert not StoredObject.objects.exists()


@pytest.mark.parametrize("how", NO_HELP)
def test_without_a_scanner_the_check_waits_and_what_is_sent_waits_too(
    console: Person, chosen: Subscription, deliver: Deliver, scanner: Scanner, how: str
) -> None:
    consignment = handed_in(console, chosen.pseudonym, CLEAN)
    scanner.is_no_help(how)
    answer = console.http.get(f"/consignments/{consignment}/check")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "antivirus_unavailable" in answer.content.decode()
    console.posted(f"/consignments/{consignment}/send")
    with pytest.raises(AntivirusUnavailable):
        delivery.examine_consignment(consignment, at=LATER)
    assert Consignment.objects.get().pending == 1
    assert not Letter.objects.exists()
    scanner.works()
    assert deliver(consignment).in_mailbox == 1
