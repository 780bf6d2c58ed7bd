"""What may be done with a member's choice of senders."""

import os
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from mypost.common.clock import new_id
from mypost.evidence import commands as evidence
from mypost.kernel.evidence_entry import Event
from mypost.kernel.pseudonyms import make_pseudonym
from mypost.members.models import Member
from mypost.senders.models import Sender, Topic
from mypost.subscriptions.errors import NotSubscribed, SenderNotChoosable, VerificationNeeded
from mypost.subscriptions.models import Subscription


@transaction.atomic
def choose(member: Member, sender_id: UUID, *, at: datetime) -> Subscription:
    """Let one sender write to the member. Choosing again adds nothing.

    A sender chosen once more after leaving finds the member under the same pseudonym.
    Raises SenderNotChoosable, VerificationNeeded.
    """
    sender = Sender.objects.choosable().filter(id=sender_id).first()
    if sender is None:
        raise SenderNotChoosable
    if member.level < sender.required_assurance:
        raise VerificationNeeded
    known = _locked(member, sender_id)
    subscription, is_new = (_leading(known), False) if known else _new(member, sender, at=at)
    if is_new or not subscription.is_active:
        subscription.started_at, subscription.ended_at = at, None
        _save(subscription, "started_at", "ended_at")
        _record(subscription, "started", at=at)
    return subscription


@transaction.atomic
def leave(member: Member, sender_id: UUID, *, at: datetime) -> None:
    """Stop one sender, from the next letter on. Leaving twice is the same as once.

    Every pseudonym by which the sender reaches the member ends. Raises NotSubscribed when the
    member never chose it.
    """
    for subscription in _of(member, sender_id):
        if subscription.is_active:
            subscription.ended_at = at
            _save(subscription, "ended_at")
            _record(subscription, "ended", at=at)


@transaction.atomic
def decline_topics(member: Member, sender_id: UUID, topic_ids: Collection[UUID]) -> None:
    """Set which of the sender's topics the member does not want. Raises NotSubscribed."""
    known = _of(member, sender_id)
    own = Topic.objects.filter(sender_id=sender_id, id__in=topic_ids)
    _decline(known, own.values_list("id", flat=True))


@transaction.atomic
def want_topic(member: Member, sender_id: UUID, topic_id: UUID, *, wanted: bool) -> None:
    """Accept or decline one topic of a sender; the member's other answers stay.

    A topic of another sender changes nothing. Raises NotSubscribed, VerificationNeeded when the
    topic's letters demand more than the member's level.
    """
    known = _of(member, sender_id)
    topic = Topic.objects.filter(sender_id=sender_id, id=topic_id).first()
    if topic is None:
        return
    if wanted and member.level < topic.required_assurance:
        raise VerificationNeeded
    declined = set(_leading(known).declined_topics) - {topic_id}
    _decline(known, declined if wanted else declined | {topic_id})


@transaction.atomic
def join(first: Member, second: Member) -> None:
    """Let the first member's choices and the second's be one person's, before they are merged.

    No pseudonym stops. Where both had chosen a sender, the second's choice becomes an alias and
    takes the first's word on topics.
    """
    both = Subscription.objects.select_for_update().order_by("mailbox_id")
    active = both.filter(mailbox_id__in=first.mailboxes + second.mailboxes, ended_at=None)
    theirs = [s for s in active if s.mailbox_id not in first.mailboxes]
    leads = {s.sender_id: s for s in active if s.mailbox_id in first.mailboxes and not s.is_alias}
    for subscription in theirs:
        if lead := leads.get(subscription.sender_id):
            subscription.is_alias = True
            subscription.declined_topics = lead.declined_topics
            _save(subscription, "is_alias", "declined_topics")


def _new(member: Member, sender: Sender, *, at: datetime) -> tuple[Subscription, bool]:
    return Subscription.objects.select_for_update().get_or_create(
        mailbox_id=member.mailbox_id,
        sender=sender,
        defaults={
            "id": new_id(at),
            "pseudonym": make_pseudonym(os.urandom(16)),
            "started_at": at,
        },
    )


def _of(member: Member, sender_id: UUID) -> list[Subscription]:
    known = _locked(member, sender_id)
    if not known:
        raise NotSubscribed
    return known


def _locked(member: Member, sender_id: UUID) -> list[Subscription]:
    # The lock waits for a chunk that is being delivered, and the next chunk waits for us:
    # a letter arrives exactly when the choice was valid at its own acceptance. A chunk locks in
    # the order of mailboxes; so do we.
    mine = Subscription.objects.of_member(member).select_for_update().order_by("mailbox_id")
    return list(mine.filter(sender_id=sender_id))


def _leading(known: Iterable[Subscription]) -> Subscription:
    return max(known, key=lambda subscription: subscription.precedence)


def _decline(known: Iterable[Subscription], topic_ids: Iterable[UUID]) -> None:
    declined = sorted(topic_ids)
    for subscription in known:
        subscription.declined_topics = declined
        _save(subscription, "declined_topics")


def _save(subscription: Subscription, *fields: str) -> None:
    subscription.save(update_fields=list(fields))


def _record(subscription: Subscription, choice: str, *, at: datetime) -> None:
    evidence.record(
        Event.SENDER_SELECTION_CHANGED,
        subject_id=subscription.id,
        mailbox_id=subscription.mailbox_id,
        sender_id=subscription.sender_id,
        at=at,
        facts={"recipient": subscription.pseudonym},
        reasons=[choice],
    )
