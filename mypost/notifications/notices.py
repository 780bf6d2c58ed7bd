"""Notices: mail that something about an account changed. Owed as a row, sent by a job."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from mypost.common.clock import new_id, now
from mypost.members.models import Member
from mypost.notifications.mailing import PAUSES, Answer, is_there, submit
from mypost.notifications.models import Notice, NoticeKind


@transaction.atomic
def owe(mailbox_id: UUID, kind: NoticeKind, *, at: datetime) -> None:
    """Note that a member is to be told, and enqueue the job. See commands.tell."""
    notice = Notice(id=new_id(at), mailbox_id=mailbox_id, kind=kind, told_at=at, due_at=at)
    Notice.objects.bulk_create([notice], ignore_conflicts=True)  # one that waits still says it
    if Notice.objects.filter(id=notice.id).exists():
        app.configure_task("notifications.send_notice", queue="alerts").defer(
            notice_id=str(notice.id)
        )


def wake(*, at: datetime) -> None:
    """Enqueue each notice whose next try was due by then, unless it waits in the queue still."""
    overdue = Notice.objects.filter(state=Notice.State.WAITING, due_at__lte=at)
    for notice_id in overdue.values_list("id", flat=True):
        lock = f"notice {notice_id}"
        job = app.configure_task("notifications.send_notice", queue="alerts", queueing_lock=lock)
        with suppress(AlreadyEnqueued), transaction.atomic():
            job.defer(notice_id=str(notice_id))


@transaction.atomic
def send(notice_id: UUID) -> None:
    """Send one notice. A second run, or one that comes too early, does nothing.

    After kill -9 it may be mailed again, under the same Message-ID.
    """
    at = now()
    waiting = Notice.objects.select_for_update(skip_locked=True).filter(
        id=notice_id, state=Notice.State.WAITING, due_at__lte=at
    )
    notice = waiting.first()
    if notice is None:
        return
    _settle(notice, _hand_over(notice), at=at)
    notice.save(update_fields=["state", "attempts", "due_at", "sent_at"])


def _hand_over(notice: Notice) -> Answer:
    member = Member.objects.select_related("account").get(mailbox_id=notice.mailbox_id)
    if not member.account.is_active:
        return Answer.NEVER  # nobody signs in with it any more
    server = get_connection()
    try:
        return submit(_mail(notice, member), server) if is_there(server) else Answer.LATER
    finally:
        server.close()


def _settle(notice: Notice, answer: Answer, *, at: datetime) -> None:
    notice.attempts += 1
    if answer is Answer.TAKEN:
        notice.state, notice.sent_at = Notice.State.SENT, at
    elif answer is Answer.NEVER or notice.attempts > len(PAUSES):
        notice.state = Notice.State.FAILED
    else:
        notice.due_at = at + PAUSES[notice.attempts - 1]


def _mail(notice: Notice, member: Member) -> EmailMessage:
    with translation.override(member.account.language):
        facts = {"address": settings.MEMBER_URL}
        return EmailMessage(
            subject=" ".join(render_to_string("mail/notice_subject.txt", facts).split()),
            body=render_to_string("mail/notice.txt", facts),
            to=[member.account.email],
            headers={"Message-ID": f"<{notice.id}@{settings.LOG_NAME}>"},
        )
