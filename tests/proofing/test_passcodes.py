"""The code that comes by post: asked for, issued once, entered once, five tries."""

import pytest

from mypost.members.models import Member
from mypost.proofing import passcodes, queries
from mypost.proofing.passcodes import PostalFacts
from mypost.proofing.reasons import PostalEvent
from tests.conftest import LATER, NOW
from tests.proofing.conftest import Asked

pytestmark = pytest.mark.django_db


def level(member: Member) -> int:
    member.refresh_from_db()
    return member.level


def test_the_right_code_after_the_hand_over_gives_level_2(jiro: Member, asked: Asked) -> None:
    passcodes.note(
        asked.id,
        PostalEvent.HANDED_OVER,
        at=NOW,
        facts=PostalFacts(id_document="driving_licence", id_last_digits="4711"),
    )
    assert level(jiro) == 1
    confirmed = passcodes.enter(jiro, asked.code, at=LATER)
    assert (confirmed.state, level(jiro)) == ("confirmed", 2)


def test_the_hand_over_after_the_right_code_gives_level_2(jiro: Member, asked: Asked) -> None:
    entered = passcodes.enter(jiro, asked.code, at=NOW)
    assert (entered.state, level(jiro)) == ("composed", 1)
    passcodes.note(asked.id, PostalEvent.HANDED_OVER, at=LATER)
    confirmed = queries.current_passcode(jiro)
    assert confirmed is not None
    assert (confirmed.state, level(jiro)) == ("confirmed", 2)
