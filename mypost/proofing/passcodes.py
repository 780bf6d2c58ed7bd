"""What may be done with passcodes: ask for one, issue it, hear from the post, enter it.

Two facts make level 2, in either order: the right code, and the carrier's word that the letter
was handed over. The state follows from the facts, so the order of the reports does not matter.
"""

import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from mypost.common.clock import new_id
from mypost.evidence import commands as evidence
from mypost.kernel import passcodes as kernel
from mypost.kernel.evidence_entry import Event
from mypost.members import commands as members
from mypost.members import queries as declarations
from mypost.members.attributes import what_changed
from mypost.members.models import AssuranceLevel, DeclaredAttributes, Member
from mypost.notifications import commands as notifications
from mypost.notifications.models import NoticeKind
from mypost.proofing import outcome, queries
from mypost.proofing.errors import (
    AddressNotDeclared,
    NoPasscodeAwaited,
    PasscodeExpired,
    PasscodeLocked,
    PasscodeMalformed,
    PasscodeNotDue,
    PasscodeNotNeeded,
    PasscodeUnderWay,
    PasscodeWrong,
    ProofingError,
    TooManyPasscodes,
)
from mypost.proofing.models import PasscodeRequest, PostalReport
from mypost.proofing.reasons import PostalEvent, ReturnReason, VoidReason

VALID_FOR = timedelta(days=30)
HELD_FOR = timedelta(days=10)  # 保管: the carrier keeps the letter from the first notice on
LETTERS = 3  # within VALID_FOR: each costs a postage and gives five tries

State = PasscodeRequest.State


@dataclass(frozen=True)
class PostalFacts:
    """What a report says beside its event; "" or None where it says nothing.

    id_document: the kind that the carrier looked at. id_last_digits: at most four.
    """

    tracking_number: str = ""
    id_document: str = ""
    id_last_digits: str = ""
    return_reason: ReturnReason | None = None
    held_until: date | None = None


# Asking


@transaction.atomic
def request(member: Member, *, at: datetime) -> PasscodeRequest:
    """Ask for a letter with a passcode to the declared address. The next print run takes it.

    Raises AddressNotDeclared, PasscodeNotNeeded, PasscodeUnderWay, TooManyPasscodes.
    """
    locked = Member.objects.select_for_update().get(id=member.id)
    declared = declarations.declared(locked)
    if declared is None:
        raise AddressNotDeclared
    if locked.level >= AssuranceLevel.POSTED_PASSCODE:
        raise PasscodeNotNeeded
    _give_up_expired(locked, at=at)
    if locked.passcode_requests.filter(requested_at__gt=at - VALID_FOR).count() >= LETTERS:
        raise TooManyPasscodes
    asked = PasscodeRequest.objects.create(
        id=new_id(at), member=locked, addressed_to=declared, requested_at=at,
        expires_at=at + VALID_FOR,
    )  # fmt: skip
    _record(Event.PASSCODE_REQUESTED, asked, {"addressed_to": str(declared.id)}, at=at)
    return asked


def _give_up_expired(member: Member, *, at: datetime) -> None:
    open_one = queries.open_passcode(member)
    if open_one is None:
        return
    if open_one.expires_at > at:
        raise PasscodeUnderWay
    is_entered = open_one.code_entered_at is not None  # the post alone has kept it open
    _make_void(open_one, VoidReason.REPLACED if is_entered else VoidReason.EXPIRED)


@transaction.atomic
def issue(request_id: UUID, *, at: datetime) -> str:
    """Make the code of one request and return it, once: only its hash is kept.

    The caller puts it on paper within the same transaction, and keeps no copy. The thirty days
    begin here. Raises PasscodeNotDue.
    """
    asked = _lock(request_id)
    if asked is None or asked.state != State.REQUESTED:
        raise PasscodeNotDue
    code = kernel.write(os.urandom(kernel.CHANCE_SIZE))
    asked.code_hash = kernel.make_hash(
        code, bound_to=_bound_to(asked), salt=os.urandom(kernel.SALT_SIZE)
    )
    asked.state, asked.expires_at = State.COMPOSED, at + VALID_FOR
    asked.save(update_fields=["code_hash", "state", "expires_at"])
    return code


def _bound_to(asked: PasscodeRequest) -> str:
    """Name what a code proves: this account, at this address as it was declared then."""
    return f"{asked.id} {asked.member_id} {asked.addressed_to_id}"


# Entering


def enter(member: Member, code: str, *, at: datetime) -> PasscodeRequest:
    """Take the code that a member has read from their letter.

    The right code confirms the member at once when the post has told that the letter was handed
    over, else as soon as it does. A wrong one costs one of five tries: that is saved before the
    refusal is raised, so a door must answer with a page, not let its transaction fail.
    Raises PasscodeWrong (PasscodeMalformed costs no try), PasscodeLocked, PasscodeExpired,
    NoPasscodeAwaited, SamePersonElsewhere.
    """
    with transaction.atomic():
        asked, refusal = _enter(member, code, at=at)
    if refusal is not None:
        raise refusal
    assert asked is not None
    return asked


def _enter(
    member: Member, code: str, *, at: datetime
) -> tuple[PasscodeRequest | None, ProofingError | None]:
    # 1. one browser at a time: the next one sees the tries that this one leaves
    _lock_member(member.id)
    asked = queries.current_passcode(member)
    if asked is None:
        return None, NoPasscodeAwaited()
    # 2. a code that still counts
    if _is_expired(asked, at=at):
        _make_void(asked, VoidReason.EXPIRED)
    if (refusal := _why_not(asked)) is not None:
        return asked, refusal
    # 3. the code itself
    if (normalised := kernel.normalise(code)) is None:
        return asked, PasscodeMalformed(asked.tries_left)
    if not kernel.is_right(normalised, asked.code_hash, bound_to=_bound_to(asked)):
        return asked, _count_wrong(asked, at=at)
    # 4. what it proves
    return asked, _take_right(asked, at=at)


def _why_not(asked: PasscodeRequest) -> ProofingError | None:
    match asked.state, asked.void_reason:
        case State.VOID, VoidReason.LOCKED:
            return PasscodeLocked()
        case State.VOID, VoidReason.EXPIRED:
            return PasscodeExpired()
    is_awaited = asked.state in PasscodeRequest.OPEN and asked.code_hash
    return None if is_awaited else NoPasscodeAwaited()


def _count_wrong(asked: PasscodeRequest, *, at: datetime) -> ProofingError:
    asked.tries_left -= 1
    asked.save(update_fields=["tries_left"])
    if asked.tries_left > 0:
        return PasscodeWrong(asked.tries_left)
    _make_void(asked, VoidReason.LOCKED)
    _record(Event.PASSCODE_ENTERED, asked, {}, at=at, reasons=["passcode_locked"])
    return PasscodeLocked()


def _take_right(asked: PasscodeRequest, *, at: datetime) -> ProofingError | None:
    if asked.code_entered_at is None:
        asked.code_entered_at = at
        asked.save(update_fields=["code_entered_at"])
        _record(Event.PASSCODE_ENTERED, asked, {}, at=at)
    return outcome.follow(asked, at=at)


# Hearing from the post


@transaction.atomic
def note(
    request_id: UUID, event: PostalEvent, *, at: datetime, facts: PostalFacts = PostalFacts()
) -> None:
    """Note what print shop or carrier report. In any order; twice is the same as once.

    at: when it happened, as reported; a held letter's ten days count from there.
    Raises PasscodeNotDue for a request that does not exist.
    """
    asked = _lock(request_id)
    if asked is None:
        raise PasscodeNotDue
    _, is_new = PostalReport.objects.get_or_create(request=asked, event=event, defaults={"at": at})
    if not is_new:
        return
    _keep_facts(asked, event, facts, at=at)
    told = {name: str(value) for name, value in vars(facts).items() if value}
    _record(Event.POSTAL_RESULT, asked, {"event": event, **told}, at=at)
    before = asked.state
    outcome.follow(asked, at=at)
    if asked.state != before:
        _tell(asked, at=at)


def _keep_facts(
    asked: PasscodeRequest, event: PostalEvent, facts: PostalFacts, *, at: datetime
) -> None:
    asked.tracking_number = facts.tracking_number or asked.tracking_number
    if event == PostalEvent.NOTICE_LEFT:
        asked.held_until = facts.held_until or timezone.localdate(at + HELD_FOR)
    if event == PostalEvent.HANDED_OVER:
        asked.id_document, asked.id_last_digits = facts.id_document, facts.id_last_digits
    if event == PostalEvent.RETURNED:
        asked.return_reason = facts.return_reason or ReturnReason.ABSENT
        members.flag_address(asked.addressed_to, reason=asked.return_reason)
    asked.save()


def _tell(asked: PasscodeRequest, *, at: datetime) -> None:
    kind = {
        State.ACCEPTED: NoticeKind.PASSCODE_POSTED,
        State.NOTICE_LEFT: NoticeKind.PASSCODE_WAITS,
        State.RETURNED: NoticeKind.PASSCODE_RETURNED,
    }.get(State(asked.state))
    if kind is not None:
        notifications.tell(asked.member.mailbox_id, kind, at=at)


# Given up


def void_changed(member: Member, declared: DeclaredAttributes) -> None:
    """Make a code void that is on its way to another name or address than is declared now.

    The member is locked by the caller.
    """
    asked = queries.open_passcode(member)
    if asked is not None and what_changed(asked.addressed_to, declared) is not None:
        _make_void(asked, VoidReason.CHANGED)


def void_expired(*, at: datetime) -> int:
    """Make codes void that nobody entered in time. Returns how many."""
    overdue = PasscodeRequest.objects.filter(
        state__in=PasscodeRequest.OPEN, code_entered_at=None, expires_at__lte=at
    )
    return sum(
        _void_if_expired(request_id, at=at) for request_id in overdue.values_list("id", flat=True)
    )


@transaction.atomic
def _void_if_expired(request_id: UUID, *, at: datetime) -> bool:
    asked = _lock(request_id)
    assert asked is not None
    if not _is_expired(asked, at=at):
        return False  # entered, or heard of, since it was listed
    _make_void(asked, VoidReason.EXPIRED)
    return True


def _is_expired(asked: PasscodeRequest, *, at: datetime) -> bool:
    is_open = asked.state in PasscodeRequest.OPEN
    return is_open and asked.expires_at <= at and asked.code_entered_at is None


def _make_void(asked: PasscodeRequest, reason: VoidReason) -> None:
    asked.state, asked.void_reason = State.VOID, reason
    asked.save(update_fields=["state", "void_reason"])


def _lock(request_id: UUID) -> PasscodeRequest | None:
    """Return a request under its member's lock, which every command here takes first."""
    asked = PasscodeRequest.objects.select_related("member", "addressed_to")
    member_id = asked.filter(id=request_id).values_list("member_id", flat=True).first()
    if member_id is None:
        return None
    _lock_member(member_id)
    return asked.filter(id=request_id).first()


def _lock_member(member_id: UUID) -> None:
    Member.objects.select_for_update().values_list("id").get(id=member_id)


def _record(
    event: Event, asked: PasscodeRequest, facts: dict[str, str], *, at: datetime,
    reasons: list[str] | None = None,
) -> None:  # fmt: skip
    evidence.record(
        event, subject_id=asked.id, mailbox_id=asked.member.mailbox_id, at=at, facts=facts,
        reasons=reasons or [],
    )  # fmt: skip
