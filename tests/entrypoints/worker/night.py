"""Something to do for each work of the night watch, and how one sees that it was done."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from mypost.accounts import commands as accounts
from mypost.accounts.models import SignIn
from mypost.evidence.models import Line
from mypost.intake.models import Answer
from mypost.members.attributes import NewAttributes
from mypost.members.closing import ask_to_close
from mypost.members.commands import declare
from mypost.members.models import Member, Sex
from mypost.notifications import commands as notifications
from mypost.notifications.models import Notice, NoticeKind
from mypost.proofing.models import PasscodeRequest
from mypost.senders.models import Sender
from mypost.vault.store import store
from tests.conftest import make_member

Seen = Callable[[], bool]
SAYS = NewAttributes(
    name="芝　次郎", kana="シバ　ジロウ", postal_code="1050011",
    address="東京都港区芝公園４－２－８", building="", birth_date="1980-02-17", sex=Sex.MALE,
)  # fmt: skip
_numbers = count()


def unlogged_evidence(sender: Sender, at: datetime) -> Seen:
    lines = Line.objects.filter(mailbox_id=newcomer().mailbox_id)
    return lambda: not lines.filter(leaf_index=None).exists()


def job_of_a_killed_worker(sender: Sender, at: datetime) -> Seen:
    job = app.configure_task("notifications.send_alerts", queue="alerts")
    job_id = job.defer(batch_id=str(uuid4()))
    with connection.cursor() as cursor:
        cursor.execute(
            """
              WITH dead AS (
                INSERT INTO procrastinate_workers (last_heartbeat)
                VALUES (now() - interval '1 minute') RETURNING id)
            UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id
              FROM dead WHERE procrastinate_jobs.id = %s
            """,
            [job_id],
        )
    return lambda: not ProcrastinateJob.objects.filter(id=job_id, status="doing").exists()


def notice_without_a_job(sender: Sender, at: datetime) -> Seen:
    told_at = at - timedelta(seconds=30)
    notifications.tell(newcomer().mailbox_id, NoticeKind.LEVEL_CHANGED, at=told_at)
    notice_id = Notice.objects.latest("id").id
    jobs = ProcrastinateJob.objects.filter(args__notice_id=str(notice_id))
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE args->>'notice_id' = %s", [str(notice_id)]
        )
    return lambda: jobs.exists() or Notice.objects.get(id=notice_id).state != "waiting"


def old_answer(sender: Sender, at: datetime) -> Seen:
    written_at = at - timedelta(days=30, seconds=1)
    key = str(uuid4())
    Answer.objects.create(
        sender_id=sender.id, key=key, request_digest=b"", status=201, body="{}", at=written_at
    )
    return lambda: not Answer.objects.filter(key=key).exists()


def old_sign_in(sender: Sender, at: datetime) -> Seen:
    noted = accounts.note_sign_in(
        None, SignIn.Method.PASSWORD, succeeded=False, browser="", network="",
        at=at - timedelta(days=365, seconds=1),
    )  # fmt: skip
    return lambda: not SignIn.objects.filter(id=noted.id).exists()


def mailbox_to_close(sender: Sender, at: datetime) -> Seen:
    member = newcomer()
    ask_to_close(member, at=at - timedelta(days=30))
    return lambda: Member.objects.get(id=member.id).closed_at is not None


def file_without_a_row(sender: Sender, at: datetime) -> Seen:
    object_id: UUID = uuid4()
    store().put(object_id, b"left behind")
    (path,) = settings.STORE_FOLDER.rglob(object_id.hex)
    written_at = (at - timedelta(minutes=61)).timestamp()
    os.utime(path, (written_at, written_at))
    return lambda: not path.exists()


def code_that_nobody_entered(sender: Sender, at: datetime) -> Seen:
    member, asked_at = newcomer(), at - timedelta(days=30)
    asked = PasscodeRequest.objects.create(
        id=uuid4(), member=member, addressed_to=declare(member, SAYS, at=asked_at),
        requested_at=asked_at, expires_at=at,
    )  # fmt: skip
    return lambda: PasscodeRequest.objects.get(id=asked.id).state == "void"


def newcomer() -> Member:
    return make_member(f"newcomer-{next(_numbers)}@example.jp", "新人", 0)


FAST = {
    "evidence.integrate": unlogged_evidence,
    "worker._return_stalled": job_of_a_killed_worker,
    "worker._wake_alerts": notice_without_a_job,
}
HOURLY = {
    "answers.forget_old_answers": old_answer,
    "accounts.forget_old_sign_ins": old_sign_in,
    "closing.close_due": mailbox_to_close,
    "vault.sweep": file_without_a_row,
    "passcodes.void_expired": code_that_nobody_entered,
}


def prepare(sender: Sender, *, at: datetime) -> dict[str, Seen]:
    """Give every work something to do. Paper has its own, tests/printing/test_night_work.py."""
    return {name: make(sender, at) for name, make in (HOURLY | FAST).items()}


def done(seen: dict[str, Seen]) -> set[str]:
    """Return which works have been done."""
    return {name for name, look in seen.items() if look()}
