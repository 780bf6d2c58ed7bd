"""When a mail is tried again, and how long the back office is told of it."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from mypost.common.clock import now
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.notifications import commands, notices
from mypost.notifications.models import Alert, Notice, NoticeKind
from mypost.notifications.queries import AlertCounts, count_alerts
from tests.conftest import NOW
from tests.notifications.conftest import free_port

pytestmark = pytest.mark.django_db

# Minutes before the second try, the third …; after the sixth it is given up, ten and a half hours
# after the first. Source: README.md of this room.
PAUSES = [1, 5, 30, 120, 480]


@pytest.fixture(autouse=True)
def _no_mail_server(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()


def try_again(row: Alert | Notice, tries: int) -> float | None:
    """Try for another time; return how many minutes then lie before the next, None for never."""
    row.attempts, row.due_at = tries, now() - timedelta(seconds=1)
    row.save(update_fields=["attempts", "due_at"])
    before = now()
    if isinstance(row, Alert):
        commands.send(row.batch_id)
    else:
        notices.send(row.id)
    after = now()
    row.refresh_from_db()
    assert row.attempts == tries + 1
    if row.state == "failed":
        return None
    # When exactly it was tried is not kept: no earlier than before, no later than after.
    (minutes,) = {
        pause for pause in (*PAUSES, 0) if before <= row.due_at - timedelta(minutes=pause) <= after
    } or {-1}
    return minutes


def test_an_alert_is_tried_again_after_growing_pauses(letter: Letter) -> None:
    alert = Alert.objects.get(letter_id=letter.id)
    assert [try_again(alert, tries) for tries in range(6)] == [*PAUSES, None]


def test_a_notice_is_tried_again_after_growing_pauses(jiro: Member) -> None:
    commands.tell(jiro.mailbox_id, NoticeKind.LEVEL_CHANGED, at=NOW)
    notice = Notice.objects.get()
    assert [try_again(notice, tries) for tries in range(6)] == [*PAUSES, None]


def test_an_alert_is_late_five_minutes_after_it_was_due(letter: Letter) -> None:
    five = NOW + timedelta(minutes=5)
    assert count_alerts(at=five - timedelta(microseconds=1)) == AlertCounts(1, 0, 0)
    assert count_alerts(at=five) == AlertCounts(1, 1, 0)


def test_a_failed_alert_is_told_of_for_seven_days(letter: Letter) -> None:
    Alert.objects.update(state="failed")
    week = NOW + timedelta(days=7)
    assert count_alerts(at=week - timedelta(microseconds=1)) == AlertCounts(0, 0, 1)
    assert count_alerts(at=week) == AlertCounts(0, 0, 0)
