"""What may be done with members."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from mypost.accounts.models import Account
from mypost.common.clock import new_id
from mypost.evidence import commands as evidence
from mypost.kernel.evidence_entry import Event
from mypost.members.errors import MemberNotFound, ReasonMissing
from mypost.members.models import AssuranceLevel, LevelChange, Member
from mypost.vault import commands as vault


@transaction.atomic
def open_mailbox(account: Account, *, at: datetime) -> Member:
    """Give a confirmed account its mailbox and the mailbox its keys. Doing it twice adds nothing.

    Raises CustodianAbsent: only a door that may read mailboxes makes their keys.
    """
    Account.objects.select_for_update().get(pk=account.pk)
    existing = Member.objects.of_account(account.id).first()
    if existing is not None:
        return existing
    member = Member.objects.create(
        id=new_id(at), account=account, mailbox_id=new_id(at), joined_at=at
    )
    vault.create_mailbox_keys(member.mailbox_id, at=at)
    evidence.record(
        Event.MAILBOX_CREATED, subject_id=member.mailbox_id, mailbox_id=member.mailbox_id, at=at
    )
    return member


@transaction.atomic
def set_level(
    member_id: UUID,
    level: AssuranceLevel,
    *,
    source: str,
    reason: str,
    at: datetime,
    changed_by: Account | None = None,
) -> Member:
    """Set how sure we are of who a member is, with the reason on record, and as evidence.

    Raises MemberNotFound, ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing
    member = Member.objects.select_for_update().filter(id=member_id).first()
    if member is None:
        raise MemberNotFound
    member.level = level
    member.save(update_fields=["level"])
    change = LevelChange.objects.create(
        id=new_id(at), member=member, level=level, source=source, reason=reason.strip(),
        changed_by=changed_by, at=at,
    )  # fmt: skip
    evidence.record(
        Event.ASSURANCE_LEVEL_CHANGED,
        subject_id=change.id,
        mailbox_id=member.mailbox_id,
        at=at,
        facts={"level": str(int(level)), "source": source, "reason": reason.strip()},
    )
    return member
