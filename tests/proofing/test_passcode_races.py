"""Several browsers at once get five tries together, and what they cost is not lost."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import connection

from mypost.common.transactions import writes
from mypost.members import commands as members
from mypost.members.models import Member
from mypost.proofing import passcodes
from mypost.proofing.errors import PasscodeWrong, ProofingError
from mypost.proofing.reasons import PostalEvent
from tests.conftest import LATER, NOW
from tests.proofing.conftest import HE_SAYS, WRONG, Asked, level

pytestmark = pytest.mark.django_db(transaction=True)
BROWSERS = 8


def at_once(act: Callable[[], object]) -> Counter[str]:
    """Let several browsers do the same at the same moment; count how it ends for them."""
    start = Barrier(BROWSERS)

    @writes
    def door() -> str:
        start.wait(timeout=10)
        try:
            act()
        except ProofingError as refusal:
            return f"{refusal.code} {getattr(refusal, 'tries_left', '')}".strip()
        return "done"

    def browser(_number: int) -> str:
        try:
            return door()
        finally:
            connection.close()

    with ThreadPoolExecutor(BROWSERS) as browsers:
        return Counter(browsers.map(browser, range(BROWSERS)))


def test_browsers_at_once_get_no_sixth_try(jiro: Member, asked: Asked) -> None:
    ends = at_once(lambda: passcodes.enter(jiro, WRONG, at=LATER))
    wrong = {f"passcode_wrong {left}": 1 for left in (4, 3, 2, 1)}
    assert ends == {**wrong, "passcode_locked": BROWSERS - 4}
    assert (asked.now().tries_left, asked.now().void_reason) == (0, "locked")


def test_one_code_raises_the_level_once(jiro: Member, asked: Asked) -> None:
    passcodes.note(asked.id, PostalEvent.HANDED_OVER, at=NOW)
    ends = at_once(lambda: passcodes.enter(jiro, asked.code, at=LATER))
    assert ends == {"done": 1, "no_passcode_awaited": BROWSERS - 1}
    assert level(jiro) == 2
    assert jiro.level_changes.filter(level=2).count() == 1


def test_browsers_at_once_ask_for_one_letter(jiro: Member) -> None:
    ends = at_once(lambda: passcodes.request(jiro, at=NOW))
    assert ends == {"done": 1, "passcode_under_way": BROWSERS - 1}


def test_the_post_reporting_twice_at_once_reports_once(jiro: Member, asked: Asked) -> None:
    ends = at_once(lambda: passcodes.note(asked.id, PostalEvent.HANDED_OVER, at=LATER))
    assert ends == {"done": BROWSERS}
    assert asked.now().reports.count() == 1


def test_a_move_and_a_code_at_once_do_not_both_win(jiro: Member, asked: Asked) -> None:
    passcodes.note(asked.id, PostalEvent.HANDED_OVER, at=NOW)
    moved = replace(HE_SAYS, address="東京都清瀬市１－１")
    acts = iter([lambda: members.declare(jiro, moved, at=LATER)] * (BROWSERS // 2))
    at_once(lambda: next(acts, lambda: passcodes.enter(jiro, asked.code, at=LATER))())
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
