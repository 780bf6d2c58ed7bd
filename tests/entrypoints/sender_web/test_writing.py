"""Writing a letter at the console: what, who, check, send."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from pytest_django import Settings

from mypost.intake import commands as intake
from mypost.intake.models import Consignment, ConsignmentDocument, Item
from mypost.letters.commands import hand_over
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.senders.models import Sender
from mypost.subscriptions.models import Subscription
from mypost.vault.models import StoredObject
from tests.conftest import LATER
from tests.entrypoints.sender_web.conftest import (
    BAD_PDF,
    GOOD_PDF,
    Deliver,
    Person,
    id_in,
    pdf,
    words,
    write_letter,
)
from tests.entrypoints.sender_web.test_members import let_choose
from tests.pdf_makers import A_MY_NUMBER, by_reportlab, encrypted

UNKNOWN = "AAAA-BBBB-CCCC"


def stored_files() -> list[Path]:
    folder = settings.STORE_FOLDER
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def everything_kept() -> str:
    """Every row of every table, as text, and every file of the store."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" AS t')
            rows += [row[0] for row in cursor.fetchall()]
    files = [path.read_bytes().decode("latin-1") for path in stored_files()]
    return "\n".join(rows + files)


# The whole way


def test_a_letter_goes_from_the_form_into_the_mailbox_and_its_opening_is_seen(
    console: Person, chosen: Subscription, hanako: Member, deliver: Deliver
) -> None:
    first = console.posted("/letters/new", **words(documents=pdf("案内.pdf")))
    draft = id_in(first)
    assert first == f"/letters/new/{draft}/recipients"
    assert chosen.pseudonym in console.get(first)
    to_check = console.posted(first, ticked=chosen.pseudonym, recipients="", check="1")
    checked = console.get(to_check)
    for shown in ("防災訓練のお知らせ", "<strong>9時</strong>", "案内.pdf", "みなと市"):
        assert shown in checked, shown
    followed = console.posted(f"/consignments/{draft}/send")
    assert followed == f"/consignments/{draft}"
    assert 'hx-trigger="every 1s"' in console.get(followed)

    assert deliver(draft).in_mailbox == 1

    assert "hx-trigger" not in console.get(followed)
    letter = Letter.objects.get(consignment_id=draft)
    content = hand_over(letter.id, reader=hanako, aal=1, at=LATER)
    assert (content.subject, content.documents[0].pages) == ("防災訓練のお知らせ", 2)
    page = console.get(f"/letters/{letter.id}")
    assert "2026-11-22T11:00:00+09:00" in page  # opened
    assert "防災訓練" not in page


def test_several_recipients_get_numbered_references(
    console: Person, chosen: Subscription, deliver: Deliver
) -> None:
    draft = write_letter(console, chosen.pseudonym, UNKNOWN)
    console.posted(f"/consignments/{draft}/send")
    deliver(draft)
    found = Item.objects.filter(consignment=draft).order_by("position")
    assert [(item.reference, item.code) for item in found] == [
        ("BOSAI-1-1", ""),
        ("BOSAI-1-2", "recipient_unknown"),
    ]


# Where it lies meanwhile


def test_between_two_pages_its_words_lie_nowhere_in_the_clear(
    console: Person, chosen: Subscription
) -> None:
    console.posted("/letters/new", **words(documents=pdf(content=by_reportlab("SECRETPAPER"))))
    kept = everything_kept()
    for phrase in ("防災訓練", "12月1日", "SECRETPAPER", "\\u9632"):
        assert phrase not in kept, phrase
    assert "BOSAI-1" in kept  # the search would find words if they were there
    for session in Session.objects.all():
        assert "防災" not in str(session.get_decoded())


def test_a_discarded_letter_leaves_nothing(
    console: Person, chosen: Subscription, django_capture_on_commit_callbacks: object
) -> None:
    draft = write_letter(console, chosen.pseudonym, documents=pdf())
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert console.posted(f"/consignments/{draft}/discard") == "/consignments"
    assert not Consignment.objects.exists()
    assert not ConsignmentDocument.objects.exists()
    assert not StoredObject.objects.exists()
    console.get(f"/consignments/{draft}/check", 404)


def test_a_letter_that_was_sent_is_not_discarded_sent_again_or_changed(
    console: Person, draft: UUID
) -> None:
    console.posted(f"/consignments/{draft}/send")
    for path in ("discard", "send", "files"):
        assert console.posted(f"/consignments/{draft}/{path}") == f"/consignments/{draft}"
    for path in ("text", "recipients"):
        at_letter = f"/letters/new/{draft}/{path}"
        assert console.http.get(at_letter)["Location"] == f"/consignments/{draft}"
        assert console.posted(at_letter, **words(subject="x")) == f"/consignments/{draft}"
    assert Consignment.objects.get(id=draft).state == "submitted"


# Going back


def test_going_back_finds_every_word_and_recipient_again(
    console: Person, chosen: Subscription
) -> None:
    draft = write_letter(console, chosen.pseudonym, due="2026-12-20", documents=pdf("案内.pdf"))
    page = console.get(f"/letters/new/{draft}/text")
    for kept in ("防災訓練のお知らせ", "12月1日の**9時**です", "2026-12-20", "BOSAI-1", "案内.pdf"):
        assert kept in page, kept
    assert chosen.pseudonym in console.get(f"/letters/new/{draft}/recipients")


def test_changed_words_keep_the_recipients_and_the_documents(
    console: Person, chosen: Subscription
) -> None:
    draft = write_letter(console, chosen.pseudonym, UNKNOWN, documents=pdf("案内.pdf"))
    console.posted(f"/letters/new/{draft}/text", **words(subject="中止のお知らせ", reference="B-2"))
    page = console.get(f"/consignments/{draft}/check")
    for kept in ("中止のお知らせ", "案内.pdf", UNKNOWN, "B-2-1"):
        assert kept in page, kept
    assert Consignment.objects.get(id=draft).reference == "B-2"


def test_a_removed_document_is_gone_and_the_words_stay(console: Person, draft: UUID) -> None:
    at_text = f"/letters/new/{draft}/text"
    console.posted(at_text, **words(documents=[pdf("a.pdf"), pdf("b.pdf")]))
    page = console.posted(at_text, 200, **words(subject="新しい件名", remove="a.pdf"))
    assert "新しい件名" in page
    assert list(ConsignmentDocument.objects.values_list("name", flat=True)) == ["b.pdf"]
    assert "a.pdf" not in console.get(f"/consignments/{draft}/check")


def test_an_interrupted_letter_is_taken_up_where_it_was_left(console: Person) -> None:
    page = console.posted("/letters/new", 422, **words(subject="", documents=pdf()))
    assert "notice.pdf" in page
    draft = Consignment.objects.get()
    on = console.http.get(f"/consignments/{draft.id}/check", follow=True)
    assert on.redirect_chain[-1][0] == f"/letters/new/{draft.id}/text"


# Errors at their place


MISTAKES = {
    "no subject": ({"subject": " "}, "id_subject_error"),
    "a subject too long": ({"subject": "長" * 121}, "id_subject_error"),
    "a text too long": ({"body": "長" * 10_001}, "id_body_error"),
    "a day that is none": ({"due": "2026-02-30"}, "id_due_error"),
    "a topic of nobody": ({"topic": "nothing"}, "id_topic_error"),
    "a level that is none": ({"required_assurance": "9"}, "id_required_assurance_error"),
    "no reference": ({"reference": ""}, "id_reference_error"),
    "a reference too long": ({"reference": "r" * 91}, "id_reference_error"),
    "a control character": ({"subject": "a\x07b"}, "id_subject_error"),
    "a null character": ({"body": "a\x00b"}, "id_body_error"),
    "a My Number": ({"body": f"番号 {A_MY_NUMBER}"}, "contains_my_number"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_at_its_field_and_nothing_is_lost(console: Person, mistake: str) -> None:
    changes, place = MISTAKES[mistake]
    typed = words(**changes)
    page = console.posted("/letters/new", 422, **typed)
    assert place in page
    for name in {"subject", "body", "reference"} - set(changes):
        assert str(typed[name]) in page, name
    assert not Consignment.objects.exists()
    assert stored_files() == []


def test_ten_thousand_characters_count_as_the_member_counts_them(console: Person) -> None:
    longest = {"body": "あ\r\n" * 5_000, "subject": "長" * 120, "reference": "r" * 90}
    console.posted("/letters/new", **words(**longest))


BAD_DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "document_invalid": lambda: BAD_PDF,
    "document_encrypted": lambda: encrypted(user="x"),
    "contains_my_number": lambda: by_reportlab(f"No. {A_MY_NUMBER}"),
}


@pytest.mark.parametrize("code", BAD_DOCUMENTS)
def test_a_bad_document_is_told_at_its_field_and_the_good_one_is_kept(
    console: Person, code: str
) -> None:
    bad = pdf("悪い.pdf", BAD_DOCUMENTS[code]())
    page = console.posted("/letters/new", 422, **words(documents=[pdf("良い.pdf"), bad]))
    assert "id_documents_error" in page
    assert code in page
    assert "12月1日の**9時**です" in page
    assert list(ConsignmentDocument.objects.values_list("name", flat=True)) == ["良い.pdf"]


def test_a_document_too_large_is_told_at_its_field(console: Person, settings: Settings) -> None:
    settings.LARGEST_DOCUMENT = len(GOOD_PDF) - 1
    page = console.posted("/letters/new", 422, **words(documents=pdf()))
    assert "document_too_large" in page
    assert not ConsignmentDocument.objects.exists()


def test_files_of_one_name_or_a_name_too_long_are_told_at_their_field(console: Person) -> None:
    for documents in ([pdf("a.pdf"), pdf("a.pdf")], [pdf("n" * 197 + ".pdf")]):
        page = console.posted("/letters/new", 422, **words(documents=documents))
        assert "id_documents_error" in page
    assert not ConsignmentDocument.objects.exists()
    console.posted("/letters/new", **words(documents=pdf("n" * 196 + ".pdf")))
    assert ConsignmentDocument.objects.get().name == "n" * 196 + ".pdf"


def test_a_letter_has_at_most_twenty_documents(console: Person, draft: UUID, city: Sender) -> None:
    for number in range(20):
        intake.put_document(city.id, draft, f"{number}.pdf", GOOD_PDF, sha256=None, at=LATER)
    at_text = f"/letters/new/{draft}/text"
    assert console.posted(at_text, **words()) == f"/letters/new/{draft}/recipients"
    page = console.posted(at_text, 422, **words(documents=pdf("20.pdf")))
    assert "id_documents_error" in page
    assert ConsignmentDocument.objects.count() == 20


# Recipients


def test_a_letter_needs_a_recipient(console: Person) -> None:
    draft = id_in(console.posted("/letters/new", **words()))
    page = console.posted(f"/letters/new/{draft}/recipients", 422, recipients=" \n", check="1")
    assert "id_recipients_error" in page


def test_a_letter_written_here_has_at_most_a_thousand_recipients(console: Person) -> None:
    draft = id_in(console.posted("/letters/new", **words()))
    lines = "\n".join(str(number) for number in range(1_001))
    at_recipients = f"/letters/new/{draft}/recipients"
    page = console.posted(at_recipients, 422, recipients=lines, check="1")
    assert "id_recipients_error" in page
    assert "\n1000" in page
    console.posted(at_recipients, recipients=lines.removesuffix("\n1000"), check="1")
    assert Consignment.objects.get().submitted == 1_000


def test_a_recipient_written_twice_gets_one_letter(console: Person, chosen: Subscription) -> None:
    sloppy = chosen.pseudonym.lower().replace("-", " ")
    write_letter(console, chosen.pseudonym, sloppy, f"  {chosen.pseudonym}  ")
    assert Consignment.objects.get().submitted == 1


def test_a_form_has_at_most_twenty_thousand_fields(console: Person) -> None:
    draft = id_in(console.posted("/letters/new", **words()))
    for fields, status in ((20_000, 422), (20_001, 400)):
        answer = console.http.post(
            f"/letters/new/{draft}/recipients",
            "&".join(["check=1"] + [f"ticked={n}" for n in range(fields - 1)]),
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == status


def test_the_list_shows_twenty_members_at_a_time(console: Person, city: Sender) -> None:
    let_choose(city, 21)
    names = sorted(Subscription.objects.values_list("pseudonym", flat=True))
    draft = id_in(console.posted("/letters/new", **words()))
    first = console.get(f"/letters/new/{draft}/recipients")
    assert re.findall(r'name="ticked" value="([^"]+)"', first) == names[:20]
    second = console.get(f"/letters/new/{draft}/recipients", after=names[19])
    assert re.findall(r'name="ticked" value="([^"]+)"', second) == names[20:]


def test_searching_the_list_keeps_what_was_chosen(console: Person, draft: UUID) -> None:
    at_recipients = f"/letters/new/{draft}/recipients"
    leads_to = console.posted(at_recipients, recipients=UNKNOWN, words="%", find="1")
    page = console.get(leads_to)
    assert UNKNOWN in page
    assert 'name="ticked"' not in page


def test_an_unknown_pseudonym_is_told_at_its_line_before_sending(
    console: Person, chosen: Subscription
) -> None:
    draft = write_letter(console, chosen.pseudonym, UNKNOWN)
    page = console.get(f"/consignments/{draft}/check")
    row = page.split("table__error")[0].split("<tr>")[-1]
    assert ">2<" in row
    assert UNKNOWN in row
    assert "recipient_unknown" in page


def test_a_letter_that_reaches_nobody_cannot_be_sent(console: Person) -> None:
    draft = write_letter(console, UNKNOWN)
    assert '/send"' not in console.get(f"/consignments/{draft}/check")
