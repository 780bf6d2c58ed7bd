"""“Something about your account has changed”: never what; told once while it waits, and retried."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from mypost.accounts.models import Account
from mypost.common.clock import now
from mypost.evidence.models import Line
from mypost.members import commands as members
from mypost.members.models import AssuranceLevel, LevelSource, Member
from mypost.notifications import commands, notices, queries
from mypost.notifications.models import Notice, NoticeKind
from mypost.notifications.tasks import send_notice
from tests.conftest import LATER, NOW
from tests.notifications.conftest import Post, free_port
from tests.notifications.test_alerts import LINK, words

pytestmark = pytest.mark.django_db
ADDRESS = "jiro@example.jp"


def tell(member: Member, kind: NoticeKind = NoticeKind.LEVEL_CHANGED) -> Notice:
    commands.tell(member.mailbox_id, kind, at=NOW)
    return Notice.objects.get(mailbox_id=member.mailbox_id, kind=kind, state="waiting")


def send(notice: Notice) -> Notice:
    notices.send(notice.id)
    notice.refresh_from_db()
    return notice


def wait(notice: Notice) -> None:
    """Let the pause before the next try be over."""
    Notice.objects.filter(id=notice.id).update(due_at=now() - timedelta(seconds=1))


def jobs() -> list[str]:
    told = ProcrastinateJob.objects.filter(task_name="notifications.send_notice")
    return [job.args["notice_id"] for job in told.order_by("id")]


# What it says


@pytest.mark.parametrize(
    ("language", "phrase"), [("ja", "変更がありました"), ("en", "account has changed")]
)
def test_it_speaks_the_members_language(
    jiro: Member, post: Post, language: str, phrase: str
) -> None:
    Account.objects.filter(email=ADDRESS).update(language=language)
    send(tell(jiro))
    (mail,) = post.taken
    assert mail["To"] == ADDRESS
    assert phrase in mail["Subject"]
    assert phrase in mail.get_content()


KINDS = [
    "passcode_posted", "passcode_waits", "passcode_returned", "level_changed",
    "certificate_lapsed", "card_stopped", "new_sign_in", "mailbox_closing",
]  # fmt: skip


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_kind_reads_alike(jiro: Member, post: Post, language: str) -> None:
    Account.objects.filter(email=ADDRESS).update(language=language)
    assert NoticeKind.values == KINDS
    for kind in NoticeKind:
        send(tell(jiro, kind))
    assert len(post.taken) == len(KINDS)
    assert len({words(mail) for mail in post.taken}) == 1


@pytest.mark.parametrize("language", ["ja", "en"])
def test_its_only_link_is_the_front_door_and_signs_nobody_in(
    jiro: Member, post: Post, language: str
) -> None:
    Account.objects.filter(email=ADDRESS).update(language=language)
    send(tell(jiro))
    assert LINK.findall(words(post.taken[0])) == ["http://localhost:8000"]


def test_it_speaks_one_language_throughout(jiro: Member, post: Post) -> None:
    send(tell(jiro))
    without_names = words(post.taken[0]).replace("http://localhost:8000", "")
    assert not re.search(r"[A-Za-z]{2,}", without_names.replace("MyPost", ""))


def test_the_page_can_say_what_it_was(jiro: Member, taro: Member) -> None:
    tell(jiro, NoticeKind.CARD_STOPPED)
    tell(taro, NoticeKind.NEW_SIGN_IN)
    commands.tell(jiro.mailbox_id, NoticeKind.PASSCODE_WAITS, at=LATER)
    told = queries.notices_since(jiro.mailboxes, NOW)
    assert [notice.kind for notice in told] == ["passcode_waits", "card_stopped"]
    assert queries.notices_since(jiro.mailboxes, LATER) == told[:1]


# Owed and sent


def test_owing_it_enqueues_its_job(jiro: Member) -> None:
    notice = tell(jiro)
    assert jobs() == [str(notice.id)]


def test_a_kind_that_still_waits_is_told_once(jiro: Member, post: Post) -> None:
    notice = tell(jiro)
    assert tell(jiro).id == notice.id
    assert jobs() == [str(notice.id)]
    send(notice)
    assert tell(jiro).id != notice.id


def test_the_database_too_keeps_it_to_once(jiro: Member) -> None:
    second = tell(jiro)
    second.id = uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save(force_insert=True)


def test_the_database_knows_no_sent_notice_without_its_time(jiro: Member) -> None:
    tell(jiro)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.update(state="sent")


def test_it_goes_out_once_under_its_own_message_id(jiro: Member, post: Post) -> None:
    notice = tell(jiro)
    send_notice(str(notice.id))
    assert send(notice).state == Notice.State.SENT
    (mail,) = post.taken
    assert mail["Message-ID"] == f"<{notice.id}@log.mypost.example>"
    assert notice.sent_at is not None


def test_nobody_else_is_told(jiro: Member, taro: Member, post: Post) -> None:
    send(tell(jiro))
    assert [mail["To"] for mail in post.taken] == [ADDRESS]


def test_an_account_that_nobody_signs_in_with_is_told_nothing(jiro: Member, post: Post) -> None:
    notice = tell(jiro)
    Account.objects.filter(email=ADDRESS).update(is_active=False)
    assert send(notice).state == Notice.State.FAILED
    assert post.asked == 0


# Put off, given up


def test_it_is_tried_six_times_and_no_try_comes_too_early(jiro: Member, post: Post) -> None:
    post.at_recipient[ADDRESS] = "450 later"
    notice = tell(jiro)
    for number, minutes in enumerate((1, 5, 30, 120, 480), 1):
        before, pause = now(), timedelta(minutes=minutes)
        send(notice)
        send(notice)  # too early: nothing happens
        assert post.asked == notice.attempts == number
        assert before + pause <= notice.due_at <= now() + pause
        wait(notice)
    assert send(notice).state == Notice.State.FAILED


def test_a_mail_server_that_is_away_puts_it_off(jiro: Member, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    notice = send(tell(jiro))
    assert (notice.state, notice.attempts) == (Notice.State.WAITING, 1)


@pytest.mark.parametrize("stage", ["at_recipient", "at_data"])
def test_a_lasting_no_is_final(jiro: Member, post: Post, stage: str) -> None:
    getattr(post, stage)[ADDRESS] = "550 no such mailbox"
    notice = send(tell(jiro))
    assert (notice.state, notice.attempts, notice.sent_at) == (Notice.State.FAILED, 1, None)


def test_what_is_due_again_is_woken_and_not_twice(jiro: Member, post: Post) -> None:
    post.at_recipient[ADDRESS] = "450 later"
    notice = send(tell(jiro))
    commands.wake(at=now())
    assert len(jobs()) == 1
    wait(notice)
    for _ in range(3):  # the queue may be long: the first one still waits in it
        commands.wake(at=now())
    assert len(jobs()) == 2


# Levels


def test_another_level_is_told(jiro: Member) -> None:
    members.set_level(
        jiro.id, AssuranceLevel.SELF_DECLARED, source=LevelSource.DECLARATION, reason="x", at=NOW
    )
    assert Notice.objects.get().kind == NoticeKind.LEVEL_CHANGED


def test_the_same_level_is_no_news(jiro: Member) -> None:
    members.set_level(jiro.id, AssuranceLevel(0), source=LevelSource.CARD, reason="x", at=NOW)
    assert not Notice.objects.exists()


def test_what_our_office_sets_it_says_itself(jiro: Member) -> None:
    members.set_level(jiro.id, AssuranceLevel(2), source=LevelSource.OPERATOR, reason="x", at=NOW)
    assert not Notice.objects.exists()


def test_a_notice_is_no_evidence_of_a_letter(jiro: Member, post: Post) -> None:
    send(tell(jiro))
    assert not Line.objects.filter(event__contains="Notification").exists()
