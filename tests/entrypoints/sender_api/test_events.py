"""GET /events: in order per letter, from any cursor since the beginning."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from mypost.common.clock import now
from mypost.intake import delivery
from mypost.intake.models import Chunk
from mypost.letters import commands as letters
from mypost.members.models import Member
from mypost.senders.models import Sender
from mypost.subscriptions import commands as subscriptions
from tests.entrypoints.sender_api.conftest import Fields, Program, problem_of
from tests.evidence.acts import record

Integrate = Callable[[], int]


def feed(program: Program, after: str = "", limit: int = 1_000) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = program.get(f"/events?after={after}&limit={limit}").json()[
        "events"
    ]
    return events


def types(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


def test_an_event_appears_when_the_log_has_taken_it_in(
    program: Program, fields: Fields, integrate: Integrate
) -> None:
    program.letter(fields)
    assert feed(program) == []
    integrate()
    assert types(feed(program)) == ["subscription.started", "letter.consigned"]


def test_the_opening_is_told(
    program: Program, fields: Fields, hanako: Member, integrate: Integrate
) -> None:
    letter_id = program.letter(fields).json()["id"]
    integrate()
    cursor = program.get("/events").json()["next"]
    letters.hand_over(UUID(letter_id), reader=hanako, aal=1, at=now())
    assert feed(program, cursor) == []
    integrate()
    (event,) = feed(program, cursor)
    assert (event["type"], event["letter_id"]) == ("letter.opened", letter_id)
    assert (event["reference"], event["recipient"]) == (fields["reference"], fields["recipient"])


def test_opening_again_is_not_told_again(
    program: Program, fields: Fields, hanako: Member, integrate: Integrate
) -> None:
    letter_id = UUID(program.letter(fields).json()["id"])
    for _ in range(2):
        letters.hand_over(letter_id, reader=hanako, aal=1, at=now())
    integrate()
    assert types(feed(program)).count("letter.opened") == 1


def test_a_refusal_is_told_with_its_code(
    program: Program, fields: Fields, integrate: Integrate
) -> None:
    program.letter({**fields, "recipient": "nobody"})
    integrate()
    event = feed(program)[-1]
    assert (event["type"], event["code"]) == ("letter.refused", "recipient_unknown")


def test_a_member_who_leaves_is_told_by_pseudonym(
    program: Program, fields: Fields, hanako: Member, city: Sender, integrate: Integrate
) -> None:
    subscriptions.leave(hanako, city.id, at=now())
    integrate()
    event = feed(program)[-1]
    assert (event["type"], event["recipient"]) == ("subscription.ended", fields["recipient"])
    assert "letter_id" not in event


def test_the_end_of_a_consignment_is_told_after_its_letters(
    program: Program, fields: Fields, integrate: Integrate
) -> None:
    id = program.post("/consignments", {"reference": "C-1"}).json()["id"]
    rows = f"recipient,reference,subject\n{fields['recipient']},1,a\nnobody,2,b\n"
    program.put(f"/consignments/{id}/items", rows.encode(), "text/csv")
    program.post(f"/consignments/{id}/submit")
    delivery.examine_consignment(UUID(id), at=now())
    for chunk in Chunk.objects.all():
        delivery.deliver_chunk(UUID(id), chunk.number, at=now())
    integrate()
    events = feed(program)
    told = sorted(types(events)[1:3])
    assert told == ["letter.consigned", "letter.refused"]
    assert (events[3]["type"], events[3]["consignment_id"]) == ("consignment.completed", id)
    assert {event["consignment_id"] for event in events[1:]} == {id}


def test_a_single_letter_announces_no_consignment(
    program: Program, fields: Fields, integrate: Integrate
) -> None:
    program.letter(fields)
    integrate()
    assert "consignment.completed" not in types(feed(program))


def test_the_feed_can_be_read_again_from_the_beginning(
    program: Program, fields: Fields, integrate: Integrate
) -> None:
    for number in range(5):
        program.letter({**fields, "reference": str(number)})
        integrate()
    whole = feed(program)
    assert feed(program) == whole
    cursors = [int(event["id"]) for event in whole]
    assert cursors == sorted(set(cursors))


def test_every_page_size_gives_the_same_feed(
    program: Program, fields: Fields, integrate: Integrate
) -> None:
    for number in range(4):
        program.letter({**fields, "reference": str(number)})
    integrate()
    whole = feed(program)
    for limit in (1, 2, 3):
        read: list[dict[str, Any]] = []
        cursor = ""
        while page := program.get(f"/events?after={cursor}&limit={limit}").json():
            if not page["events"]:
                break
            assert len(page["events"]) <= limit
            read, cursor = read + page["events"], page["next"]
        assert read == whole


def test_next_stays_where_it_is_while_nothing_happens(program: Program) -> None:
    assert program.get("/events").json() == {"events": [], "next": "-1"}
    assert program.get("/events?after=17").json() == {"events": [], "next": "17"}


@pytest.mark.parametrize("cursor", ["x", "1.5", "--1", "１２", "%00", "9" * 19, "1;DROP"])
def test_a_cursor_that_we_never_gave_is_refused(program: Program, cursor: str) -> None:
    problem = problem_of(program.get(f"/events?after={cursor}"), 422, "field_invalid")
    assert problem["errors"][0]["pointer"] == "/after"


@pytest.mark.parametrize("limit", ["x", "", "1.5", "1e3", "9" * 5_000])
def test_a_limit_that_is_no_number_is_refused(program: Program, limit: str) -> None:
    problem = problem_of(program.get(f"/events?limit={limit}"), 422, "field_invalid")
    assert problem["errors"][0]["pointer"] == "/limit"


def test_a_limit_out_of_bounds_is_brought_within_them(
    program: Program, city: Sender, integrate: Integrate
) -> None:
    record(1_001, sender_id=city.id)
    integrate()
    asked = {"": 100, "-5": 1, "0": 1, "1000": 1_000, "1001": 1_000, "99999999": 1_000}
    for limit, count in asked.items():  # up to 1,000: API.md, paging
        path = f"/events?limit={limit}" if limit else "/events"
        assert len(program.get(path).json()["events"]) == count, limit
