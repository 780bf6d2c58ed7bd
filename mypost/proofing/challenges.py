"""What a card is asked to sign: one question, for one purpose and one browser session, once."""

import hashlib
import os
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.conf import settings

from mypost.common.clock import new_id
from mypost.proofing.errors import ChallengeExpired, ChallengeForeign, ChallengeSpent
from mypost.proofing.models import CardChallenge

LIFETIME = timedelta(minutes=5)
KEPT = timedelta(days=1)  # an answered one says "answered before" for as long


class Purpose(StrEnum):
    """What an answer is good for, and for nothing else."""

    SIGN_IN = "sign_in"
    STEP_UP = "step_up"  # the session of somebody who is signed in becomes stronger
    LINK = "link"  # the card shall sign in from now on
    PROVE = "prove"  # the one that is signed with the signature key


WORDS = {
    Purpose.SIGN_IN: "sign in / ログインします",
    Purpose.STEP_UP: "confirm that it is me / 本人であることを確認します",
    Purpose.LINK: "link this card for signing in / このカードでログインできるようにします",
    Purpose.PROVE: "prove my identity / 本人確認をします",
}


def make(purpose: str, *, session: str, at: datetime) -> CardChallenge:
    """Put a new question to one browser session.

    purpose: one of Purpose. session: whatever names the browser's session; only its hash is kept.
    at: aware, UTC. Raises ValueError for a purpose that is none.
    """
    return CardChallenge.objects.create(
        id=new_id(at),
        purpose=Purpose(purpose),
        session=_fingerprint(session),
        nonce=os.urandom(32),
        created_at=at,
        expires_at=at + LIFETIME,
    )


def text_of(challenge: CardChallenge) -> bytes:
    """Return what the card signs: UTF-8 lines that a person can read.

    The first line and the origin keep it apart from whatever another service, or another
    question of ours, could ask the same card to sign. It never changes for one challenge.
    """
    lines = [
        "MyPost card challenge v1",
        f"service: {settings.LOG_NAME}",
        f"origin: {settings.MEMBER_URL}",
        f"purpose: {challenge.purpose}",
        f"I want to: {WORDS[Purpose(challenge.purpose)]}",
        f"number: {challenge.id}",
        f"nonce: {bytes(challenge.nonce).hex()}",
        f"expires: {challenge.expires_at.astimezone(UTC).isoformat(timespec='seconds')}",
    ]
    return "\n".join(lines).encode()


def use(challenge_id: UUID, *, session: str, purpose: str, at: datetime) -> CardChallenge:
    """Spend a question, so that no second answer to it counts, and return it.

    Raises ChallengeForeign for one that was put to another session or for another purpose, as for
    one that never was; ChallengeExpired, ChallengeSpent.
    """
    mine = CardChallenge.objects.filter(
        id=challenge_id, session=_fingerprint(session), purpose=purpose
    )
    challenge = mine.first()
    if challenge is None:
        raise ChallengeForeign
    if at > challenge.expires_at:
        raise ChallengeExpired
    if not mine.filter(used_at=None).update(used_at=at):  # of two answers at once, one wins
        raise ChallengeSpent
    return challenge


def forget_old(*, at: datetime) -> int:
    """Delete questions that nobody can answer any more; return how many."""
    deleted, _ = CardChallenge.objects.filter(expires_at__lt=at - KEPT).delete()
    return deleted


def _fingerprint(session: str) -> str:
    return hashlib.sha256(b"mypost card challenge session\0" + session.encode()).hexdigest()
