"""POST /letters: the verdict is in the answer, and each refusal has its code."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from mypost.kernel.identifiers import is_letter_number
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.senders import commands as senders
from mypost.senders.models import Sender
from mypost.subscriptions import commands as subscriptions
from mypost.vault import commands as vault
from tests.conftest import LATER
from tests.entrypoints.sender_api.conftest import PDF, Fields, Program, problem_of
from tests.pdf_makers import (
    A_MY_NUMBER,
    NOT_A_MY_NUMBER,
    by_reportlab,
    encrypted,
    with_catalogue,
)

NOTICE = [("notice.pdf", PDF)]


def verdict(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 201, answer.content
    told: dict[str, Any] = answer.json()
    return told


def refused(answer: Any, code: str, place: str) -> dict[str, Any]:
    told = verdict(answer)
    assert (told["state"], told["code"], told["place"]) == ("refused", code, place)
    assert not Letter.objects.exists()
    return told


# Accepted


def test_the_verdict_is_in_the_answer(program: Program, fields: Fields) -> None:
    told = verdict(program.letter(fields))
    assert told["state"] == "consigned"
    assert told["reference"] == fields["reference"]
    assert told["accepted_at"].endswith("Z")
    assert is_letter_number(told["number"])
    assert UUID(told["id"]).version == 7
    assert "code" not in told


def test_everything_is_there_when_the_answer_is_sent(
    program: Program, fields: Fields, hanako: Member
) -> None:
    documents = [("notice.pdf", PDF), ("form.pdf", PDF)]
    told = verdict(program.letter({**fields, "documents": ["notice.pdf", "form.pdf"]}, documents))
    content = vault.open_envelope(hanako.mailbox_id, UUID(told["id"]))
    assert (content.subject, content.body) == (fields["subject"], fields["body"])
    assert [document.name for document in content.documents] == ["notice.pdf", "form.pdf"]
    assert vault.open_document(content.documents[0]) == PDF


def test_a_letter_that_names_no_documents_gets_all_that_came(
    program: Program, fields: Fields, hanako: Member
) -> None:
    told = verdict(program.letter(fields, [("b.pdf", PDF), ("a.pdf", PDF)]))
    content = vault.open_envelope(hanako.mailbox_id, UUID(told["id"]))
    assert [document.name for document in content.documents] == ["b.pdf", "a.pdf"]


def test_a_name_is_the_same_however_a_mac_writes_it(program: Program, fields: Fields) -> None:
    as_two, as_one = "かき\u3099.pdf", "かぎ.pdf"
    told = verdict(program.letter({**fields, "documents": [as_one]}, [(as_two, PDF)]))
    assert told["state"] == "consigned"


@pytest.mark.parametrize("change", [str.lower, lambda text: text.replace("-", "")])
def test_a_pseudonym_is_known_however_people_write_it(
    program: Program, fields: Fields, change: Any
) -> None:
    recipient = change(str(fields["recipient"]))
    assert verdict(program.letter({**fields, "recipient": recipient}))["state"] == "consigned"


# The recipient


def a_typing_error(pseudonym: str) -> str:
    other = "2" if pseudonym[-1] != "2" else "3"
    return pseudonym[:-1] + other


def test_a_recipient_that_never_was_is_unknown(program: Program, fields: Fields) -> None:
    recipient = "0000-0000-0000-0000-0000"
    refused(program.letter({**fields, "recipient": recipient}), "recipient_unknown", "recipient")


def test_a_wrong_check_character_is_unknown(program: Program, fields: Fields) -> None:
    recipient = a_typing_error(str(fields["recipient"]))
    refused(program.letter({**fields, "recipient": recipient}), "recipient_unknown", "recipient")


def test_a_member_who_left_is_unknown(
    program: Program, fields: Fields, hanako: Member, city: Sender
) -> None:
    subscriptions.leave(hanako, city.id, at=LATER)
    refused(program.letter(fields), "recipient_unknown", "recipient")


def test_a_pseudonym_of_the_other_sender_is_unknown(
    program: Program, fields: Fields, hanako: Member, power: Sender
) -> None:
    theirs = subscriptions.choose(hanako, power.id, at=LATER).pseudonym
    refused(program.letter({**fields, "recipient": theirs}), "recipient_unknown", "recipient")


def test_the_four_cannot_be_told_apart(
    program: Program, fields: Fields, hanako: Member, power: Sender, city: Sender
) -> None:
    theirs = subscriptions.choose(hanako, power.id, at=LATER).pseudonym
    own = str(fields["recipient"])
    subscriptions.leave(hanako, city.id, at=LATER)
    answers = [
        verdict(program.letter({**fields, "recipient": recipient}))
        for recipient in (own, a_typing_error(own), theirs, "0000-0000-0000-0000-0000")
    ]
    for answer in answers:
        del answer["id"], answer["number"], answer["accepted_at"]
    assert answers[0] == answers[1] == answers[2] == answers[3]


# What the member wants and is


def test_a_declined_topic_is_refused(
    program: Program, fields: Fields, hanako: Member, city: Sender
) -> None:
    topic = city.topics.get(slug="news")
    subscriptions.want_topic(hanako, city.id, topic.id, wanted=False)
    refused(program.letter({**fields, "topic": "news"}), "topic_declined", "topic")


def test_another_topic_still_arrives(
    program: Program, fields: Fields, hanako: Member, city: Sender
) -> None:
    topic = city.topics.get(slug="news")
    subscriptions.want_topic(hanako, city.id, topic.id, wanted=False)
    assert verdict(program.letter({**fields, "topic": "tax"}))["state"] == "consigned"


@pytest.mark.parametrize("demand", [{"topic": "tax"}, {"required_assurance": 1}])
def test_a_level_that_is_too_low_is_refused(
    program: Program, fields: Fields, jiro: Member, city: Sender, demand: Fields
) -> None:
    recipient = subscriptions.choose(jiro, city.id, at=LATER).pseudonym
    answer = program.letter({**fields, **demand, "recipient": recipient})
    refused(answer, "assurance_too_low", "recipient")


def test_a_topic_that_does_not_exist_is_a_wrong_field(program: Program, fields: Fields) -> None:
    refused(program.letter({**fields, "topic": "weather"}), "field_invalid", "topic")


# Once


def test_a_reference_is_taken_once(program: Program, fields: Fields) -> None:
    verdict(program.letter(fields))
    told = verdict(program.letter(fields))
    assert (told["code"], told["place"]) == ("reference_repeated", "reference")
    assert Letter.objects.count() == 1


def test_a_refused_letter_leaves_its_reference_free(program: Program, fields: Fields) -> None:
    verdict(program.letter({**fields, "recipient": "nobody"}))
    assert verdict(program.letter(fields))["state"] == "consigned"


def test_another_sender_may_have_the_same_reference(
    program: Program, stranger: Program, fields: Fields, hanako: Member, power: Sender
) -> None:
    verdict(program.letter(fields))
    theirs = subscriptions.choose(hanako, power.id, at=LATER).pseudonym
    told = verdict(stranger.letter({**fields, "recipient": theirs}))
    assert told["state"] == "consigned"


# Documents


def test_a_document_that_did_not_come_is_missing(program: Program, fields: Fields) -> None:
    answer = program.letter({**fields, "documents": ["notice.pdf"]})
    refused(answer, "document_missing", "notice.pdf")


BAD_DOCUMENTS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "no PDF": ("document_invalid", lambda: b"this is no PDF"),
    "empty": ("document_invalid", bytes),
    "cut off": ("document_invalid", lambda: PDF[: len(PDF) // 2]),
    "encrypted": ("document_encrypted", lambda: encrypted(user="secret")),
    "script": (
        "document_active_content",
        lambda: with_catalogue(b"/OpenAction << /S /JavaScript >>"),
    ),
    "my number": ("contains_my_number", lambda: by_reportlab(f"番号 {A_MY_NUMBER}")),
}


@pytest.mark.parametrize("kind", BAD_DOCUMENTS)
def test_a_bad_document_refuses_its_letter(program: Program, fields: Fields, kind: str) -> None:
    code, make = BAD_DOCUMENTS[kind]
    told = refused(program.letter(fields, [("notice.pdf", make())]), code, "notice.pdf")
    assert told["detail"]


def test_a_document_larger_than_allowed_refuses_its_letter(
    program: Program, fields: Fields, settings: Settings
) -> None:
    settings.LARGEST_DOCUMENT = len(PDF) - 1
    refused(program.letter(fields, NOTICE), "document_too_large", "notice.pdf")
    settings.LARGEST_DOCUMENT = len(PDF)
    assert verdict(program.letter(fields, NOTICE))["state"] == "consigned"


# Words


@pytest.mark.parametrize("place", ["subject", "body"])
@pytest.mark.parametrize(
    "number", ["123456789018", "1234 5678 9018", "1234-5678-9018", "１２３４５６７８９０１８"]
)
def test_a_my_number_refuses_its_letter(
    program: Program, fields: Fields, place: str, number: str
) -> None:
    answer = program.letter({**fields, place: f"番号は{number}です"})
    refused(answer, "contains_my_number", place)


def test_twelve_digits_that_are_no_my_number_pass(program: Program, fields: Fields) -> None:
    body = f"お客様番号 {NOT_A_MY_NUMBER}"
    assert verdict(program.letter({**fields, "body": body}))["state"] == "consigned"


# The sender


def test_a_suspended_sender_is_told_so(program: Program, fields: Fields, city: Sender) -> None:
    senders.move_contract(city.id, Sender.ContractState.SUSPENDED, reason="test", at=LATER)
    refused_letter = verdict(program.letter(fields))
    assert refused_letter["code"] == "sender_suspended"
    assert not Letter.objects.exists()


# Fields that cannot be read are told at once, all together, and leave nothing behind


@pytest.mark.parametrize("subject", [None, "", "   ", "\u3000"])
def test_a_letter_without_a_subject_is_refused(
    program: Program, fields: Fields, subject: object
) -> None:
    problem = problem_of(program.letter({**fields, "subject": subject}), 422, "subject_missing")
    assert problem["errors"][0]["pointer"] == "/subject"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("recipient", None),
        ("recipient", ["A"]),
        ("reference", ""),
        ("reference", "r" * 101),
        ("reference", "a\nb"),
        ("subject", "s" * 121),
        ("subject", "\u202emoney"),
        ("body", "b" * 10_001),
        ("body", "\x00"),
        ("body", {"text": "b"}),
        ("language", "fr"),
        ("language", 0),
        ("topic", "t" * 51),
        ("documents", "notice.pdf"),
        ("documents", [1]),
        ("documents", ["a.pdf", "a.pdf"]),
        ("documents", [f"{number}.pdf" for number in range(21)]),
        ("documents", ["\ud800.pdf"]),
        ("required_assurance", 4),
        ("required_assurance", -1),
        ("required_assurance", 1.5),
        ("required_assurance", True),
        ("required_assurance", "0_3"),
        ("due", "tomorrow"),
        ("due", "2026-02-30"),
        ("due", "20261231"),
        ("due", 20261231),
    ],
)
def test_a_wrong_field_is_named_with_its_pointer(
    program: Program, fields: Fields, field: str, value: object
) -> None:
    problem = problem_of(program.letter({**fields, field: value}), 422, "field_invalid")
    assert {error["pointer"] for error in problem["errors"]} == {f"/{field}"}
    assert all(error["detail"] for error in problem["errors"])
    assert not Letter.objects.exists()


def test_all_wrong_fields_are_named_at_once(program: Program, fields: Fields) -> None:
    wrong = {**fields, "subject": "", "due": "x", "colour": "red"}
    problem = problem_of(program.letter(wrong), 422, "field_invalid")
    pointers = {error["pointer"]: error["code"] for error in problem["errors"]}
    assert pointers == {
        "/colour": "field_invalid",
        "/subject": "subject_missing",
        "/due": "field_invalid",
    }


@pytest.mark.parametrize("name", ["colour", "a/b~c", "", "\x00", "\ud800", "x" * 1000])
def test_an_unknown_field_is_refused(program: Program, fields: Fields, name: str) -> None:
    problem = problem_of(program.letter({**fields, name: 1}), 422, "field_invalid")
    assert problem["errors"][0]["pointer"].startswith("/")
