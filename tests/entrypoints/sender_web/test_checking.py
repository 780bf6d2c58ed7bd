"""The check before sending: whether it is a letter or a file, and what of it is shown."""

import json
import re
from typing import Any
from uuid import UUID

import pytest

from mypost.intake.models import Consignment
from mypost.letters.commands import hand_over
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.subscriptions.models import Subscription
from tests.conftest import LATER
from tests.entrypoints.sender_web.conftest import (
    Deliver,
    Person,
    csv,
    id_in,
    pdf,
    words,
    write_letter,
)
from tests.entrypoints.sender_web.test_handing_in import HEAD, hand_in

OURS = {
    "recipient": "A", "reference": "r", "subject": "s", "body": "", "language": "ja", "topic": "",
    "required_assurance": 0, "required_aal": 1, "confidential": False, "due": None,
    "documents": [],
}  # fmt: skip


def check_of(console: Person, *rows: object, name: str = "letters.ndjson") -> Any:
    """What the check of a file with these rows shows."""
    file = csv("\n".join(json.dumps(row) for row in rows), name)
    consignment = id_in(console.posted("/consignments/new", reference="r", items=file))
    return console.http.get(f"/consignments/{consignment}/check")


ROWS: dict[str, tuple[list[object], bool]] = {
    "one letter": ([OURS], True),
    "the same to another": ([OURS, {**OURS, "recipient": "B", "reference": "r-2"}], True),
    "begun before demands could be said": (
        [{k: v for k, v in OURS.items() if k not in ("required_aal", "confidential")}],
        True,
    ),
    "two letters": ([OURS, {**OURS, "subject": "t"}], False),
    "two that differ in the last word": ([OURS, {**OURS, "documents": ["a.pdf"]}], False),
    "a field is missing": ([{k: v for k, v in OURS.items() if k != "due"}], False),
    "a field is more": ([{**OURS, "colour": "red"}], False),
    "a row that is none": ([OURS, []], False),
    "a thousand": ([{**OURS, "recipient": str(n)} for n in range(1_000)], True),
    "more than one writes here": ([{**OURS, "recipient": str(n)} for n in range(1_001)], False),
}


@pytest.mark.parametrize("rows", ROWS)
def test_what_differs_in_its_recipients_alone_is_one_letter(console: Person, rows: str) -> None:
    written, is_letter = ROWS[rows]
    shown = check_of(console, *written).context
    assert shown["is_composed"] is is_letter
    assert (shown["current"], len(shown["steps"])) == ((3, 4) if is_letter else (2, 3))


def test_the_first_ten_letters_are_shown(console: Person) -> None:
    shown = check_of(console, *({**OURS, "reference": str(n)} for n in range(1, 12)))
    page = shown.content.decode()
    assert page.count("<article") == 1  # one letter to eleven: shown once
    rows = "\n".join(f"x,{number},s{number}" for number in range(1, 12))
    consignment = hand_in(console, f"recipient,reference,subject\n{rows}\n")
    page = console.get(f"/consignments/{consignment}/check")
    assert re.findall(r"<h3[^>]*>(s\d+)</h3>", page) == [f"s{n}" for n in range(1, 11)]
    assert page.count("<details open>") == 1


def test_each_letter_shows_its_own_documents_in_its_own_order(console: Person) -> None:
    rows = f"{HEAD}\nx,1,s,,b.pdf;a.pdf;none.pdf\nx,2,s,,b.pdf\nx,3,s,,\n"
    papers = [pdf("a.pdf"), pdf("b.pdf")]
    consignment = hand_in(console, rows, documents=papers)
    page = console.get(f"/consignments/{consignment}/check")
    shown = [re.findall(r"\w\.pdf", letter) for letter in page.split("<article")[1:]]
    assert shown == [["b.pdf", "a.pdf"], ["b.pdf"], []]


def test_a_files_topic_is_that_of_rows_that_name_none(
    console: Person, chosen: Subscription
) -> None:
    head, to = "recipient,reference,subject,topic", chosen.pseudonym
    rows = f"{head}\n{to},1,s,\n{to},2,s,news\n"
    consignment = hand_in(console, rows, topic="tax")
    shown = console.http.get(f"/consignments/{consignment}/check").context["letters"]
    assert [(letter.topic, letter.required_assurance) for letter in shown] == [
        ("tax", 2), ("news", 0),
    ]  # fmt: skip


def unwritten(console: Person) -> UUID:
    """A letter of which there is nothing yet but a document."""
    console.posted("/letters/new", 422, **words(subject="", documents=pdf()))
    return Consignment.objects.get().id


def test_a_letter_that_is_not_written_is_not_sent(console: Person) -> None:
    draft = unwritten(console)
    assert console.posted(f"/consignments/{draft}/send") == f"/consignments/{draft}/check"
    assert Consignment.objects.get().state == "open"


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("send", "Handed in. You may leave this page; delivery goes on."),
        ("discard", "Discarded. Nothing was sent."),
    ],
)
def test_what_was_done_is_told_on_the_page_behind_it(
    console: Person, draft: UUID, act: str, told: str
) -> None:
    console.http.cookies["mypost_language"] = "en"
    behind = console.http.post(f"/consignments/{draft}/{act}", follow=True)
    assert told in behind.content.decode()


def test_documents_stay_in_the_order_in_which_they_were_chosen(
    console: Person, chosen: Subscription, hanako: Member, deliver: Deliver
) -> None:
    names = ["c.pdf", "e.pdf", "a.pdf", "d.pdf", "b.pdf"]
    draft = write_letter(console, chosen.pseudonym, documents=[pdf(name) for name in names])
    at_text = f"/letters/new/{draft}/text"
    assert re.findall(r'name="remove" value="([^"]+)"', console.get(at_text)) == names
    console.posted(at_text, **words(documents=pdf("0.pdf")))
    console.posted(f"/consignments/{draft}/send")
    deliver(draft)
    content = hand_over(Letter.objects.get().id, reader=hanako, aal=1, at=LATER)
    assert [document.name for document in content.documents] == [*names, "0.pdf"]
