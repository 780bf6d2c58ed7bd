"""Two workers at the same paper, and two parties that tell of it, at the same moment."""

import json
from datetime import timedelta

import pytest

from mypost.evidence.models import Line
from mypost.members.models import Member
from mypost.printing import commands, feeds
from mypost.printing.models import Feed, MailPiece, Party, PartyEvent
from mypost.printing.reading import Page, read_page
from mypost.proofing import passcodes
from mypost.proofing.models import PasscodeRequest
from tests.printing.conftest import TODAY, Outside, piece_of
from tests.printing.test_take_events import event
from tests.races import Race, at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def piece(outside: Outside, asked: PasscodeRequest) -> MailPiece:
    commands.compose_due(at=TODAY)
    return piece_of(asked)


def page(cursor: str, *events: object) -> Page:
    return read_page(json.dumps({"events": events, "cursor": cursor}).encode())


def feed(party: Party) -> Feed:
    return Feed.objects.get_or_create(party=party, defaults={"due_at": TODAY})[0]


def test_two_workers_compose_one_letter(outside: Outside, asked: PasscodeRequest) -> None:
    assert at_once(*[lambda: commands.compose_due(at=TODAY)] * 2) == [1, 0]
    assert MailPiece.objects.count() == 1


def test_a_piece_that_one_worker_claims_is_not_claimed_nor_waited_for_by_another(
    piece: MailPiece,
) -> None:
    with Race() as race:
        first, second = (race.begin(lambda: commands._claim(at=TODAY)) for _ in range(2))
        assert not second.waits, "the second worker waits for the first"
        assert race.commit(first) == piece
        assert race.commit(second) is None


def test_a_page_that_was_overtaken_changes_nothing(piece: MailPiece) -> None:
    """The party told two workers; the one with the longer page is first."""
    feed(Party.CARRIER)
    accepted = event(piece.number, "accepted")
    longer = page("2", accepted, event(piece.number, "notice_left"))
    shorter = page("1", accepted)
    taken = at_once(
        lambda: feeds._keep(Party.CARRIER, "", longer, at=TODAY),
        lambda: feeds._keep(Party.CARRIER, "", shorter, at=TODAY),
    )
    assert taken == [2, 0]
    assert feed(Party.CARRIER).cursor == "2"
    assert PartyEvent.objects.count() == 2


def test_two_parties_that_tell_of_two_members_crosswise_do_not_wait_for_ever(
    outside: Outside, piece: MailPiece, taro: Member
) -> None:
    """A third one holds Hanako: a page that has her piece, and one that has Taro's, meet there."""
    passcodes.request(taro, at=TODAY)
    commands.compose_due(at=TODAY)
    his = MailPiece.objects.get(mailbox_id=taro.mailbox_id)
    feed(Party.CARRIER)
    feed(Party.PRINT_SHOP)
    printed = page("1", event(piece.number, "printed"), event(his.number, "printed", id="2"))
    accepted = page("1", event(his.number, "accepted"), event(piece.number, "accepted", id="2"))
    with Race() as race:
        hanako = Member.objects.select_for_update().filter(mailbox_id=piece.mailbox_id)
        third = race.begin(lambda: hanako.get())
        shop = race.begin(lambda: feeds._keep(Party.PRINT_SHOP, "", printed, at=TODAY))
        carrier = race.begin(lambda: feeds._keep(Party.CARRIER, "", accepted, at=TODAY))
        race.commit(third)
        assert race.commit(shop) == race.commit(carrier) == 2


def test_a_page_waits_for_nobody_of_whom_it_does_not_tell(
    outside: Outside, piece: MailPiece, taro: Member
) -> None:
    feed(Party.CARRIER)
    accepted = page("1", event(piece.number, "accepted"))
    with Race() as race:
        race.begin(lambda: Member.objects.select_for_update().get(id=taro.id))
        carrier = race.begin(lambda: feeds._keep(Party.CARRIER, "", accepted, at=TODAY))
        assert race.commit(carrier) == 1


def test_of_two_events_at_once_the_further_one_counts(
    piece: MailPiece, asked: PasscodeRequest
) -> None:
    feed(Party.CARRIER)
    feed(Party.PRINT_SHOP)
    handed = page("1", event(piece.number, "handed_over"))
    printed = page("1", event(piece.number, "printed"))
    at_once(
        lambda: feeds._keep(Party.CARRIER, "", handed, at=TODAY + timedelta(minutes=1)),
        lambda: feeds._keep(Party.PRINT_SHOP, "", printed, at=TODAY + timedelta(minutes=1)),
    )
    assert piece_of(asked).state == "handed_over"
    assert Line.objects.filter(event="PostalResult").count() == 2
