"""“You have post”: who wrote, never what; sent once, put off, or given up with evidence."""

import re
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from mypost.accounts.models import Account
from mypost.common.clock import now
from mypost.common.failpoints import FailpointReached
from mypost.evidence.models import Line
from mypost.intake.models import Item
from mypost.members.models import Member
from mypost.notifications import commands, queries
from mypost.notifications.models import Alert
from mypost.senders.models import Sender
from mypost.subscriptions import commands as subscriptions
from tests.conftest import NOW, SendLetter
from tests.notifications.conftest import Post, free_port

ADDRESS = "hanako@example.jp"
LINK = re.compile(r"https?://\S+")
# A minute, five, half an hour, two hours, eight: a server that greylists or restarts is met again
# soon, and one that is away for a night is not given up.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480)]


@pytest.fixture
def alert(send_letter: SendLetter) -> Alert:
    """The alert that a letter to Hanako owes."""
    return of(send_letter())


def of(item: Item) -> Alert:
    return Alert.objects.get(letter_id=item.letter_id)


def send(alert: Alert) -> Alert:
    commands.send(alert.batch_id)
    alert.refresh_from_db()
    return alert


def wait(alert: Alert) -> None:
    """Let the pause before the next try be over."""
    Alert.objects.filter(letter_id=alert.letter_id).update(due_at=now() - timedelta(seconds=1))


def events(alert: Alert) -> list[tuple[str, str]]:
    lines = Line.objects.filter(subject_id=alert.letter_id, event__contains="Notification")
    return [(line.event, line.entry) for line in lines.order_by("seq")]


def words(mail: EmailMessage) -> str:
    return f"{mail['Subject']}\n{mail.get_content()}"


# What it says


@pytest.mark.parametrize(
    ("language", "sender", "phrase"),
    [("ja", "みなと市", "新しい"), ("en", "Minato City", "You have a new letter")],
)
def test_it_says_who_wrote_in_the_members_language(
    alert: Alert, post: Post, city: Sender, language: str, sender: str, phrase: str
) -> None:
    Account.objects.filter(email=ADDRESS).update(language=language)
    Sender.objects.filter(id=city.id).update(name_en="Minato City")
    send(alert)
    (mail,) = post.taken
    assert mail["To"] == ADDRESS
    assert sender in mail["Subject"]
    assert sender in mail.get_content()
    assert phrase in mail["Subject"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_it_never_says_what(send_letter: SendLetter, post: Post, language: str) -> None:
    Account.objects.filter(email=ADDRESS).update(language=language)
    item = send_letter(subject="督促状", body="未納です", reference="REF-77", topic="tax")
    send(of(item))
    told = words(post.taken[0])
    for secret in ("督促状", "未納", "REF-77", "tax", item.recipient, item.number):
        assert secret not in told
    assert str(item.letter_id) not in told


@pytest.mark.parametrize("language", ["ja", "en"])
def test_its_only_link_is_the_front_door_and_signs_nobody_in(
    alert: Alert, post: Post, language: str
) -> None:
    Account.objects.filter(email=ADDRESS).update(language=language)
    send(alert)
    links = LINK.findall(words(post.taken[0]))
    assert links == ["http://localhost:8000"]


def test_it_speaks_one_language_throughout(alert: Alert, post: Post) -> None:
    send(alert)
    without_names = words(post.taken[0]).replace("http://localhost:8000", "")
    assert not re.search(r"[A-Za-z]{2,}", without_names.replace("MyPost", ""))


def test_a_name_with_a_line_end_cannot_add_a_header(alert: Alert, post: Post, city: Sender) -> None:
    Sender.objects.filter(id=city.id).update(name="市\nBcc: all@example.jp")
    send(alert)
    assert post.taken[0]["Bcc"] is None


def test_it_goes_out_under_its_letters_own_message_id(alert: Alert, post: Post) -> None:
    send(alert)
    assert post.taken[0]["Message-ID"] == f"<{alert.letter_id}@log.mypost.example>"


# Sent


def test_when_the_mail_server_took_it_that_is_evidence(alert: Alert, post: Post) -> None:
    send(alert)
    assert (alert.state, alert.attempts) == (Alert.State.SENT, 1)
    assert alert.sent_at is not None
    assert [event for event, _ in events(alert)] == ["ConsignmentNotification"]
    assert queries.alerted_at(alert.mailbox_id, alert.letter_id) == alert.sent_at


def test_the_evidence_holds_no_address(alert: Alert, post: Post) -> None:
    send(alert)
    ((_event, entry),) = events(alert)
    assert "hanako" not in entry


def test_sending_twice_sends_once(alert: Alert, post: Post) -> None:
    send(alert)
    send(alert)
    assert len(post.taken) == 1
    assert len(events(alert)) == 1


def test_a_second_run_sends_only_the_rest(
    send_letter: SendLetter, post: Post, settings: Settings
) -> None:
    batch = UUID(int=1)
    for number in range(53):
        send_letter(reference=str(number))
    Alert.objects.update(batch_id=batch)
    settings.FAILPOINT = "notify.group_sent:raise"
    with pytest.raises(FailpointReached):
        commands.send(batch)
    assert len(post.taken) == 50  # so many are mailed again at most, whenever the power fails
    settings.FAILPOINT = ""
    commands.send(batch)
    assert len({mail["Message-ID"] for mail in post.taken}) == len(post.taken) == 53


# Put off


def test_a_temporary_no_is_tried_again_after_growing_pauses(alert: Alert, post: Post) -> None:
    post.at_recipient[ADDRESS] = "450 mailbox busy"
    for number, pause in enumerate(PAUSES, start=1):
        before = now()
        send(alert)
        assert (alert.state, alert.attempts) == (Alert.State.WAITING, number)
        assert before + pause <= alert.due_at <= now() + pause
        send(alert)  # too early: nothing happens
        assert post.asked == number
        wait(alert)
    assert send(alert).state == Alert.State.FAILED
    assert [event for event, _ in events(alert)] == ["ConsignmentNotificationFailure"]


def test_what_was_put_off_arrives_in_the_end(alert: Alert, post: Post) -> None:
    post.at_recipient[ADDRESS] = "450 greylisted"
    send(alert)
    post.at_recipient.clear()
    wait(alert)
    send(alert)
    assert (alert.state, alert.attempts, len(post.taken)) == (Alert.State.SENT, 2, 1)
    assert [event for event, _ in events(alert)] == ["ConsignmentNotification"]


def test_a_mail_server_that_is_away_puts_the_batch_off_and_fails_no_job(
    send_letter: SendLetter, settings: Settings
) -> None:
    alerts = [of(send_letter(reference=str(number))) for number in range(3)]
    Alert.objects.update(batch_id=alerts[0].batch_id)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    commands.send(alerts[0].batch_id)
    assert set(Alert.objects.values_list("state", "attempts")) == {("waiting", 1)}
    assert Alert.objects.filter(due_at__gt=now()).count() == 3
    assert queries.overdue_batches(at=now()) == []


def test_one_members_trouble_keeps_no_other_waiting(
    send_letter: SendLetter, post: Post, taro: Member, city: Sender
) -> None:
    pseudonym = subscriptions.choose(taro, city.id, at=NOW).pseudonym
    mine = of(send_letter(reference="1"))
    his = of(send_letter(reference="2", recipient=pseudonym))
    Alert.objects.update(batch_id=mine.batch_id)
    post.at_recipient[ADDRESS] = "450 later"
    commands.send(mine.batch_id)
    mine.refresh_from_db()
    his.refresh_from_db()
    assert (mine.state, his.state) == (Alert.State.WAITING, Alert.State.SENT)


def jobs() -> int:
    sent = ProcrastinateJob.objects.filter(task_name="notifications.send_alerts")
    return sent.exclude(queueing_lock=None).count()


def test_what_is_due_again_is_woken_and_not_twice(alert: Alert, post: Post) -> None:
    post.at_recipient[ADDRESS] = "450 later"
    send(alert)
    commands.wake(at=now())
    assert jobs() == 0
    wait(alert)
    for _ in range(3):  # the queue may be long: the first one still waits in it
        commands.wake(at=now())
    assert jobs() == 1


# Given up


@pytest.mark.parametrize("stage", ["at_recipient", "at_data"])
def test_a_lasting_no_is_final_and_is_evidence(alert: Alert, post: Post, stage: str) -> None:
    getattr(post, stage)[ADDRESS] = "550 no such mailbox"
    send(alert)
    assert (alert.state, alert.attempts, alert.sent_at) == (Alert.State.FAILED, 1, None)
    ((event, entry),) = events(alert)
    assert event == "ConsignmentNotificationFailure"
    assert '"reasons":["mail_refused"]' in entry
    wait(alert)
    send(alert)
    assert post.asked == 1


def test_a_temporary_no_to_the_content_is_not_final(alert: Alert, post: Post) -> None:
    post.at_data[ADDRESS] = "451 try again"
    assert send(alert).state == Alert.State.WAITING


# How they stand


def test_the_counts_tell_what_waits_what_is_late_and_what_failed(
    send_letter: SendLetter, post: Post
) -> None:
    waiting, late, failed = (of(send_letter(reference=str(number))) for number in range(3))
    at = now()
    Alert.objects.filter(letter_id=late.letter_id).update(due_at=at - timedelta(minutes=6))
    Alert.objects.filter(letter_id=waiting.letter_id).update(due_at=at)
    post.at_recipient[ADDRESS] = "550 gone"
    send(failed)
    Alert.objects.filter(letter_id=failed.letter_id).update(due_at=at)
    counts = queries.count_alerts(at=at)
    assert (counts.waiting, counts.late, counts.failed) == (2, 1, 1)
    assert queries.count_waiting() == 2
