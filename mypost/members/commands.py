"""What may be done with members."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from mypost.accounts.models import Account
from mypost.common.clock import new_id
from mypost.evidence import commands as evidence
from mypost.kernel.evidence_entry import Event
from mypost.members import queries
from mypost.members.attributes import CertifiedFacts, NewAttributes, what_changed
from mypost.members.errors import AttributesMalformed, MemberNotFound, ReasonMissing
from mypost.members.models import (
    AssuranceLevel,
    CertifiedAttributes,
    DeclaredAttributes,
    LevelChange,
    LevelSource,
    Member,
)
from mypost.members.reasons import CHANGE_REASONS, LevelReason
from mypost.members.signals import attributes_declared, level_changed
from mypost.vault import commands as vault

_BY_CARD = AssuranceLevel.NATIONAL_ID_CARD


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

    reason: a LevelReason, or an operator's own words.
    Raises MemberNotFound, ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing
    member = Member.objects.select_for_update().filter(id=member_id).first()
    if member is None:
        raise MemberNotFound
    is_another, member.level = member.level != level, level
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
    if is_another:
        level_changed.send(Member, member=member, source=source, at=at)
    return member


@transaction.atomic
def declare(member: Member, declared: NewAttributes, *, at: datetime) -> DeclaredAttributes:
    """Keep what a member says of themselves; what they said before stays in the history.

    The first time gives level 1. At level 2 another name, address or birth date is not what the
    post has seen: back to level 1, with the reason. Level 3 stays: the card stands apart.
    Declaring the same again adds nothing, unless the post had come back from there.
    Raises AttributesMalformed.
    """
    if faults := declared.faults(today=timezone.localdate(at)):
        raise AttributesMalformed(faults)
    locked = Member.objects.select_for_update().get(id=member.id)
    former = queries.declared(locked)
    if former is not None and _says(former, declared) and not former.address_returned:
        return former
    written = DeclaredAttributes.objects.create(
        id=new_id(at), member=locked, declared_at=at, **asdict(declared)
    )
    _record_attributes(
        locked, written.id, {"source": LevelSource.DECLARATION, **_texts(declared)}, at=at
    )
    _follow_declaration(locked, former, written, at=at)
    attributes_declared.send(Member, member=locked, former=former, declared=written, at=at)
    return written


def _says(
    former: DeclaredAttributes | CertifiedAttributes, facts: NewAttributes | CertifiedFacts
) -> bool:
    return all(getattr(former, field) == value for field, value in asdict(facts).items())


def _follow_declaration(
    member: Member, former: DeclaredAttributes | None, written: DeclaredAttributes, *, at: datetime
) -> None:
    """Give the level that a declaration is worth."""
    change = None if former is None else what_changed(former, written)
    if member.level < AssuranceLevel.SELF_DECLARED:
        reason = LevelReason.ATTRIBUTES_DECLARED
    elif member.level == AssuranceLevel.POSTED_PASSCODE and change is not None:
        reason = CHANGE_REASONS[change]
    else:
        return
    level, source = AssuranceLevel.SELF_DECLARED, LevelSource.DECLARATION
    set_level(member.id, level, source=source, reason=reason, at=at)


@transaction.atomic
def certify(member: Member, facts: CertifiedFacts, *, at: datetime) -> CertifiedAttributes:
    """Keep what a certificate says of a member, and raise them to level 3.

    The caller has judged the certificate and knows that its holder is here. What an earlier one
    said lapses as renewed. The same certificate again adds nothing.
    """
    locked = Member.objects.select_for_update().get(id=member.id)
    former = locked.certifications.filter(lapsed_at=None).first()
    if former is not None and _says(former, facts) and locked.level >= _BY_CARD:
        return former
    lapse(locked, reason="renewal", at=at)
    certified = CertifiedAttributes.objects.create(
        id=new_id(at), member=locked, certified_at=at, **asdict(facts)
    )
    _record_attributes(locked, certified.id, _texts(facts), at=at)
    if locked.level < _BY_CARD:
        reason = LevelReason.CERTIFICATE_SHOWN
        set_level(locked.id, _BY_CARD, source=facts.source, reason=reason, at=at)
    return certified


@transaction.atomic
def lapse(member: Member, *, reason: str, at: datetime) -> CertifiedAttributes | None:
    """Note that what a certificate said of a member is no longer certified.

    reason: a code of members.reasons.LAPSE_REASONS. The level stays as it is: whether it is
    still worth something is for the caller, who knows what else the member has.
    Returns the attributes that lapsed, None when none were in force.
    """
    in_force = CertifiedAttributes.objects.select_for_update().filter(member=member, lapsed_at=None)
    certified = in_force.first()
    if certified is None:
        return None
    certified.lapsed_at, certified.lapse_reason = at, reason
    certified.save(update_fields=["lapsed_at", "lapse_reason"])
    _record_attributes(member, certified.id, {"lapse_reason": reason}, at=at)
    return certified


@transaction.atomic
def flag_address(declared: DeclaredAttributes, *, reason: str) -> None:
    """Note on a declaration that the post came back from there, and why."""
    declared.address_returned = reason
    declared.save(update_fields=["address_returned"])


def _texts(facts: NewAttributes | CertifiedFacts) -> dict[str, str]:
    return {name: str(value) for name, value in asdict(facts).items()}


def _record_attributes(
    member: Member, subject_id: UUID, facts: dict[str, str], *, at: datetime
) -> None:
    # Of each value the log gets a salted commitment, so nobody reads a name or an address there.
    evidence.record(
        Event.ATTRIBUTES_CHANGED,
        subject_id=subject_id,
        mailbox_id=member.mailbox_id,
        at=at,
        facts=facts,
    )
