"""Closing a mailbox: asked for, taken back within thirty days, and then for good."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from mypost.accounts import commands as accounts
from mypost.evidence import commands as evidence
from mypost.evidence.commands import Act
from mypost.kernel.evidence_entry import Event
from mypost.members.errors import MemberNotFound
from mypost.members.models import (
    CertifiedAttributes,
    DeclaredAttributes,
    Member,
    MemberQuerySet,
)
from mypost.members.signals import mailbox_closes
from mypost.vault import commands as vault

GRACE = timedelta(days=30)
AT_ONCE = 1_000  # mailboxes that one beat of the worker closes
log = logging.getLogger("mypost.members")


@transaction.atomic
def ask_to_close(member: Member, *, at: datetime) -> datetime:
    """Note that a member wants their mailbox closed, return when it will be.

    Until then everything works as before. Asking again keeps the first date. What merged accounts
    held closes with it. Raises MemberNotFound for one that another account has taken in meanwhile.
    """
    asked = Member.objects.select_for_update().get(id=member.id)
    if asked.merged_into_id is not None:
        raise MemberNotFound
    if asked.closing_at is None:
        asked.closing_at = at + GRACE
        _of_person(asked).update(closing_at=asked.closing_at)
        _record(Event.MAILBOX_CLOSING, asked, at=at, reason="asked")
    return asked.closing_at


@transaction.atomic
def take_back(member: Member, *, at: datetime) -> None:
    """Keep the mailbox after all. Without a wish to close it nothing happens."""
    asked = Member.objects.select_for_update().get(id=member.id)
    if asked.closing_at is not None and asked.closed_at is None:
        _of_person(asked).update(closing_at=None)
        _record(Event.MAILBOX_CLOSING, asked, at=at, reason="taken_back")


def close_due(*, at: datetime) -> int:
    """Close the mailboxes whose days of grace are over, return how many.

    Each in a transaction of its own, and none blocks its neighbours: what fails is tried again at
    the next beat. Running it twice is the same as once.
    """
    due = Member.objects.filter(closing_at__lte=at, closed_at=None, merged_into=None)
    ids = list(due.order_by("closing_at").values_list("id", flat=True)[:AT_ONCE])
    return sum(_try_to_close(member_id, at=at) for member_id in ids)


def _try_to_close(member_id: UUID, *, at: datetime) -> bool:
    try:
        return _close(member_id, at=at)
    except Exception as error:  # whatever it is, the next mailbox closes
        log.warning("a mailbox could not be closed: %s", type(error).__name__)
        return False


@transaction.atomic
def _close(member_id: UUID, *, at: datetime) -> bool:
    """Close one mailbox for good; say whether it was still to be closed.

    1. still due, 2. rooms above end what is theirs, 3. the keys go, and with them all content,
    4. who the person was goes, 5. nobody signs in any more, 6. on record.
    Evidence stays, and so do the bare rows that it names.
    """
    found = Member.objects.select_for_update().filter(id=member_id, closing_at__lte=at)
    member = found.filter(closed_at=None).first()
    if member is None:  # 1
        return False
    everyone = list(_of_person(member).select_related("account"))
    for each in everyone:
        mailbox_closes.send(Member, member=each, at=at)  # 2
    vault.destroy_mailbox_keys(member.mailboxes)  # 3
    DeclaredAttributes.objects.filter(member__in=everyone).delete()  # 4
    CertifiedAttributes.objects.filter(member__in=everyone).delete()
    for each in everyone:
        accounts.close(each.account)  # 5
    _of_person(member).update(closed_at=at)  # 6
    _record(Event.MAILBOX_CLOSED, member, at=at, reason="asked")
    return True


def _of_person(member: Member) -> MemberQuerySet:
    """Return the member and those whose accounts were merged into theirs."""
    return Member.objects.filter(Q(id=member.id) | Q(merged_into=member.id))


def _record(event: Event, member: Member, *, at: datetime, reason: str) -> None:
    evidence.record_many(
        Act(event, subject_id=mailbox_id, mailbox_id=mailbox_id, at=at, reasons=[reason])
        for mailbox_id in member.mailboxes
    )
