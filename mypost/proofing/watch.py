"""The watch over linked cards: what the authority takes back, and what follows from it.

Each card is asked after at least once a day, oldest first, and whenever it answers a challenge.
Who does not answer has said nothing: a card stays as it is until the authority's word is heard.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from mypost.accounts import commands as accounts
from mypost.evidence import commands as evidence
from mypost.kernel.evidence_entry import Event
from mypost.members import commands as members
from mypost.members import queries as attributes
from mypost.members.models import AssuranceLevel, LevelSource, Member
from mypost.members.reasons import LevelReason
from mypost.notifications import commands as notifications
from mypost.notifications.models import NoticeKind
from mypost.proofing.models import LinkedCard
from mypost.proofing.queries import level_without_card
from mypost.verification import commands as verification

Half = Literal["sign", "auth"]
HALVES: tuple[Half, Half] = ("sign", "auth")
ASK_AFTER = timedelta(hours=22)  # the watch looks every hour, so a day never passes
CHUNK = 200  # cards in one job
PATIENCE = 5  # cards in a row without an answer, up to four seconds each: a job gives up then
HOLD = "certificate_hold"


@dataclass(frozen=True, kw_only=True)
class Consequence:
    """What follows for the member beyond the revoked certificate itself, which never counts again.

    stops_card: both certificates stop, so the card signs nobody in. ends_sessions: whoever is
    signed in now is signed out. lapses: what the card certified is "no longer certified".
    drops_level: a level that rests on the card becomes what the member has without one.
    ends_account: the level is 0, and nobody signs in any more, by any means.
    """

    because: str
    stops_card: bool = False
    ends_sessions: bool = False
    lapses: bool = False
    drops_level: bool = False
    ends_account: bool = False


# By what the platform calls the cause, else by the reason that every authority gives.
CONSEQUENCES = {
    "move": Consequence(
        lapses=True, because="the same person lives elsewhere; the address is not known now"
    ),
    "name_change": Consequence(
        lapses=True, because="the same person has another name; which one is not known yet"
    ),
    "affiliation_changed": Consequence(
        lapses=True, because="JPKI's word for a move or another name"
    ),
    "emigration": Consequence(
        lapses=True, because="the same person has no address in the country now"
    ),
    "loss": Consequence(
        stops_card=True, ends_sessions=True,
        because="somebody else may hold the card; who proved themselves with it did so before",
    ),
    "key_compromise": Consequence(
        stops_card=True, ends_sessions=True,
        because="somebody else may sign with its keys; what was proved before stays proved",
    ),
    "renewal": Consequence(stops_card=True, because="the person has another card now"),
    "superseded": Consequence(stops_card=True, because="the person has another card now"),
    "expired": Consequence(because="its time is over; what it said was true until then"),
    "cessation_of_operation": Consequence(
        stops_card=True, lapses=True, drops_level=True,
        because="the person gave the card up; nothing stands behind the proof any more",
    ),
    "unspecified": Consequence(
        stops_card=True, ends_sessions=True, lapses=True, drops_level=True,
        because="JPKI's word for a card never handed out: whoever used it was not its owner",
    ),
    "ca_compromise": Consequence(
        stops_card=True, ends_sessions=True, lapses=True, drops_level=True,
        because="anybody may have made the certificate, so it proved nothing",
    ),
    "death": Consequence(
        stops_card=True, ends_sessions=True, lapses=True, ends_account=True,
        because="whoever signs in now is somebody else; the heirs come to our office",
    ),
}  # fmt: skip


def begin(*, at: datetime) -> int:
    """Enqueue the cards that have not been asked after for a day, a job a chunk; return how many.

    A chunk that still waits in the queue is left there.
    """
    count = 0
    for chunk in _chunks(_due(at=at)):
        count += len(chunk)
        job = app.configure_task(
            "proofing.ask_after_cards", queue="delivery", queueing_lock=f"cards {chunk[0]}"
        )
        with suppress(AlreadyEnqueued), transaction.atomic():
            job.defer(card_ids=[str(card_id) for card_id in chunk])
    return count


def ask_after(card_ids: Iterable[UUID], *, at: datetime) -> None:
    """Ask the authority after each of these cards, and do what follows from the answers.

    A card whose authority does not answer stays due, and is asked after again within the hour;
    after a few such in a row the rest of the chunk waits too. By chance, not by age: else those
    for whom nobody ever answers would stand before their neighbours for ever.
    """
    unanswered = 0
    for card in LinkedCard.objects.filter(id__in=card_ids).order_by("?"):
        answers = [ask(card, half, at=at) for half in HALVES if is_in_force(card, half)]
        if all(answers):
            LinkedCard.objects.filter(id=card.id).update(checked_at=at)
        unanswered = 0 if all(answers) else unanswered + 1
        if unanswered == PATIENCE:
            return


def ask(card: LinkedCard, half: Half, *, at: datetime) -> bool:
    """Ask the authority after one certificate, follow its answer, and say whether there was one."""
    if getattr(card, f"{half}_expires_at") < at:
        follow(card.id, half, reason="expired", cause="", at=at)
        return True
    issuer, serial, point = (
        getattr(card, f"{half}_{f}") for f in ("issuer", "serial", "crl_point")
    )
    status = verification.status_of(issuer, serial, point, at=at)
    if status.state == "revoked":
        follow(card.id, half, reason=status.reason, cause=status.cause, at=at)
    return status.state != "unknown"


def is_in_force(card: LinkedCard, half: Half) -> bool:
    """Say whether one certificate of a card is linked and has not been stopped."""
    linked, stopped_at = getattr(card, f"{half}_serial"), getattr(card, f"{half}_stopped_at")
    return bool(linked) and stopped_at is None


@transaction.atomic
def follow(card_id: UUID, half: Half, *, reason: str, cause: str, at: datetime) -> None:
    """Do what follows from a certificate being revoked. Following twice is the same as once.

    reason: a CRLReason in snake_case, or "expired". cause: the platform's, "" when it is unknown.
    On hold, a certificate is refused while it lasts, and nothing follows.
    Source: RFC 5280 §5.3.1.
    """
    # The member before the card, as proving, merging and closing do: else two wait for each other.
    holder = LinkedCard.objects.filter(id=card_id).values("member")
    Member.objects.select_for_update().get(id__in=holder)
    card = LinkedCard.objects.select_for_update().get(id=card_id)
    if reason == HOLD or not is_in_force(card, half):
        return
    word = next((w for w in (cause, reason) if w in CONSEQUENCES), "unspecified")
    consequence = CONSEQUENCES[word]
    member = Member.objects.select_related("account").get(id=card.member_id)
    stop(card, HALVES if consequence.stops_card else (half,), reason=word, at=at)
    if consequence.lapses:
        _lapse(card, member, word, at=at)
    if consequence.drops_level:
        _drop_level(card, member, at=at)
    if consequence.ends_account:
        _end_account(member, word, at=at)
    if consequence.ends_sessions:
        accounts.end_sessions(member.account)


def stop(card: LinkedCard, halves: Iterable[Half], *, reason: str, at: datetime) -> None:
    """Let certificates of a card count no more, with evidence; the member is told."""
    stopped = [half for half in halves if is_in_force(card, half)]
    for half in stopped:
        setattr(card, f"{half}_stopped_at", at)
        setattr(card, f"{half}_stop_reason", reason)
        evidence.record(
            Event.CARD_STOPPED,
            subject_id=card.id,
            mailbox_id=card.member.mailbox_id,
            at=at,
            facts={"certificate": half, "serial": getattr(card, f"{half}_serial")},
            reasons=[reason],
        )
    card.save(update_fields=[f"{h}_{f}" for h in stopped for f in ("stopped_at", "stop_reason")])
    if "auth" in stopped:
        notifications.tell(card.member.mailbox_id, NoticeKind.CARD_STOPPED, at=at)


def _due(*, at: datetime) -> Iterator[UUID]:
    in_force = Q(sign_stopped_at=None) & ~Q(sign_serial="")
    in_force |= Q(auth_stopped_at=None) & ~Q(auth_serial="")
    due = LinkedCard.objects.filter(in_force, checked_at__lte=at - ASK_AFTER)
    due = due.filter(member__closed_at=None).order_by("checked_at", "id")
    return due.values_list("id", flat=True).iterator(chunk_size=CHUNK)


def _chunks(card_ids: Iterator[UUID]) -> Iterator[list[UUID]]:
    while chunk := list(islice(card_ids, CHUNK)):
        yield chunk


def _lapse(card: LinkedCard, member: Member, word: str, *, at: datetime) -> None:
    certified = attributes.certified(member)
    if certified is None or certified.serial != card.sign_serial:
        return  # they rest on another card
    if members.lapse(member, reason=word, at=at) is not None:
        notifications.tell(member.mailbox_id, NoticeKind.CERTIFICATE_LAPSED, at=at)


def _drop_level(card: LinkedCard, member: Member, *, at: datetime) -> None:
    if (
        card.replaced_by_id
        or not card.sign_serial
        or member.level < AssuranceLevel.NATIONAL_ID_CARD
    ):
        return  # the level rests on something else
    left = max(AssuranceLevel.SELF_DECLARED, level_without_card(member))
    _set_level(member, left, at=at)


def _set_level(member: Member, level: AssuranceLevel, *, at: datetime) -> None:
    members.set_level(
        member.id, level, source=LevelSource.REVOCATION,
        reason=LevelReason.CERTIFICATE_STOPPED, at=at,
    )  # fmt: skip


def _end_account(member: Member, word: str, *, at: datetime) -> None:
    for card in LinkedCard.objects.select_for_update().filter(member=member):
        stop(card, HALVES, reason=word, at=at)
    _set_level(member, AssuranceLevel.EMAIL_ONLY, at=at)
    member.account.is_active = False
    member.account.save(update_fields=["is_active"])
