"""What may be done with a member's choice of senders."""

import os
from collections.abc import Collection
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
    subscription, is_new = Subscription.objects.select_for_update().get_or_create(
        mailbox_id=member.mailbox_id,
        sender=sender,
        defaults={
            "id": new_id(at),
            "pseudonym": make_pseudonym(os.urandom(16)),
            "started_at": at,
        },
    )
    if is_new or not subscription.is_active:
        subscription.started_at, subscription.ended_at = at, None
        _save(subscription, "started_at", "ended_at")
        _record(subscription, "started", at=at)
    return subscription


@transaction.atomic
def leave(member: Member, sender_id: UUID, *, at: datetime) -> None:
    """Stop one sender, from the next letter on. Leaving twice is the same as once.

    Raises NotSubscribed when the member never chose it.
    """
    subscription = _of(member, sender_id)
    if subscription.is_active:
        subscription.ended_at = at
        _save(subscription, "ended_at")
        _record(subscription, "ended", at=at)


@transaction.atomic
def decline_topics(member: Member, sender_id: UUID, topic_ids: Collection[UUID]) -> None:
    """Set which of the sender's topics the member does not want. Raises NotSubscribed."""
    subscription = _of(member, sender_id)
    own = Topic.objects.filter(sender_id=sender_id, id__in=topic_ids)
    subscription.declined_topics = list(own.values_list("id", flat=True))
    _save(subscription, "declined_topics")


@transaction.atomic
def want_topic(member: Member, sender_id: UUID, topic_id: UUID, *, wanted: bool) -> None:
    """Accept or decline one topic of a sender; the member's other answers stay.

    A topic of another sender changes nothing. Raises NotSubscribed.
    """
    subscription = _of(member, sender_id)
    declined = set(subscription.declined_topics) - {topic_id}
    if not wanted and Topic.objects.filter(sender_id=sender_id, id=topic_id).exists():
        declined.add(topic_id)
    subscription.declined_topics = sorted(declined)
    _save(subscription, "declined_topics")


def _of(member: Member, sender_id: UUID) -> Subscription:
    # The lock waits for a chunk that is being delivered, and the next chunk waits for us:
    # a letter arrives exactly when the choice was valid at its own acceptance.
    mine = Subscription.objects.select_for_update().filter(mailbox_id=member.mailbox_id)
    subscription = mine.filter(sender_id=sender_id).first()
    if subscription is None:
        raise NotSubscribed
    return subscription


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
