"""Two workers at one notice or one batch, and a member told twice at the same moment."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from mypost.common.clock import now
from mypost.members.models import Member
from mypost.notifications import commands, notices
from mypost.notifications.models import Alert, Notice, NoticeKind
from tests.conftest import NOW, SendLetter
from tests.notifications.conftest import Post
from tests.notifications.test_notices import tell
from tests.races import Race, at_once

pytestmark = pytest.mark.django_db(transaction=True)


def jobs(task: str) -> int:
    return ProcrastinateJob.objects.filter(task_name=f"notifications.{task}").count()


@pytest.fixture(autouse=True)
def _empty_queue(db: None) -> None:
    ProcrastinateJob.objects.all().delete()


def test_told_twice_at_once_is_told_once(jiro: Member) -> None:
    kind = NoticeKind.LEVEL_CHANGED
    at_once(*[lambda: commands.tell(jiro.mailbox_id, kind, at=NOW)] * 2)
    assert Notice.objects.count() == jobs("send_notice") == 1


def test_a_notice_that_one_worker_sends_is_not_sent_nor_waited_for_by_another(
    jiro: Member, post: Post
) -> None:
    notice = tell(jiro)
    with Race() as race:
        first, second = (race.begin(lambda: notices.send(notice.id)) for _ in range(2))
        assert not second.waits, "the second worker waits for the first one's mail server"
        race.commit(first)
        race.commit(second)
    assert len(post.taken) == 1
    assert Notice.objects.get().attempts == 1


def test_an_alert_that_one_worker_sends_is_not_sent_nor_waited_for_by_another(
    send_letter: SendLetter, post: Post
) -> None:
    send_letter()
    batch_id = Alert.objects.get().batch_id
    with Race() as race:
        first, second = (race.begin(lambda: commands.send(batch_id)) for _ in range(2))
        assert not second.waits, "the second worker waits for the first one's mail server"
        race.commit(first)
        race.commit(second)
    assert len(post.taken) == 1
    assert Alert.objects.get().attempts == 1


def test_two_that_wake_what_is_overdue_enqueue_it_once(
    send_letter: SendLetter, jiro: Member
) -> None:
    tell(jiro)
    send_letter()
    ProcrastinateJob.objects.all().delete()
    at_once(*[lambda: commands.wake(at=now())] * 2)
    assert (jobs("send_notice"), jobs("send_alerts")) == (1, 1)
