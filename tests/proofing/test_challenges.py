"""A card answers one question: put to one browser session, for one purpose, once, in time."""

from datetime import datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest

from mypost.proofing import challenges
from mypost.proofing.challenges import Purpose
from mypost.proofing.errors import (
    ChallengeExpired,
    ChallengeForeign,
    ChallengeSpent,
)
from mypost.proofing.models import CardChallenge
from tests.conftest import NOW
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
    use(put(), at=NOW + timedelta(minutes=5))
    with pytest.raises(ChallengeExpired):
        use(put(), at=NOW + timedelta(minutes=5, microseconds=1))


@pytest.mark.django_db
def test_another_session_cannot_use_it_and_does_not_spend_it() -> None:
    challenge = put()
    with pytest.raises(ChallengeForeign):
        use(challenge, session="another's")
    use(challenge)


@pytest.mark.django_db
@pytest.mark.parametrize("purpose", ["step_up", "link", "prove"])
def test_it_is_good_for_its_purpose_only(purpose: str) -> None:
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
def test_the_whole_text_is_what_cards_have_signed_so_far() -> None:
    """A card and our own reader know this form: a line that changes is another version."""
    at = datetime(2026, 11, 22, 10, 0, tzinfo=timezone(timedelta(hours=9)))
    challenge = CardChallenge(
        id=UUID(int=7), purpose="link", session="s", nonce=b"\x5a" * 32, created_at=at,
        expires_at=at + timedelta(minutes=5),
    )  # fmt: skip
    assert challenges.text_of(challenge).decode().split("\n") == [
        "MyPost card challenge v1",
        "service: log.mypost.example",
        "origin: http://localhost:8000",
        "purpose: link",
        "I want to: link this card for signing in / このカードでログインできるようにします",
        "number: 00000000-0000-0000-0000-000000000007",
        "nonce: " + "5a" * 32,
        "expires: 2026-11-22T01:05:00+00:00",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("purpose", "words"),
    [
        ("sign_in", "sign in / ログインします"),
        ("step_up", "confirm that it is me / 本人であることを確認します"),
        (
            "link",
            "link this card for signing in / このカードでログインできるようにします",
        ),
        ("prove", "prove my identity / 本人確認をします"),
    ],
)
def test_every_purpose_is_said_in_words(purpose: str, words: str) -> None:
    assert f"\nI want to: {words}\n".encode() in challenges.text_of(put(purpose))


def test_there_are_four_purposes() -> None:
    assert list(Purpose) == ["sign_in", "step_up", "link", "prove"]


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
    younger = challenges.make(Purpose.LINK, session="mine", at=NOW + timedelta(hours=1))
    a_day_after_its_end = NOW + timedelta(days=1, minutes=5)
    assert challenges.forget_old(at=a_day_after_its_end) == 0
    assert challenges.forget_old(at=a_day_after_its_end + timedelta(seconds=1)) == 1
    assert challenges.forget_old(at=a_day_after_its_end + timedelta(seconds=1)) == 0
    assert CardChallenge.objects.get() == younger


@pytest.mark.django_db(transaction=True)
def test_of_answers_at_once_one_counts() -> None:
    challenge = put()
    first, *others = at_once(*[lambda: use(challenge)] * 4)
    assert first == challenge
    assert others == ["challenge_spent"] * 3
