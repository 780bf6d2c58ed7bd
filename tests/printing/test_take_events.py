"""What print shop and carrier tell: taken once, in any order, and never believed too much."""

import json
from datetime import timedelta
from itertools import permutations

import pytest
from django.db import transaction
from pytest_django import Settings

from mypost.common.failpoints import FailpointReached
from mypost.evidence.models import Line
from mypost.members.models import Member
from mypost.printing import feeds
from mypost.printing.commands import compose_due, hand_to_printer, take_events
from mypost.printing.models import Feed, MailPiece, Party, PartyEvent, StrayEvent
from mypost.printing.reading import Page, written
from mypost.proofing import passcodes
from mypost.proofing.models import PasscodeRequest
from mypost.vault import commands as vault
from sandbox.carrier.round import IdDocument, ReturnReason
from sandbox.paper.troubles import Trouble
from tests.conftest import LONG
from tests.evidence.test_grants import acting_as
from tests.printing.conftest import TODAY, Outside, address, piece_of
from tests.printing.test_hand_to_printer import TROUBLES, box

pytestmark = pytest.mark.django_db

LATER = TODAY + timedelta(hours=1)
FACTS: dict[str, dict[str, object]] = {
    "accepted": {"tracking_number": "123-45-67890-1"},
    "handed_over": {"id_document": "passport", "id_last_digits": "0257"},
    "returned": {"return_reason": "moved"},
}
WAY = ["printed", "accepted", "notice_left", "handed_over"]
BACK = ["printed", "accepted", "notice_left", "returned"]


@pytest.fixture
def piece(outside: Outside, asked: PasscodeRequest) -> MailPiece:
    """Hanako's letter, printed and with the carrier; nobody has told us yet."""
    compose_due(at=TODAY)
    hand_to_printer(at=TODAY)
    outside.carry()
    return piece_of(asked)


def event(number: str, kind: str, **more: object) -> dict[str, object]:
    """One event as a party writes it."""
    written = {"id": f"{kind}-1", "number": number, "kind": kind, "at": TODAY.isoformat()}
    return {**written, **FACTS.get(kind, {}), **more}


def tell(settings: Settings, events: list[object], *, party: Party = Party.CARRIER) -> int:
    """Let one party tell these events, whoever it is; the other one is not asked."""
    with box(200, json.dumps({"events": events, "cursor": "c"}).encode()) as (url, _heard):
        settings.PRINT_SHOP_TOKEN = settings.CARRIER_TOKEN = "token"
        settings.PRINT_SHOP_URL = url if party == Party.PRINT_SHOP else ""
        settings.CARRIER_URL = url if party == Party.CARRIER else ""
        Feed.objects.update(due_at=TODAY)
        return take_events(at=LATER)


def take_each(number: str, kinds: tuple[str, ...]) -> None:
    """Let each event be the only one that its party has to tell, in this order."""
    for kind in kinds:
        party = Party.PRINT_SHOP if kind == "printed" else Party.CARRIER
        feed, _ = Feed.objects.get_or_create(party=party, defaults={"due_at": TODAY})
        feeds._keep(party, feed.cursor, Page([event(number, kind)], "c"), at=LATER)


def test_a_letter_goes_its_whole_way(
    outside: Outside, piece: MailPiece, asked: PasscodeRequest
) -> None:
    assert take_events(at=LATER) == 2
    asked.refresh_from_db()
    assert (asked.state, piece_of(asked).state) == ("accepted", "accepted")
    assert asked.tracking_number == piece_of(asked).tracking_number != ""
    outside.carrier.round.leave_notice(piece.number, at=TODAY)
    take_events(at=LATER)
    asked.refresh_from_db()
    assert asked.held_until is not None
    outside.carrier.round.hand_over(piece.number, IdDocument.PASSPORT, "0257", at=TODAY)
    take_events(at=LATER)
    asked.refresh_from_db()
    assert (asked.state, piece_of(asked).state) == ("handed_over", "handed_over")
    assert (asked.id_document, asked.id_last_digits) == ("passport", "0257")
    results = Line.objects.filter(event="PostalResult", mailbox_id=piece.mailbox_id)
    assert results.count() == 4


@pytest.mark.parametrize("reason", ["moved", "name_differs", "absent", "refused", "period_over"])
def test_a_letter_that_comes_back_says_why(
    outside: Outside, piece: MailPiece, asked: PasscodeRequest, reason: str
) -> None:
    outside.carrier.round.send_back(piece.number, ReturnReason(reason), at=TODAY)
    take_events(at=LATER)
    asked.refresh_from_db()
    assert (asked.state, asked.return_reason) == ("returned", reason)
    assert asked.addressed_to.address_returned == reason


def test_power_that_fails_over_an_event_leaves_the_paper_and_the_event_untaken(
    piece: MailPiece, settings: Settings
) -> None:
    assert piece.object_id is not None
    paper = vault.sealed_bytes(piece.object_id)
    settings.FAILPOINT = "print.events_taken:raise"
    with pytest.raises(FailpointReached):
        take_events(at=LATER)
    assert vault.sealed_bytes(piece.object_id) == paper
    settings.FAILPOINT = ""
    assert take_events(at=LATER) == 2


def orders_of(way: list[str]) -> list[tuple[str, ...]]:
    """Orders in which each event comes before and after each other; all of them at night."""
    if LONG:
        return list(permutations(way))
    rotated = [(*way[place:], *way[:place]) for place in range(len(way))]
    return rotated + [tuple(reversed(order)) for order in rotated]


@pytest.mark.parametrize("way", [WAY, BACK], ids=lambda way: way[-1])
def test_any_order_ends_the_same(piece: MailPiece, asked: PasscodeRequest, way: list[str]) -> None:
    for order in orders_of(way):
        with transaction.atomic():
            take_each(piece.number, order)
            asked.refresh_from_db()
            assert (asked.state, piece_of(asked).state) == (way[-1], way[-1]), order
            assert piece_of(asked).object_id is None
            assert asked.tracking_number == "123-45-67890-1"
            transaction.set_rollback(True)


def test_twice_is_the_same_as_once(
    piece: MailPiece, asked: PasscodeRequest, settings: Settings
) -> None:
    events: list[object] = [event(piece.number, "accepted")] * 2
    assert tell(settings, events) == 1
    assert tell(settings, events) == 0
    assert PartyEvent.objects.count() == 1
    assert Line.objects.filter(event="PostalResult").count() == 1


def test_asking_goes_on_where_it_stopped(outside: Outside, piece: MailPiece) -> None:
    assert take_events(at=LATER) == 2
    assert take_events(at=LATER) == 0
    assert dict(Feed.objects.values_list("party", "cursor")) == {"print_shop": "1", "carrier": "1"}


def test_two_workers_that_ask_at_once_take_each_event_once(piece: MailPiece) -> None:
    page = feeds._fetch(Party.CARRIER, after="")
    feed = Feed.objects.create(party=Party.CARRIER, due_at=TODAY)
    assert feeds._keep(Party.CARRIER, feed.cursor, page, at=LATER) == 1
    assert feeds._keep(Party.CARRIER, feed.cursor, page, at=LATER) == 0


def test_the_print_shop_hands_over_to_nobody(
    piece: MailPiece, asked: PasscodeRequest, settings: Settings
) -> None:
    tell(settings, [event(piece.number, "handed_over")], party=Party.PRINT_SHOP)
    asked.refresh_from_db()
    assert asked.state == "composed"
    assert StrayEvent.objects.get().code == "event_unknown"


def test_an_event_of_one_letter_moves_no_other(
    piece: MailPiece, taro: Member, jiro: Member, settings: Settings
) -> None:
    his = passcodes.request(taro, at=TODAY)
    settings.PRINT_SHOP_URL = "http://127.0.0.1:1"
    compose_due(at=TODAY)
    tell(settings, [event(piece.number, "handed_over")])
    assert piece_of(his).state == "composed"
    assert not PartyEvent.objects.exclude(mailbox_id=piece.mailbox_id).exists()
    assert not Line.objects.filter(mailbox_id=jiro.mailbox_id, event="PostalResult").exists()


UNBELIEVABLE: list[tuple[dict[str, object], str]] = [
    ({"kind": "eaten_by_goat"}, "event_unknown"),
    ({"kind": "printed"}, "event_unknown"),
    ({"kind": None}, "event_unknown"),
    ({"number": "P-0000-0000-0002"}, "piece_unknown"),
    ({"number": "P-0000-0000-0000"}, "event_malformed"),
    ({"number": "nonsense"}, "event_malformed"),
    ({"number": 7}, "event_malformed"),
    ({"id": ""}, "event_malformed"),
    ({"id": "x" * 101}, "event_malformed"),
    ({"id": "\u0000"}, "event_malformed"),
    ({"id": ["x"]}, "event_malformed"),
    ({"at": "yesterday"}, "event_malformed"),
    ({"at": "2026-11-22T10:00:00"}, "event_malformed"),
    ({"at": "2999-01-01T00:00:00+00:00"}, "event_malformed"),
    ({"at": "0001-01-01T00:00:00+00:00"}, "piece_unknown"),
    ({"id_document": ""}, "event_malformed"),
    ({"id_document": "x" * 31}, "event_malformed"),
    ({"id_last_digits": "12345"}, "event_malformed"),
    ({"id_last_digits": None}, "event_malformed"),
    ({"kind": "returned", "return_reason": "goat"}, "event_malformed"),
    ({"kind": "returned", "return_reason": "not_printable"}, "event_malformed"),
    ({"kind": "accepted", "tracking_number": "<b>"}, "event_malformed"),
]


def test_what_cannot_be_believed_is_kept_aside_and_the_next_is_taken(
    piece: MailPiece, asked: PasscodeRequest, settings: Settings
) -> None:
    strange: list[object] = [
        {**event(piece.number, "handed_over", id=f"E-{number}"), **changes}
        for number, (changes, _code) in enumerate(UNBELIEVABLE)
    ]
    assert tell(settings, [*strange, event(piece.number, "notice_left")]) == 1
    kept = [StrayEvent.objects.get(body=written(told)).code for told in strange]
    assert kept == [code for _changes, code in UNBELIEVABLE]
    asked.refresh_from_db()
    assert asked.state == "notice_left"


@pytest.mark.parametrize(
    "strange",
    ["no event", 7, None, [], {}, {"id": "\ud800"}, {"deep": [[[[[[]]]]]]}, "x" * 100_000],
    ids=["text", "number", "null", "list", "nothing", "half a character", "deep", "long"],
)
def test_even_what_is_no_event_is_kept_aside_once(settings: Settings, strange: object) -> None:
    tell(settings, [strange, strange])
    tell(settings, [strange])
    assert StrayEvent.objects.get().code == "event_malformed"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b'{"events": 7, "cursor": ""}',
        b'{"events": [], "cursor": 7}',
        b'{"events": []}',
        b'{"cursor": ""}',
        b'{"events": [], "cursor": "' + b"x" * 201 + b'"}',
        b'{"events": [], "cursor": "\\u0000"}',
        b'{"events": [], "cursor": "a b"}',
        b"[" * 100_000,
        b"9" * 100_000,
        b"\xff\xfe",
        b" " * 1_000_001,
    ],
    ids=[
        "empty", "a page", "a list", "null", "no list", "no text", "no cursor", "no events",
        "a long cursor", "a cursor that nobody can keep", "a cursor with a space", "a tower",
        "a huge number", "no UTF-8", "too much",
    ],
)  # fmt: skip
def test_an_answer_that_is_none_moves_nothing_and_is_asked_again(
    settings: Settings, body: bytes
) -> None:
    settings.PRINT_SHOP_URL, settings.CARRIER_TOKEN = "", "token"
    with box(200, body) as (settings.CARRIER_URL, heard):
        assert take_events(at=TODAY) == 0
        assert take_events(at=TODAY) == 0  # not at once
        take_events(at=TODAY + timedelta(seconds=5))
    feed = Feed.objects.get(party=Party.CARRIER)
    assert (feed.cursor, feed.failures, len(heard)) == ("", 2, 2)
    assert feed.failure in {"answer_unreadable", "party_away"}
    assert not StrayEvent.objects.exists()


@pytest.mark.parametrize("trouble", [*TROUBLES, Trouble.REFUSE])
def test_whatever_the_trouble_events_come_when_it_is_over(
    outside: Outside, piece: MailPiece, asked: PasscodeRequest, trouble: Trouble
) -> None:
    with outside.in_trouble(trouble):
        assert take_events(at=TODAY) == 0
    assert set(Feed.objects.values_list("failures", flat=True)) == {1}
    assert take_events(at=LATER) == 2
    assert piece_of(asked).state == "accepted"
    assert set(Feed.objects.values_list("failures", "failure")) == {(0, "")}


def test_strange_events_between_true_ones_harm_nothing(
    outside: Outside, piece: MailPiece, asked: PasscodeRequest
) -> None:
    outside.trouble(Trouble.STRANGE)
    assert take_events(at=LATER) == 2
    assert piece_of(asked).state == "accepted"
    codes = set(StrayEvent.objects.values_list("code", flat=True))
    assert codes == {"event_malformed", "event_unknown", "piece_unknown"}


def test_a_carrier_that_is_away_keeps_the_print_shop_from_nothing(
    outside: Outside, piece: MailPiece, asked: PasscodeRequest
) -> None:
    outside.carrier.switch.turn(Trouble.AWAY)
    assert take_events(at=LATER) == 1
    assert piece_of(asked).state == "printed"


def test_a_feed_without_end_is_left_for_the_next_turn(
    piece: MailPiece, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.paper.feed.PAGE", 1)
    for kind in ("a", "b", "c"):
        outside.carrier.feed.tell(piece.number, kind, at=TODAY)
    monkeypatch.setattr(feeds, "MOST_PAGES", 2)
    take_events(at=LATER)
    assert Feed.objects.get(party=Party.CARRIER).cursor == "2"


def test_the_token_is_the_partys_own(outside: Outside, settings: Settings) -> None:
    settings.PRINT_SHOP_URL, settings.CARRIER_TOKEN = "", "shop-token"
    assert address(outside.carrier) == settings.CARRIER_URL
    assert take_events(at=LATER) == 0
    assert Feed.objects.get().failure == "party_refuses"


def test_the_worker_may_do_all_this(
    outside: Outside, piece: MailPiece, asked: PasscodeRequest
) -> None:
    outside.trouble(Trouble.STRANGE)
    outside.carrier.round.send_back(piece.number, ReturnReason.MOVED, at=TODAY)
    with acting_as("mypost_worker"):
        assert take_events(at=LATER) == 3
