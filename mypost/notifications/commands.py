"""What may be done with alerts and notices: owe them, and send them."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import translation
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from mypost.common.clock import now
from mypost.common.failpoints import failpoint
from mypost.evidence import commands as evidence
from mypost.evidence.commands import Act
from mypost.kernel.evidence_entry import Event
from mypost.members.models import Member
from mypost.notifications import notices, queries
from mypost.notifications.mailing import PAUSES, Answer, is_there, submit
from mypost.notifications.models import Alert, NoticeKind

GROUP = 50  # alerts whose outcome is committed together


def owe(
    alerts: Iterable[tuple[UUID, UUID, bool]], *, sender_id: UUID, batch_id: UUID, at: datetime
) -> None:
    """Note which letters shall be alerted, and enqueue the one job that does it.

    alerts: mailbox, letter, and whether the mail must not say who wrote.
    """
    columns = "mailbox_id, letter_id, confidential, sender_id, batch_id, state, attempts, due_at"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY notifications_alert ({columns}) FROM STDIN (FORMAT binary)") as copy,
    ):
        copy.set_types(["uuid", "uuid", "bool", "uuid", "uuid", "varchar", "int2", "timestamptz"])
        for alert in alerts:
            copy.write_row((*alert, sender_id, batch_id, "waiting", 0, at))
    app.configure_task("notifications.send_alerts", queue="alerts").defer(batch_id=str(batch_id))


def tell(mailbox_id: UUID, kind: NoticeKind, *, at: datetime) -> None:
    """Tell a member by mail that something about their account changed, not what.

    at: when it happened, aware, UTC. A kind that still waits to be sent is told once.
    """
    notices.owe(mailbox_id, kind, at=at)


def wake(*, at: datetime) -> None:
    """Enqueue each notice, and each batch with an alert, whose next try was due by then.

    One that still waits in the queue is left there: it may be long behind others.
    """
    notices.wake(at=at)
    for batch_id in queries.overdue_batches(at=at):
        lock = f"alerts {batch_id}"
        job = app.configure_task("notifications.send_alerts", queue="alerts", queueing_lock=lock)
        with suppress(AlreadyEnqueued), transaction.atomic():
            job.defer(batch_id=str(batch_id))


def send(batch_id: UUID) -> None:
    """Send what a batch still owes; a second run sends only what is left.

    After kill -9 at most one group is mailed again, under the same Message-ID. A mail server that
    is away puts the batch off; it is no failure of the job.
    """
    mail = get_connection()
    is_more = True
    try:
        while is_more:
            is_more = _send_group(batch_id, mail)
            failpoint("notify.group_sent")
    finally:
        mail.close()


@transaction.atomic
def _send_group(batch_id: UUID, mail: BaseEmailBackend) -> bool:
    at = now()
    waiting = Alert.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        batch_id=batch_id, state=Alert.State.WAITING, due_at__lte=at
    )
    alerts = list(waiting.select_related("sender").order_by("mailbox_id")[:GROUP])
    members = _members([alert.mailbox_id for alert in alerts])
    if alerts and is_there(mail):
        acts = [act for a in alerts if (act := _send(a, members[a.mailbox_id], mail, at=at))]
    else:  # asked once for all of them, not once for each
        acts = [act for a in alerts if (act := _put_off(a, at=at, permanent=False))]
    _save(alerts)
    evidence.record_many(acts)
    return len(alerts) == GROUP


def _members(mailbox_ids: Collection[UUID]) -> dict[UUID, Member]:
    """Return who reads each mailbox: of a merged account, the member it was merged into."""
    owners = Member.objects.filter(mailbox_id__in=mailbox_ids)
    found = owners.select_related("account", "merged_into__account")
    return {owner.mailbox_id: owner.merged_into or owner for owner in found}


def _send(alert: Alert, member: Member, mail: BaseEmailBackend, *, at: datetime) -> Act | None:
    answer = submit(_mail(alert, member), mail)
    if answer is not Answer.TAKEN:
        return _put_off(alert, at=at, permanent=answer is Answer.NEVER)
    alert.attempts, alert.state, alert.sent_at = alert.attempts + 1, Alert.State.SENT, at
    return _act(Event.CONSIGNMENT_NOTIFICATION, alert, at=at)


def _put_off(alert: Alert, *, at: datetime, permanent: bool) -> Act | None:
    alert.attempts += 1
    if permanent or alert.attempts > len(PAUSES):
        alert.state = Alert.State.FAILED
        return _act(Event.CONSIGNMENT_NOTIFICATION_FAILURE, alert, at=at, reasons=["mail_refused"])
    alert.due_at = at + PAUSES[alert.attempts - 1]
    return None


def _act(event: Event, alert: Alert, *, at: datetime, reasons: Collection[str] = ()) -> Act:
    return Act(
        event,
        subject_id=alert.letter_id,
        mailbox_id=alert.mailbox_id,
        at=at,
        facts={"channel": "mail"},
        reasons=list(reasons),
    )


def _save(alerts: Collection[Alert]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            UPDATE notifications_alert
               SET state = %s, attempts = %s, due_at = %s, sent_at = %s
             WHERE mailbox_id = %s AND letter_id = %s
            """,
            [(a.state, a.attempts, a.due_at, a.sent_at, a.mailbox_id, a.letter_id) for a in alerts],
        )


def _mail(alert: Alert, member: Member) -> EmailMessage:
    with translation.override(member.account.language):
        sender = "" if alert.confidential else alert.sender.local_name
        facts = {"sender": sender, "address": settings.MEMBER_URL}
        return EmailMessage(
            subject=" ".join(render_to_string("mail/alert_subject.txt", facts).split()),
            body=render_to_string("mail/alert.txt", facts),
            to=[member.account.email],
            headers={"Message-ID": f"<{alert.letter_id}@{settings.LOG_NAME}>"},
        )
