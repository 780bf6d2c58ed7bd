"""Each door can do its part of the passcode with no more than its own rights in the database."""

from datetime import timedelta

import pytest

from mypost.kernel.passcodes import normalise
from mypost.members import commands as members
from mypost.members.models import Member
from mypost.notifications import commands as notifications
from mypost.notifications import notices
from mypost.notifications.models import Notice
from mypost.proofing import passcodes, queries
from mypost.proofing.errors import PasscodeLocked, PasscodeWrong
from mypost.proofing.reasons import PostalEvent
from tests.conftest import LATER, NOW
from tests.evidence.test_grants import acting_as
from tests.guards.rights import MEMBER, WORKER
from tests.members.test_certify import THE_CARD_SAYS
from tests.proofing.conftest import HE_SAYS, WRONG, Asked, level

pytestmark = pytest.mark.django_db


def test_the_members_door_declares_asks_and_enters(taro: Member, jiro: Member) -> None:
    with acting_as(MEMBER):
        members.set_level(taro.id, 0, source="card", reason="test", at=NOW)  # type: ignore[arg-type]
        members.declare(taro, HE_SAYS, at=NOW)
        assert passcodes.request(taro, at=NOW).state == "requested"
        assert level(taro) == 1


def test_the_members_door_counts_and_confirms(jiro: Member, asked: Asked) -> None:
    passcodes.note(asked.id, PostalEvent.HANDED_OVER, at=NOW)
    with acting_as(MEMBER):
        with pytest.raises(PasscodeWrong):
            passcodes.enter(jiro, WRONG, at=LATER)
        passcodes.enter(jiro, asked.code, at=LATER)
        assert level(jiro) == 2


def test_the_members_door_locks(jiro: Member, asked: Asked) -> None:
    with acting_as(MEMBER):
        for _ in range(4):
            with pytest.raises(PasscodeWrong):
                passcodes.enter(jiro, WRONG, at=LATER)
        with pytest.raises(PasscodeLocked):
            passcodes.enter(jiro, WRONG, at=LATER)


def test_the_worker_composes(jiro: Member) -> None:
    request = passcodes.request(jiro, at=NOW)
    with acting_as(WORKER):
        assert queries.addressee(request.id).name == HE_SAYS.name
        assert normalise(passcodes.issue(request.id, at=NOW))


def test_the_post_reports_five_events() -> None:
    assert list(PostalEvent) == ["printed", "accepted", "notice_left", "handed_over", "returned"]


@pytest.mark.parametrize(
    ("event", "height"),
    [("printed", 1), ("accepted", 1), ("notice_left", 1), ("handed_over", 2), ("returned", 1)],
)
def test_the_worker_hears_from_the_post(
    jiro: Member, asked: Asked, event: str, height: int
) -> None:
    passcodes.enter(jiro, asked.code, at=NOW)
    with acting_as(WORKER):
        passcodes.note(asked.id, PostalEvent(event), at=LATER)
        assert level(jiro) == height


def test_the_worker_makes_void_what_is_too_old(jiro: Member, asked: Asked) -> None:
    with acting_as(WORKER):
        assert passcodes.void_expired(at=NOW + timedelta(days=30)) == 1


def test_the_worker_notes_what_is_no_longer_certified(jiro: Member) -> None:
    members.certify(jiro, THE_CARD_SAYS, at=NOW)
    with acting_as(WORKER):
        assert members.lapse(jiro, reason="move", at=LATER) is not None


def test_the_worker_sends_what_the_members_door_owes(jiro: Member) -> None:
    notice = Notice.objects.get(mailbox_id=jiro.mailbox_id)
    with acting_as(WORKER):
        notices.send(notice.id)
        notice.refresh_from_db()
        assert notice.state == Notice.State.SENT
        notifications.wake(at=LATER)
