"""One act under one key: done once, answered every time."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from mypost.intake.answers import (
    GivenAnswer,
    answer_once,
    earlier_answer,
    forget_old_answers,
)
from mypost.intake.errors import ItemsMissing, KeyReused
from mypost.intake.models import Answer
from tests.conftest import NOW

SENDER = uuid4()
DIGEST, OTHER = b"1" * 32, b"2" * 32


class Deed:
    """Counts how often it was done."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> GivenAnswer:
        self.times += 1
        return GivenAnswer(201, f'{{"time": {self.times}}}')


def once(deed: Deed, *, sender: UUID = SENDER, key: str = "k", digest: bytes = DIGEST) -> str:
    return answer_once(sender, key, digest, deed, at=NOW).body


def test_it_is_done_once_and_answered_every_time(db: None) -> None:
    deed = Deed()
    assert [once(deed) for _ in range(3)] == ['{"time": 1}'] * 3
    assert deed.times == 1


def test_another_request_under_the_same_key_is_refused(db: None) -> None:
    deed = Deed()
    once(deed)
    with pytest.raises(KeyReused):
        once(deed, digest=OTHER)
    with pytest.raises(KeyReused):
        earlier_answer(SENDER, "k", OTHER)
    assert deed.times == 1


def test_another_key_or_another_sender_is_another_deed(db: None) -> None:
    deed, another = Deed(), uuid4()
    for _ in range(2):
        assert once(deed) == '{"time": 1}'
        assert once(deed, key="l") == '{"time": 2}'
        assert once(deed, sender=another) == '{"time": 3}'
    assert deed.times == 3


def test_a_deed_that_is_refused_leaves_the_key_free(db: None) -> None:
    def refuse() -> GivenAnswer:
        raise ItemsMissing

    with pytest.raises(ItemsMissing):
        answer_once(SENDER, "k", DIGEST, refuse, at=NOW)
    assert not Answer.objects.exists()
    assert once(Deed(), digest=OTHER) == '{"time": 1}'


def test_nothing_was_answered_before_the_first(db: None) -> None:
    assert earlier_answer(SENDER, "k", DIGEST) is None


def test_answers_are_forgotten_after_thirty_days(db: None) -> None:
    deed = Deed()
    once(deed)
    assert forget_old_answers(at=NOW + timedelta(days=30)) == 0
    assert forget_old_answers(at=NOW + timedelta(days=30, seconds=1)) == 1
    once(deed)
    assert deed.times == 2
