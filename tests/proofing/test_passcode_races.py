"""Several browsers at once get five tries together, and what they cost is not lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mypost.common.transactions import writes
from mypost.members import commands as members
from mypost.members.models import Member
from mypost.proofing import passcodes
from mypost.proofing.errors import PasscodeNotDue, PasscodeWrong
from mypost.proofing.reasons import PostalEvent
from tests.conftest import LATER, NOW
from tests.proofing.conftest import HE_SAYS, WRONG, Asked, level
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
BROWSERS = 8
OVER = NOW + timedelta(days=31)  # a code is good for thirty days


def test_browsers_at_once_get_no_sixth_try(jiro: Member, asked: Asked) -> None:
    ends = at_once(*[lambda: passcodes.enter(jiro, WRONG, at=LATER)] * BROWSERS)
    assert sorted(ends) == ["passcode_locked"] * 4 + ["passcode_wrong"] * 4
    assert (asked.now().tries_left, asked.now().void_reason) == (0, "locked")


def test_one_code_raises_the_level_once(jiro: Member, asked: Asked) -> None:
    passcodes.note(asked.id, PostalEvent.HANDED_OVER, at=NOW)
    ends = at_once(*[lambda: passcodes.enter(jiro, asked.code, at=LATER)] * 2)
    assert ends[1] == "no_passcode_awaited"
    assert level(jiro) == 2
    assert jiro.level_changes.filter(level=2).count() == 1


def test_browsers_at_once_ask_for_one_letter(jiro: Member) -> None:
    ends = at_once(*[lambda: passcodes.request(jiro, at=NOW)] * 2)
    assert ends[1] == "passcode_under_way"
    assert jiro.passcode_requests.count() == 1


def test_one_request_gets_one_code(jiro: Member) -> None:
    asked = passcodes.request(jiro, at=NOW)
    code, none = at_once(*[lambda: passcodes.issue(asked.id, at=NOW)] * 2)
    assert none == PasscodeNotDue.code
    passcodes.note(asked.id, PostalEvent.HANDED_OVER, at=NOW)
    passcodes.enter(jiro, code, at=LATER)
    assert level(jiro) == 2


def test_the_post_reporting_twice_at_once_reports_once(jiro: Member, asked: Asked) -> None:
    at_once(*[lambda: passcodes.note(asked.id, PostalEvent.HANDED_OVER, at=LATER)] * 2)
    assert asked.now().reports.count() == 1


def test_a_code_entered_while_its_time_runs_out_is_expired_or_counts(
    jiro: Member, asked: Asked
) -> None:
    """The worker has listed the code as overdue; it is entered before the worker voids it."""
    passcodes.note(asked.id, PostalEvent.HANDED_OVER, at=NOW)
    at_once(
        lambda: passcodes.enter(jiro, asked.code, at=LATER),
        lambda: passcodes.void_expired(at=OVER),
    )
    assert (asked.now().state, level(jiro)) == ("confirmed", 2)


@pytest.mark.parametrize("moves_first", [True, False])
def test_a_move_and_a_code_at_once_do_not_both_win(
    jiro: Member, asked: Asked, moves_first: bool
) -> None:
    passcodes.note(asked.id, PostalEvent.HANDED_OVER, at=NOW)
    moved = replace(HE_SAYS, address="東京都清瀬市１－１")
    acts = [
        lambda: members.declare(jiro, moved, at=LATER),
        lambda: passcodes.enter(jiro, asked.code, at=LATER),
    ]
    at_once(*(acts if moves_first else reversed(acts)))
    assert level(jiro) == 1


def test_a_try_is_counted_when_the_door_answers_with_a_page(jiro: Member, asked: Asked) -> None:
    @writes
    def door() -> int:
        try:
            passcodes.enter(jiro, WRONG, at=LATER)
        except PasscodeWrong as refusal:
            return refusal.tries_left
        return 5

    assert door() == asked.now().tries_left == 4
