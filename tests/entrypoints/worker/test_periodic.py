"""Jobs that come round by the clock: turned by hand here, minute by minute, through a day."""

import asyncio
from collections import defaultdict
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.periodic import PeriodicDeferrer

from mypost.common.clock import now
from mypost.members.models import Member
from mypost.proofing import challenges
from mypost.proofing.models import CardChallenge, LinkedCard
from tests.conftest import NOW
from tests.entrypoints.worker.conftest import do_jobs, working

# At which minutes of every hour. Source: mypost/proofing/README.md, a card is asked after daily.
MINUTES = {"proofing.void_expired_passcodes": {23}, "proofing.watch_cards": {41}}


def test_each_begins_once_an_hour_at_its_minute_and_nothing_else_does() -> None:
    deferrer = PeriodicDeferrer(app.periodic_registry)
    begins: dict[str, list[datetime]] = defaultdict(list)
    for minute in range(24 * 60):
        at = NOW + timedelta(minutes=minute, seconds=1)
        for due, _timestamp in deferrer.get_previous_tasks(at=at.timestamp()):
            begins[due.task.name].append(at)
    assert {name: {at.minute for at in found} for name, found in begins.items()} == MINUTES
    assert {len(found) for found in begins.values()} == {24}


def card_of(member: Member, *, checked_at: datetime) -> LinkedCard:
    """A card whose certificate is over, which one sees without asking anybody."""
    return LinkedCard.objects.create(
        id=uuid4(), member=member, sign_serial=f"{member.level:x}", linked_at=NOW,
        checked_at=checked_at, sign_expires_at=now() - timedelta(days=1),
    )  # fmt: skip


@pytest.mark.usefixtures("queue")
def test_the_watch_over_cards_begins_once_for_all_workers_and_asks_who_is_due(
    hanako: Member, taro: Member
) -> None:
    due = card_of(hanako, checked_at=now() - timedelta(hours=23))
    asked_lately = card_of(taro, checked_at=now() - timedelta(hours=21))
    challenges.make("sign_in", session="s", at=now() - timedelta(days=2))

    async def begin() -> None:
        at = NOW.replace(minute=41, second=1).timestamp()
        night = working()
        async with night.open_async():
            for _worker in range(2):
                deferrer = PeriodicDeferrer(app.periodic_registry)
                await deferrer.defer_jobs(deferrer.get_previous_tasks(at=at))

    asyncio.run(begin())
    assert ProcrastinateJob.objects.filter(task_name="proofing.watch_cards").count() == 1
    do_jobs()
    due.refresh_from_db()
    asked_lately.refresh_from_db()
    assert (due.sign_stop_reason, asked_lately.sign_stop_reason) == ("expired", "")
    assert not CardChallenge.objects.exists()
