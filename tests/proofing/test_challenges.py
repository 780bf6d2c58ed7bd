"""A card answers one question: put to one browser session, for one purpose, once, in time."""

from datetime import timedelta
from uuid import uuid4

import pytest

from mypost.proofing import challenges
from mypost.proofing.challenges import LIFETIME, Purpose
from mypost.proofing.errors import (
    ChallengeExpired,
    ChallengeForeign,
    ChallengeSpent,
)
from mypost.proofing.models import CardChallenge
from tests.conftest import LATER, NOW
from tests.races import at_once


def put(purpose: str = Purpose.SIGN_IN) -> CardChallenge:
    return challenges.make(purpose, session="mine", at=NOW)


def use(challenge: CardChallenge, **changes: object) -> CardChallenge:
    given = {"session": "mine", "purpose": Purpose.SIGN_IN, "at": NOW, **changes}
    return challenges.use(challenge.id, **given)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_it_can_be_used_once() -> None:
    challenge = put()
    assert use(challenge).id == challenge.id
    with pytest.raises(ChallengeSpent):
        use(challenge)


@pytest.mark.django_db
def test_it_lasts_five_minutes() -> None:
    assert timedelta(minutes=5) == LIFETIME
    use(put(), at=NOW + LIFETIME)
    with pytest.raises(ChallengeExpired):
        use(put(), at=NOW + LIFETIME + timedelta(microseconds=1))


@pytest.mark.django_db
def test_another_session_cannot_use_it_and_does_not_spend_it() -> None:
    challenge = put()
    with pytest.raises(ChallengeForeign):
        use(challenge, session="another's")
    use(challenge)


@pytest.mark.django_db
@pytest.mark.parametrize("purpose", [p for p in Purpose if p != Purpose.SIGN_IN])
def test_it_is_good_for_its_purpose_only(purpose: Purpose) -> None:
    with pytest.raises(ChallengeForeign):
        use(put(purpose))
    with pytest.raises(ChallengeForeign):
        use(put(), purpose=purpose)


@pytest.mark.django_db
def test_one_that_never_was_is_told_as_another_sessions() -> None:
    with pytest.raises(ChallengeForeign):
        challenges.use(uuid4(), session="mine", purpose=Purpose.SIGN_IN, at=NOW)


@pytest.mark.django_db
def test_the_text_says_who_asks_and_for_what_and_is_never_the_same_twice() -> None:
    first, second = put(), put()
    text = challenges.text_of(first).decode()
    assert text.startswith("MyPost card challenge v1\n")
    assert "origin: http://localhost:8000\n" in text
    assert "purpose: sign_in\n" in text
    assert f"number: {first.id}\n" in text
    assert challenges.text_of(first) != challenges.text_of(second)
    assert challenges.text_of(CardChallenge.objects.get(id=first.id)) == text.encode()


@pytest.mark.django_db
@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_purpose_is_said_in_words(purpose: Purpose) -> None:
    assert challenges.WORDS[purpose].encode() in challenges.text_of(put(purpose))


@pytest.mark.django_db
def test_a_purpose_that_is_none_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="login"):
        put("login")


@pytest.mark.django_db
def test_the_browsers_session_itself_is_not_kept() -> None:
    assert "mine" not in put().session


@pytest.mark.django_db
def test_old_ones_are_forgotten() -> None:
    put()
    assert challenges.forget_old(at=LATER) == 0
    assert challenges.forget_old(at=NOW + timedelta(days=2)) == 1
    assert challenges.forget_old(at=NOW + timedelta(days=2)) == 0


@pytest.mark.django_db(transaction=True)
def test_of_answers_at_once_one_counts() -> None:
    challenge = put()
    first, *others = at_once(*[lambda: use(challenge)] * 4)
    assert first == challenge
    assert others == ["challenge_spent"] * 3
