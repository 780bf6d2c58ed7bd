"""The edges of what a party may tell: which answers are pages, how long each word may be."""

import json

import pytest
from pytest_django import Settings

from mypost.members.models import Member
from mypost.printing.commands import compose_due, hand_to_printer, take_events
from mypost.printing.models import Feed, MailPiece, Party, PartyEvent, StrayEvent
from mypost.proofing import passcodes
from mypost.proofing.models import PasscodeRequest
from tests.printing.conftest import TODAY, Outside, piece_of
from tests.printing.test_hand_to_printer import box
from tests.printing.test_take_events import LATER, event, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def piece(outside: Outside, asked: PasscodeRequest) -> MailPiece:
    """Hanako's letter, with the print shop; nobody has told us more yet."""
    compose_due(at=TODAY)
    hand_to_printer(at=TODAY)
    return piece_of(asked)


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (201, "party_refuses"), (204, "party_refuses"), (302, "party_refuses"),
        (404, "party_refuses"), (428, "party_refuses"), (430, "party_refuses"),
        (429, "party_away"), (500, "party_away"), (503, "party_away"),
    ],
)  # fmt: skip
def test_only_a_page_is_a_page(settings: Settings, status: int, failure: str) -> None:
    settings.PRINT_SHOP_URL, settings.CARRIER_TOKEN = "", "token"
    with box(status, b'{"events": [], "cursor": "c"}') as (settings.CARRIER_URL, heard):
        assert take_events(at=TODAY) == 0
    feed = Feed.objects.get()
    assert (feed.failure, feed.cursor, heard) == (failure, "", ["/events?after="])


def test_the_longest_that_was_agreed_is_taken(
    piece: MailPiece, asked: PasscodeRequest, settings: Settings
) -> None:
    longest: list[object] = [
        event(piece.number, "accepted", id="~" * 100, tracking_number="9-Z" + "A" * 17),
        event(piece.number, "handed_over", id_document="z_" + "a" * 28, id_last_digits="0Z9A"),
    ]
    assert tell(settings, longest) == 2
    asked.refresh_from_db()
    assert (asked.tracking_number, asked.id_document, asked.id_last_digits) == (
        "9-Z" + "A" * 17, "z_" + "a" * 28, "0Z9A",
    )  # fmt: skip
    kept = PartyEvent.objects.get(kind="accepted")
    assert (kept.event_id, kept.piece_id, kept.happened_at, kept.taken_at) == (
        "~" * 100, piece.id, TODAY, LATER,
    )  # fmt: skip
    page = json.dumps({"events": [], "cursor": "~" * 200}).encode()
    with box(200, page) as (settings.CARRIER_URL, _heard):
        take_events(at=LATER)
    assert Feed.objects.get(party=Party.CARRIER).cursor == "~" * 200


def test_an_event_that_two_pieces_share_moves_neither(
    piece: MailPiece, taro: Member, settings: Settings
) -> None:
    his = passcodes.request(taro, at=TODAY)
    settings.PRINT_SHOP_URL = "http://127.0.0.1:1"
    compose_due(at=TODAY)
    MailPiece.objects.filter(subject_id=his.id).update(number=piece.number)
    assert tell(settings, [event(piece.number, "returned")]) == 0
    assert set(MailPiece.objects.values_list("state", flat=True)) == {"ordered", "composed"}
    assert StrayEvent.objects.get().code == "piece_unknown"


def test_news_of_a_letter_whose_member_is_gone_is_kept_aside(
    piece: MailPiece, asked: PasscodeRequest, settings: Settings
) -> None:
    asked.delete()
    assert tell(settings, [event(piece.number, "returned")]) == 0
    assert StrayEvent.objects.get().code == "passcode_not_due"
    assert not PartyEvent.objects.exists()  # taken whole or not at all
    piece.refresh_from_db()
    assert (piece.state, piece.tracking_number) == ("ordered", "")


def test_what_is_kept_aside_is_its_beginning(settings: Settings) -> None:
    tell(settings, ["x" * 5000, {"id": "E-1"}])
    kept = dict(StrayEvent.objects.values_list("event_id", "body"))
    assert kept.pop("E-1") == '{"id": "E-1"}'
    ((digest, body),) = kept.items()
    assert (len(digest), digest[:7], body) == (71, "sha256:", '"' + "x" * 1999)
    assert set(StrayEvent.objects.values_list("party", "taken_at")) == {("carrier", LATER)}
