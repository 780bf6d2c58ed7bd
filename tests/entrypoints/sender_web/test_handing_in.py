"""Handing in a consignment from files."""

import re
from typing import Any
from uuid import UUID

import pytest

from mypost.intake.models import Consignment, ConsignmentDocument, Item
from mypost.senders.models import ApiKey
from mypost.subscriptions.models import Subscription
from tests.conftest import NOW
from tests.entrypoints.sender_web.conftest import BAD_PDF, Deliver, Person, csv, id_in, pdf
from tests.entrypoints.sender_web.test_writing import stored_files

HEAD = "仮名ID,整理番号,件名,本文,書類"


def hand_in(console: Person, text: str, **other: Any) -> UUID:
    return id_in(
        console.posted("/consignments/new", reference="秋の便り", items=csv(text), **other)
    )


def test_a_file_is_checked_sent_and_delivered(
    console: Person, chosen: Subscription, deliver: Deliver
) -> None:
    rows = f"{HEAD}\n{chosen.pseudonym},A-1,秋です,**こんにちは**,便り.pdf\nZZZZ,A-2,秋です,,\n"
    consignment = hand_in(console, rows, topic="news", documents=pdf("便り.pdf"))
    page = console.get(f"/consignments/{consignment}/check")
    for shown in ("整理番号", "秋です", "<strong>こんにちは</strong>", "便り.pdf", "ZZZZ"):
        assert shown in page, shown
    console.posted(f"/consignments/{consignment}/send")
    done = deliver(consignment)
    assert (done.in_mailbox, done.refused, done.state) == (1, 1, "completed")
    followed = console.get(f"/consignments/{consignment}")
    assert "recipient_unknown" in followed
    assert "秋です" not in followed


def test_a_file_in_cp932_is_read(console: Person, chosen: Subscription) -> None:
    rows = f"仮名ID,整理番号,件名\n{chosen.pseudonym},A-1,秋です\n"
    file = csv(rows, encoding="cp932")
    consignment = id_in(console.posted("/consignments/new", reference="r", items=file))
    assert "秋です" in console.get(f"/consignments/{consignment}/check")


def test_json_lines_are_read(console: Person, chosen: Subscription) -> None:
    line = f'{{"recipient": "{chosen.pseudonym}", "reference": "A-1", "subject": "秋です"}}\n[]'
    file = csv(line, "letters.ndjson")
    consignment = id_in(console.posted("/consignments/new", reference="r", items=file))
    page = console.get(f"/consignments/{consignment}/check")
    assert "秋です" in page
    assert "field_invalid" in page


HEADS = {
    "a column nobody knows": ("仮名ID,整理番号,色\n", "色", "column_unknown"),
    "a column that must be": ("仮名ID,件名\n", "reference", "column_missing"),
    "a column twice": ("仮名ID,recipient,整理番号\n", "recipient", "column_repeated"),
    "no head at all": ("", "recipient", "column_missing"),
    "a head and nothing more": ("仮名ID,整理番号\n", "", "items_invalid"),
    "no text": ("\x00\x01", "", "items_invalid"),
}


@pytest.mark.parametrize("mistake", HEADS)
def test_a_mistake_in_the_head_is_told_with_its_column_and_nothing_is_kept(
    console: Person, mistake: str
) -> None:
    text, column, code = HEADS[mistake]
    page = console.posted(
        "/consignments/new", 422, reference="秋の便り", items=csv(text), documents=pdf()
    )
    assert "id_items_error" in page
    assert column in page
    assert code in page
    assert "秋の便り" in page
    assert not Consignment.objects.exists()
    assert stored_files() == []


def test_its_name_has_at_most_ninety_characters(console: Person) -> None:
    row = f"{HEAD}\nZZZZ,A-1,件名,,\n"
    page = console.posted("/consignments/new", 422, reference="長" * 91, items=csv(row))
    assert "id_reference_error" in page
    console.posted("/consignments/new", reference="長" * 90, items=csv(row))
    assert Consignment.objects.get().reference == "長" * 90


def test_the_check_shows_the_first_ten_letters(console: Person) -> None:
    rows = "\n".join(f"ZZZZ,A-{number},件名,," for number in range(11))
    consignment = hand_in(console, f"{HEAD}\n{rows}\n")
    page = console.get(f"/consignments/{consignment}/check")
    assert re.findall(r"<summary>(\d+)\.", page) == [str(place) for place in range(1, 11)]


def test_a_file_of_another_kind_is_told_at_its_field(console: Person) -> None:
    page = console.posted("/consignments/new", 422, reference="r", items=csv("x", "a.xlsx"))
    assert "id_items_error" in page


ROWS = {
    "recipient": ("no-one,A-1,件名,,", "仮名ID", "no-one", "recipient_unknown"),
    "subject": ("{ok},A-1,,,", "件名", "", "subject_missing"),
    "reference": ("{ok},,件名,,", "整理番号", "", "field_invalid"),
    "a document that is not there": ("{ok},A-1,件名,,x.pdf", "x.pdf", "", "document_missing"),
    "a bad document": ("{ok},A-1,件名,,bad.pdf", "bad.pdf", "", "document_invalid"),
    "a My Number": ("{ok},A-1,件名,123456789018,", "本文", "123456789018", "contains_my_number"),
    "too few cells": ("{ok},A-1", "", "", "field_invalid"),
    "a quote that never ends": ('{ok},"A-1', "", "", "field_invalid"),
}


@pytest.mark.parametrize("mistake", ROWS)
def test_a_mistake_in_a_row_is_told_in_its_cell(
    console: Person, chosen: Subscription, mistake: str
) -> None:
    row, column, written, code = ROWS[mistake]
    rows = f"{HEAD}\n{chosen.pseudonym},G-1,良い,,\n{row.format(ok=chosen.pseudonym)}\n"
    consignment = hand_in(console, rows, documents=pdf("bad.pdf", BAD_PDF))
    page = console.get(f"/consignments/{consignment}/check")
    told = page.split('id="content"')[1].split("table__error")[0].split("<tr>")[-1]
    assert ">2<" in told
    assert column in told
    assert written in told
    assert code in page


def test_a_reference_used_before_is_told_before_sending(
    console: Person, chosen: Subscription, deliver: Deliver
) -> None:
    rows = f"{HEAD}\n{chosen.pseudonym},A-1,件名,,\n"
    first = hand_in(console, rows)
    console.posted(f"/consignments/{first}/send")
    deliver(first)
    second = hand_in(console, rows)
    assert "reference_repeated" in console.get(f"/consignments/{second}/check")


def test_files_can_be_replaced_before_sending(console: Person, chosen: Subscription) -> None:
    consignment = hand_in(console, f"{HEAD}\n{chosen.pseudonym},A-1,古い,,a.pdf\n")
    new = csv(f"{HEAD}\n{chosen.pseudonym},A-1,新しい,,a.pdf\n")
    console.posted(f"/consignments/{consignment}/files", items=new, documents=pdf("a.pdf"))
    page = console.get(f"/consignments/{consignment}/check")
    assert "新しい" in page
    assert "古い" not in page
    assert "document_missing" not in page


def test_a_bad_file_replaces_nothing(console: Person, chosen: Subscription) -> None:
    consignment = hand_in(console, f"{HEAD}\n{chosen.pseudonym},A-1,件名,,\n")
    at_files = f"/consignments/{consignment}/files"
    page = console.posted(at_files, 422, items=csv("色\n"), documents=pdf("a.pdf"))
    assert "column_unknown" in page
    assert Consignment.objects.get().submitted == 1
    assert not ConsignmentDocument.objects.exists()


def test_what_a_program_is_handing_in_is_left_to_the_program(
    console: Person, draft: UUID, program_key: ApiKey
) -> None:
    Consignment.objects.filter(id=draft).update(made_by_staff=None, made_by_key=program_key)
    console.get(f"/consignments/{draft}")
    for path in ("check", "send", "discard", "files"):
        method = console.http.get if path == "check" else console.http.post
        assert method(f"/consignments/{draft}/{path}").status_code == 404
    assert Consignment.objects.get(id=draft).state == "open"
    assert not Item.objects.exists()


@pytest.fixture
def program_key(console: Person) -> ApiKey:
    console.posted("/developers/keys/new", 200, name="k", kind="live", scopes="letters:write")
    return ApiKey.objects.get(created_at__gte=NOW.replace(year=2000))
