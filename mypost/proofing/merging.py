"""Two accounts of one person become one: nothing is lost, nothing is there twice.

The second account asks for a code, the first enters it: whoever holds both is the person of both.
The second mailbox stays what it is, sealed to its own key, and is read by the first member.
"""

import hashlib
import hmac
import os
from dataclasses import fields
from datetime import datetime, timedelta
from itertools import product
from uuid import UUID, uuid5

from django.db import transaction

from mypost.accounts import commands as accounts
from mypost.accounts.models import Account
from mypost.evidence import commands as evidence
from mypost.kernel import crockford
from mypost.kernel.evidence_entry import Event
from mypost.members import commands as members
from mypost.members import queries as attributes
from mypost.members.attributes import CertifiedFacts, NewAttributes
from mypost.members.models import AssuranceLevel, Member
from mypost.proofing import persons
from mypost.proofing.births import are_different, births_of
from mypost.proofing.errors import DifferentPersons, MergeCodeWrong, MergeNotPossible
from mypost.proofing.models import LinkedCard, MergeTicket, PasscodeRequest, PersonKey
from mypost.subscriptions import commands as subscriptions

LIFETIME = timedelta(hours=1)
CODE_LENGTH = 16  # eight that find the ticket, seven secret ones, one check character
_FINDING = 8
_TICKETS = UUID("5f0c1d3e-6f0e-4d0b-9a53-3c8f0f6f4f11")  # names tickets after their first half
_COST = 2**14  # 16 MiB and some 50 ms a try: who steals the table still has to work
_ONE_PERSON_EACH = (persons.PLATFORM, persons.AUTH_APP)  # a person has exactly one of each


@transaction.atomic
def ask(member: Member, *, at: datetime) -> str:
    """Return a code that merges this account into the one where it is entered.

    "XXXX-XXXX-XXXX-XXXX", good for one hour, once, five tries; only a hash of it is kept. An
    earlier code of the member no longer counts. Raises MergeNotPossible.
    """
    if not _is_open(Member.objects.select_for_update().get(id=member.id)):
        raise MergeNotPossible
    MergeTicket.objects.filter(member=member, used_at=None).update(used_at=at)
    chance = int.from_bytes(os.urandom(10), "big") >> 5  # 75 bits
    code = crockford.numbered(chance, length=CODE_LENGTH)
    ticket_id = _ticket_id(code)
    MergeTicket.objects.create(
        id=ticket_id, member=member, code_hash=_hash(code, ticket_id), expires_at=at + LIFETIME
    )
    return code


def merge(into: Member, code: str, *, at: datetime) -> Member:
    """Make the account that asked for a code part of this one, and return the member as they are.

    1. the code, which costs a try when it is wrong, 2. both accounts are open and of one person,
    3. choices, 4. the higher level with what it rests on, 5. cards and person keys,
    6. the second mailbox is read here, 7. nobody signs in to the second account any more.
    Raises MergeCodeWrong, MergeNotPossible, DifferentPersons. The caller must let the
    transaction stand when it is refused: the try counts.
    """
    second_id = _spend(code, at=at)  # 1
    if second_id is None:
        raise MergeCodeWrong
    return _join(into.id, second_id, at=at)


@transaction.atomic
def _spend(code: str, *, at: datetime) -> UUID | None:
    """Return whose code it is, used up now; None for a wrong one."""
    written = crockford.normalise(code, length=CODE_LENGTH)
    if written is None:  # mistyped: the check character says so, and no try is lost
        return None
    open_tickets = MergeTicket.objects.select_for_update().filter(used_at=None, expires_at__gte=at)
    ticket = open_tickets.filter(id=_ticket_id(written), tries_left__gt=0).first()
    if ticket is None:
        return None
    if hmac.compare_digest(_hash(written, ticket.id), ticket.code_hash):
        ticket.used_at = at
    else:
        ticket.tries_left -= 1
    ticket.save(update_fields=["used_at", "tries_left"])
    return ticket.member_id if ticket.used_at else None


@transaction.atomic
def _join(first_id: UUID, second_id: UUID, *, at: datetime) -> Member:
    first, second = _both(first_id, second_id)  # 2
    subscriptions.join(first, second)  # 3
    _take_level(first, second, at=at)  # 4
    _take_proofs(first, second)  # 5
    _take_mailboxes(first, second)  # 6
    _close_sign_in(second.account)  # 7
    for mailbox_id in (first.mailbox_id, second.mailbox_id):
        evidence.record(
            Event.ACCOUNTS_MERGED,
            subject_id=second.id,
            mailbox_id=mailbox_id,
            at=at,
            facts={"into": str(first.id)},
        )
    return Member.objects.get(id=first.id)


def _both(first_id: UUID, second_id: UUID) -> tuple[Member, Member]:
    # In one order, so that two merges of the same accounts do not wait for each other for ever.
    both = Member.objects.select_for_update(of=("self",)).select_related("account").order_by("id")
    found = {member.id: member for member in both.filter(id__in=[first_id, second_id])}
    if len(found) != 2 or not all(map(_is_open, found.values())):
        raise MergeNotPossible
    if _are_different_persons(found[first_id], found[second_id]):
        raise DifferentPersons
    return found[first_id], found[second_id]


def _is_open(member: Member) -> bool:
    return member.merged_into_id is None and member.closing_at is None


def _are_different_persons(first: Member, second: Member) -> bool:
    """Say whether something that a person has once, or a certified birth date, tells them apart."""
    born = product(births_of(first), births_of(second))
    keys = PersonKey.objects.filter(kind__in=_ONE_PERSON_EACH)
    theirs, ours = (dict(keys.filter(member=m).values_list("kind", "key")) for m in (first, second))
    other_keys = any(theirs[kind] != ours[kind] for kind in theirs.keys() & ours.keys())
    return other_keys or any(are_different(one, other) for one, other in born)


def _take_level(first: Member, second: Member, *, at: datetime) -> None:
    if second.level <= first.level:
        return
    if declared := attributes.declared(second):
        said = {field.name: getattr(declared, field.name) for field in fields(NewAttributes)}
        members.declare(first, NewAttributes(**said), at=at)
    certified = attributes.certified(second)
    if certified is not None and certified.lapsed_at is None:
        said = {field.name: getattr(certified, field.name) for field in fields(CertifiedFacts)}
        members.certify(first, CertifiedFacts(**said), at=at)
    change = attributes.level_changes(second)[0]
    members.set_level(
        first.id, AssuranceLevel(second.level), source=change.source, reason=change.reason, at=at
    )


def _take_proofs(first: Member, second: Member) -> None:
    LinkedCard.objects.filter(member=second).update(member=first)
    PersonKey.objects.filter(member=second).update(member=first)
    awaited = PasscodeRequest.objects.filter(member=second, state__in=PasscodeRequest.OPEN)
    awaited.update(state=PasscodeRequest.State.VOID, void_reason="changed")


def _take_mailboxes(first: Member, second: Member) -> None:
    first.merged_mailboxes = [*first.merged_mailboxes, *second.mailboxes]
    first.save(update_fields=["merged_mailboxes"])
    Member.objects.filter(merged_into=second).update(merged_into=first)
    second.merged_into, second.merged_mailboxes = first, []
    second.save(update_fields=["merged_into", "merged_mailboxes"])


def _close_sign_in(account: Account) -> None:
    account.is_active = False
    account.save(update_fields=["is_active"])
    accounts.end_sessions(account)


def _ticket_id(code: str) -> UUID:
    return uuid5(_TICKETS, code.replace("-", "")[:_FINDING])


def _hash(code: str, ticket_id: UUID) -> str:
    """Return what is kept of a code, 64 hex digits. Source: RFC 7914 §2."""
    secret = code.encode()
    return hashlib.scrypt(secret, salt=ticket_id.bytes, n=_COST, r=8, p=1, dklen=32).hex()
