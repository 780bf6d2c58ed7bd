"""What may be asked about choices; only this room resolves a pseudonym."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef

from mypost.members.models import Member
from mypost.senders.models import Sender, SenderQuerySet
from mypost.subscriptions.models import Subscription


class Choice(StrEnum):
    """Where a sender stands for one member."""

    CHOSEN = "chosen"
    SELECTABLE = "selectable"
    NEEDS_VERIFICATION = "needs_verification"


@dataclass(frozen=True)
class SenderChoice:
    """One sender as one member sees it."""

    sender: Sender
    choice: Choice
    subscription: Subscription | None


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a pseudonym means, for the letter that is being delivered right now.

    level: of the member who reads the mailbox.
    """

    mailbox_id: UUID
    level: int
    declined_topics: frozenset[UUID]
    public_key: bytes


@dataclass(frozen=True)
class Relation:
    """A member as one sender knows them: a pseudonym and a time, nothing more."""

    pseudonym: str
    started_at: datetime


def choices_of(member: Member) -> list[SenderChoice]:
    """Return every sender the member may see, with where it stands, by kind and name."""
    return _choices(member, _visible_to(member).order_by("kind", "name"))


def choice_of(member: Member, sender_id: UUID) -> SenderChoice | None:
    """Return one sender as the member sees it, None when the member may not see it.

    A sender that the member once chose stays visible, as its letters do.
    """
    known = Subscription.objects.of_member(member).values("sender_id")
    visible = Sender.objects.choosable() | Sender.objects.filter(id__in=known)
    return next(iter(_choices(member, visible.filter(id=sender_id))), None)


def choices_since(member: Member, day: date) -> list[SenderChoice]:
    """Return senders whose contract began on a day or later, the newest first."""
    new = _visible_to(member).filter(contract_since__gte=day)
    return _choices(member, new.order_by("-contract_since", "name"))


def has_chosen(member: Member) -> bool:
    """Say whether the member has chosen any sender."""
    return Subscription.objects.of_member(member).filter(ended_at=None).exists()


def _visible_to(member: Member) -> SenderQuerySet:
    chosen = Subscription.objects.of_member(member).filter(ended_at=None)
    return Sender.objects.choosable() | Sender.objects.filter(id__in=chosen.values("sender_id"))


def _choices(member: Member, senders: SenderQuerySet) -> list[SenderChoice]:
    mine = sorted(Subscription.objects.of_member(member), key=lambda choice: choice.precedence)
    own = {choice.sender_id: choice for choice in mine}  # of two, the leading one comes last
    found = senders.prefetch_related("topics")
    return [SenderChoice(s, _choice(member, s, own.get(s.id)), own.get(s.id)) for s in found]


def _choice(member: Member, sender: Sender, subscription: Subscription | None) -> Choice:
    if subscription is not None and subscription.is_active:
        return Choice.CHOSEN
    if member.level < sender.required_assurance:
        return Choice.NEEDS_VERIFICATION
    return Choice.SELECTABLE


RESOLVE = """
    SELECT subscription.pseudonym, subscription.mailbox_id, subscription.declined_topics,
           coalesce(first.level, member.level), key.public_key
      FROM unnest(%s::text[]) AS asked (pseudonym)
      JOIN subscriptions_subscription AS subscription USING (pseudonym)
      JOIN members_member AS member USING (mailbox_id)
      JOIN vault_mailboxkey AS key USING (mailbox_id)
      LEFT JOIN members_member AS first ON first.id = member.merged_into_id
     WHERE subscription.sender_id = %s AND subscription.ended_at IS NULL
       AND member.closed_at IS NULL AND first.closed_at IS NULL
     ORDER BY subscription.mailbox_id
       FOR SHARE OF subscription
"""


def resolve(sender_id: UUID, pseudonyms: Sequence[str]) -> dict[str, Addressee]:
    """Return whom a sender's pseudonyms mean; unknown, ended and other senders' are missing.

    A pseudonym of an account that was merged means its own mailbox still, and the level of the
    member who reads it now. A closed mailbox has no key left to seal to: it is missing too.

    The rows stay locked until the caller's transaction ends, so that a member who leaves now
    waits for these letters, and later letters see the leaving (security.md F18).
    """
    with connection.cursor() as cursor:
        cursor.execute(RESOLVE, [sorted(set(pseudonyms)), sender_id])
        return {
            pseudonym: Addressee(mailbox_id, level, frozenset(declined), bytes(public_key))
            for pseudonym, mailbox_id, declined, level, public_key in cursor.fetchall()
        }


def active_pseudonyms(sender_id: UUID, pseudonyms: Collection[str]) -> set[str]:
    """Return which of these a letter of the sender would reach now. Locks and resolves nothing."""
    open_one = Member.objects.filter(mailbox_id=OuterRef("mailbox_id"), closed_at=None)
    active = Subscription.objects.filter(Exists(open_one), sender_id=sender_id, ended_at=None)
    return set(active.filter(pseudonym__in=pseudonyms).values_list("pseudonym", flat=True))


def pseudonyms_of(sender_id: UUID, mailbox_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the sender's pseudonym for each of these mailboxes, ended choices included."""
    rows = Subscription.objects.filter(sender_id=sender_id, mailbox_id__in=mailbox_ids)
    return dict(rows.values_list("mailbox_id", "pseudonym"))


def pseudonyms_by_id(sender_id: UUID, subscription_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the pseudonym of each of a sender's subscriptions."""
    rows = Subscription.objects.filter(sender_id=sender_id, id__in=subscription_ids)
    return dict(rows.values_list("id", "pseudonym"))


def relations_of(
    sender_id: UUID, *, part: str = "", after: str = "", limit: int = 100
) -> list[Relation]:
    """Return those who chose a sender, by pseudonym, keyset-paged. Each person stands there once.

    part: characters that must stand in the pseudonym, in a row.
    """
    active = Subscription.objects.relations_of(sender_id).filter(pseudonym__gt=after)
    if part:
        active = active.filter(pseudonym__contains=part)
    rows = active.order_by("pseudonym").values_list("pseudonym", "started_at")[:limit]
    return [Relation(pseudonym, started_at) for pseudonym, started_at in rows]


def count_relations(sender_id: UUID) -> int:
    """Return how many members have chosen a sender."""
    return Subscription.objects.relations_of(sender_id).count()
