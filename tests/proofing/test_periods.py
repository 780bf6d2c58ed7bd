"""How long each thing lasts, to the last microsecond. Source: README.md of this room."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from mypost.members.models import Member
from mypost.proofing import challenges, merging, passcodes, watch
from mypost.proofing.errors import (
    ChallengeExpired,
    MergeCodeWrong,
    PasscodeExpired,
    PasscodeUnderWay,
    TooManyPasscodes,
)
from mypost.proofing.models import LinkedCard
from mypost.proofing.reasons import PostalEvent
from tests.conftest import NOW
from tests.proofing.conftest import Asked, ask

pytestmark = pytest.mark.django_db

A_MOMENT = timedelta(microseconds=1)
THIRTY_DAYS = datetime(2026, 12, 22, 1, 0, tzinfo=UTC)  # after NOW, 22 November 2026


def test_a_code_is_taken_for_thirty_days(jiro: Member, asked: Asked) -> None:
    passcodes.enter(jiro, asked.code, at=THIRTY_DAYS - A_MOMENT)
    assert asked.now().code_entered_at is not None


def test_after_thirty_days_the_right_code_is_too_late(jiro: Member, asked: Asked) -> None:
    assert asked.now().expires_at == THIRTY_DAYS
    with pytest.raises(PasscodeExpired):
        passcodes.enter(jiro, asked.code, at=THIRTY_DAYS)


def test_the_thirty_days_of_a_letter_begin_when_it_is_composed(jiro: Member) -> None:
    request = passcodes.request(jiro, at=NOW - timedelta(days=3))
    assert request.expires_at == THIRTY_DAYS - timedelta(days=3)
    passcodes.issue(request.id, at=NOW)
    request.refresh_from_db()
    assert request.expires_at == THIRTY_DAYS


def test_nobodys_code_is_made_void_before_its_thirty_days_are_over(asked: Asked) -> None:
    assert passcodes.void_expired(at=THIRTY_DAYS - A_MOMENT) == 0
    assert passcodes.void_expired(at=THIRTY_DAYS) == 1


def test_another_letter_waits_for_the_thirty_days_of_the_first(jiro: Member, asked: Asked) -> None:
    with pytest.raises(PasscodeUnderWay):
        passcodes.request(jiro, at=THIRTY_DAYS - A_MOMENT)
    passcodes.request(jiro, at=THIRTY_DAYS)


def test_a_fourth_letter_waits_until_the_first_is_thirty_days_old(jiro: Member) -> None:
    for day in range(3):
        letter = ask(jiro, NOW + timedelta(days=day))
        passcodes.note(letter.id, PostalEvent.RETURNED, at=NOW + timedelta(days=day))
    with pytest.raises(TooManyPasscodes):
        passcodes.request(jiro, at=THIRTY_DAYS - A_MOMENT)
    passcodes.request(jiro, at=THIRTY_DAYS)


@pytest.mark.parametrize(
    ("left_at", "until"),
    [
        (datetime(2026, 11, 30, 14, 59, 59, tzinfo=UTC), date(2026, 12, 10)),
        (datetime(2026, 11, 30, 15, 0, 0, tzinfo=UTC), date(2026, 12, 11)),  # midnight in Japan
    ],
)
def test_the_post_holds_a_letter_for_ten_days(asked: Asked, left_at: datetime, until: date) -> None:
    passcodes.note(asked.id, PostalEvent.NOTICE_LEFT, at=left_at)
    assert asked.now().held_until == until


def test_a_card_has_five_minutes_to_answer() -> None:
    for after, is_late in ((timedelta(minutes=5), False), (timedelta(minutes=5) + A_MOMENT, True)):
        put = challenges.make("sign_in", session="s", at=NOW)
        try:
            challenges.use(put.id, session="s", purpose="sign_in", at=NOW + after)
        except ChallengeExpired:
            assert is_late
        else:
            assert not is_late


def test_a_question_is_remembered_for_a_day_after_its_five_minutes() -> None:
    challenges.make("sign_in", session="s", at=NOW)
    forgotten = NOW + timedelta(days=1, minutes=5)
    assert challenges.forget_old(at=forgotten) == 0
    assert challenges.forget_old(at=forgotten + A_MOMENT) == 1


def test_a_code_that_merges_is_good_for_an_hour(hanako: Member, taro: Member) -> None:
    with pytest.raises(MergeCodeWrong):
        merging.merge(hanako, merging.ask(taro, at=NOW), at=NOW + timedelta(hours=1) + A_MOMENT)
    merging.merge(hanako, merging.ask(taro, at=NOW), at=NOW + timedelta(hours=1))


def test_a_card_is_asked_after_again_after_twenty_two_hours(taro: Member) -> None:
    LinkedCard.objects.create(
        id=uuid4(), member=taro, sign_serial="a", linked_at=NOW, checked_at=NOW
    )
    assert watch.begin(at=NOW + timedelta(hours=22) - A_MOMENT) == 0
    assert watch.begin(at=NOW + timedelta(hours=22)) == 1


def test_a_job_gives_up_after_five_cards_without_an_answer(
    taro: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[LinkedCard] = []

    def nobody_answers(card: LinkedCard, _half: str, *, at: datetime) -> bool:
        asked.append(card)
        return False

    monkeypatch.setattr(watch, "ask", nobody_answers)
    cards = [
        LinkedCard.objects.create(
            id=uuid4(), member=taro, sign_serial=f"{number}", linked_at=NOW, checked_at=NOW
        )
        for number in range(7)
    ]
    watch.ask_after([card.id for card in cards], at=NOW)
    assert len(asked) == 5
