"""Answers as a whole: every field that is there, and none more (API.md, and the description)."""

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from mypost.common.clock import now
from mypost.intake import delivery
from mypost.intake.models import Chunk, Item
from mypost.letters.commands import hand_over
from mypost.members.models import Member
from mypost.notifications import commands as notifications
from mypost.notifications.models import Alert
from mypost.subscriptions.models import Subscription
from tests.entrypoints.sender_api.conftest import Fields, Program

MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
ENGLISH = {"Accept-Language": "en"}
NOBODY = "No member who chose this sender has this pseudonym."


def told(answer: Any, **names: object) -> Any:
    """The answer, with a word for what differs from run to run."""
    text = MOMENT.sub("TIME", answer.content.decode())
    for name, value in names.items():
        text = text.replace(str(value), name)
    return json.loads(text)


def test_a_verdict(program: Program, fields: Fields) -> None:
    good = program.letter(fields)
    assert told(good) == {
        "id": good.json()["id"], "number": Item.objects.get().number, "state": "consigned",
        "reference": fields["reference"], "accepted_at": "TIME",
    }  # fmt: skip
    bad = program.letter({**fields, "recipient": "x"}, Accept_Language="en")
    assert told(bad) == {
        "id": bad.json()["id"], "number": bad.json()["number"], "state": "refused",
        "code": "recipient_unknown", "place": "recipient", "detail": NOBODY,
        "reference": fields["reference"], "accepted_at": "TIME",
    }  # fmt: skip


def test_a_letters_state(program: Program, fields: Fields, hanako: Member) -> None:
    verdict = program.letter({**fields, "required_assurance": 2}).json()
    notifications.send(Alert.objects.get().batch_id)
    hand_over(UUID(verdict["id"]), reader=hanako, aal=1, at=now())
    item = Item.objects.get()
    assert told(program.get(f"/letters/{verdict['id']}")) == {
        "id": verdict["id"], "number": verdict["number"], "state": "opened",
        "reference": fields["reference"], "recipient": fields["recipient"],
        "consignment": str(item.consignment_id), "live": True, "accepted_at": "TIME",
        "consigned_at": "TIME", "alerted_at": "TIME", "opened_at": "TIME",
        "required_assurance": 2, "required_aal": 1, "confidential": False,
    }  # fmt: skip


def test_a_refused_letters_state(program: Program, fields: Fields) -> None:
    verdict = program.letter({**fields, "recipient": "x"}).json()
    assert told(program.get(f"/letters/{verdict['id']}")) == {
        "id": verdict["id"], "number": verdict["number"], "state": "refused",
        "code": "recipient_unknown", "reference": fields["reference"], "recipient": "x",
        "consignment": str(Item.objects.get().consignment_id), "live": True,
        "accepted_at": "TIME",
    }  # fmt: skip


@pytest.fixture
def delivered(program: Program, chosen: Subscription) -> str:
    """Two letters, one of them to nobody."""
    id = str(program.post("/consignments", {"reference": "C-1"}).json()["id"])
    rows = f"recipient,reference,subject\n{chosen.pseudonym},R-1,a\nx,R-2,b\n"
    program.put(f"/consignments/{id}/items", rows.encode(), "text/csv")
    program.post(f"/consignments/{id}/submit")
    delivery.examine_consignment(UUID(id), at=now())
    for chunk in Chunk.objects.all():
        delivery.deliver_chunk(UUID(id), chunk.number, at=now())
    return id


LEDGER = {"reference": "C-1", "live": True, "on_paper": 0, "recalled": 0, "opened": 0}


def test_a_consignment(program: Program) -> None:
    opened = program.post("/consignments", {"reference": "C-1"})
    id = opened.json()["id"]
    nothing = {"submitted": 0, "in_mailbox": 0, "refused": 0, "pending": 0}
    assert told(opened) == {**LEDGER, **nothing, "id": id, "state": "open"}
    rows = b"recipient,reference\nx,1\ny,2\n"
    waiting = {**nothing, "submitted": 2, "pending": 2}
    put = program.put(f"/consignments/{id}/items", rows, "text/csv")
    assert told(put) == {**LEDGER, **waiting, "id": id, "state": "open"}
    submitted = program.post(f"/consignments/{id}/submit")
    assert told(submitted) == {**LEDGER, **waiting, "id": id, "state": "submitted"}


def test_a_delivered_consignment_and_its_results(
    program: Program, delivered: str, chosen: Subscription
) -> None:
    counts = {"submitted": 2, "in_mailbox": 1, "refused": 1, "pending": 0}
    state = program.get(f"/consignments/{delivered}")
    assert told(state) == {**LEDGER, **counts, "id": delivered, "state": "completed"}
    letters = dict(Item.objects.values_list("position", "letter_id"))
    page = program.get(f"/consignments/{delivered}/items", headers=ENGLISH)
    assert told(page, FIRST=letters[1], SECOND=letters[2]) == {
        "items": [
            {
                "position": 1, "recipient": chosen.pseudonym, "reference": "R-1",
                "result": "consigned", "letter_id": "FIRST",
            },
            {
                "position": 2, "recipient": "x", "reference": "R-2", "result": "refused",
                "code": "recipient_unknown", "place": "recipient", "detail": NOBODY,
                "letter_id": "SECOND",
            },
        ],
        "next": "2",
    }  # fmt: skip
    assert program.get(f"/consignments/{delivered}/items?after=2").json() == {"items": []}


def test_a_page_of_events(
    program: Program, delivered: str, chosen: Subscription, integrate: Callable[[], int]
) -> None:
    integrate()
    page = program.get("/events?limit=4")
    letters = dict(Item.objects.values_list("position", "letter_id"))
    events = told(page, FIRST=letters[1], SECOND=letters[2], CONSIGNMENT=delivered)["events"]
    places = [event.pop("id") for event in events]
    assert (places, page.json()["next"]) == (sorted(places, key=int), places[-1])
    assert [event.pop("at") for event in events] == ["TIME"] * 4
    of_the_consignment = {"consignment_id": "CONSIGNMENT"}
    assert events[0] == {"type": "subscription.started", "recipient": chosen.pseudonym}
    assert sorted(events[1:3], key=lambda event: str(event["type"])) == [
        {
            "type": "letter.consigned", "letter_id": "FIRST", "reference": "R-1",
            "recipient": chosen.pseudonym, **of_the_consignment,
        },
        {
            "type": "letter.refused", "letter_id": "SECOND", "reference": "R-2",
            "recipient": "x", "code": "recipient_unknown", **of_the_consignment,
        },
    ]  # fmt: skip
    assert events[3] == {"type": "consignment.completed", **of_the_consignment}


# What is wrong, and where


WRONG: dict[str, tuple[object, str, str]] = {
    "missing": ({}, "/reference", "This field is required."),
    "nothing in it": ({"reference": ""}, "/reference", "This field is required."),
    "no text": ({"reference": 1}, "/reference", "This must be text."),
    "too long": ({"reference": "r" * 101}, "/reference", "At most 100 characters are allowed."),
    "a topic too long": (
        {"reference": "r", "topic": "t" * 51}, "/topic", "At most 50 characters are allowed.",
    ),
    "a control character": (
        {"reference": "a\x07b"}, "/reference", "Control characters are not allowed.",
    ),
    "half a character": (
        {"reference": "\ud800"}, "/reference", "Control characters are not allowed.",
    ),
    "a field more": (
        {"reference": "r", "a/b~c": 1}, "/a~1b~0c", "There is no such field.",  # RFC 6901 §3
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_field_is_told_with_its_pointer_and_a_sentence(
    program: Program, mistake: str
) -> None:
    body, pointer, detail = WRONG[mistake]
    answer = program.post("/consignments", body, headers=ENGLISH)
    assert told(answer) == {
        "type": "/api/v1/problems/field_invalid", "code": "field_invalid", "status": 422,
        "title": "A field is missing or wrong.", "detail": "A field is missing or wrong.",
        "instance": "/api/v1/consignments",
        "errors": [{"pointer": pointer, "code": "field_invalid", "detail": detail}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "detail"),
    [("x", "This must be a whole number."), ("9" * 5_000, "This value is not right.")],
)
def test_a_wrong_limit_is_told_with_a_sentence(program: Program, limit: str, detail: str) -> None:
    answer = program.get(f"/events?limit={limit}", headers=ENGLISH)
    assert answer.json()["errors"] == [
        {"pointer": "/limit", "code": "field_invalid", "detail": detail}
    ]


def test_a_way_of_sending_that_we_do_not_know_is_told_with_a_sentence(program: Program) -> None:
    id = program.post("/consignments", {"reference": "C-1"}).json()["id"]
    wrong = {"mode": "guess", "release": "5%"}
    answer = program.post(f"/consignments/{id}/submit", wrong, headers=ENGLISH)
    sentence = "This is none of the values that are allowed here."
    assert [(error["pointer"], error["detail"]) for error in answer.json()["errors"]] == [
        ("/mode", sentence), ("/release", sentence),
    ]  # fmt: skip


def test_what_was_written_for_the_sender_is_the_detail_and_nothing_else_is(
    program: Program, fields: Fields
) -> None:
    id = program.post("/consignments", {"reference": "C-1"}).json()["id"]
    items = program.put(f"/consignments/{id}/items", b"colour\n1\n", "text/csv", headers=ENGLISH)
    assert (items.json()["title"], items.json()["detail"]) == (
        "The file of items cannot be read.", "The head row is not right.",
    )  # fmt: skip
    letter = program.letter("[]", Accept_Language="en").json()
    assert (letter["title"], letter["detail"]) == (
        "The body of the request cannot be read.",
        "The part “letter” is not a JSON object in UTF-8.",
    )
    absent = program.get(f"/letters/{id}", headers=ENGLISH).json()
    assert absent["title"] == absent["detail"] == "There is no such letter."
