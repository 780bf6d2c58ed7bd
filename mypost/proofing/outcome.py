"""What follows from the facts about one passcode letter: its state, and the member's level.

Print shop, carrier and member report in any order, so nothing here asks what came first.
"""

from datetime import datetime

from mypost.members import commands as members
from mypost.members.models import AssuranceLevel, LevelSource, Member
from mypost.members.reasons import LevelReason
from mypost.proofing import persons
from mypost.proofing.errors import SamePersonElsewhere
from mypost.proofing.models import PasscodeRequest
from mypost.proofing.reasons import PostalEvent

BY_POST = AssuranceLevel.POSTED_PASSCODE
State = PasscodeRequest.State


def follow(asked: PasscodeRequest, *, at: datetime) -> SamePersonElsewhere | None:
    """Bring state and level up to what is known. Returns why the level was not given, if so."""
    at = max(at, asked.code_entered_at or at)  # a late report tells of a time before the code
    was, reported = asked.state, _reported(asked)
    refusal: SamePersonElsewhere | None = None
    if PostalEvent.RETURNED in reported:  # nobody can have been handed what came back
        asked.state = State.RETURNED
    elif was in (State.VOID, State.CONFIRMED):
        return None
    elif PostalEvent.HANDED_OVER in reported and asked.code_entered_at is not None:
        refusal = _confirm(asked, at=at)
        asked.state = State.HANDED_OVER if refusal else State.CONFIRMED
    elif reported:
        asked.state = State(max(reported, key=list(PostalEvent).index))
    asked.save(update_fields=["state"])
    if was == State.CONFIRMED and asked.state == State.RETURNED:
        _take_back(asked.member, at=at)
    return refusal


def _reported(asked: PasscodeRequest) -> set[PostalEvent]:
    return {PostalEvent(event) for event in asked.reports.values_list("event", flat=True)}


def _confirm(asked: PasscodeRequest, *, at: datetime) -> SamePersonElsewhere | None:
    try:
        persons.claim(asked.member, [persons.declared_key(asked.addressed_to)], at=at)
    except SamePersonElsewhere as refusal:
        return refusal
    if asked.member.level < BY_POST:
        _set_level(asked.member, BY_POST, LevelReason.PASSCODE_CONFIRMED, at=at)
    return None


def _take_back(member: Member, *, at: datetime) -> None:
    if member.level == BY_POST:
        _set_level(member, AssuranceLevel.SELF_DECLARED, LevelReason.PASSCODE_RETURNED, at=at)


def _set_level(member: Member, level: AssuranceLevel, reason: LevelReason, *, at: datetime) -> None:
    members.set_level(member.id, level, source=LevelSource.POSTED_PASSCODE, reason=reason, at=at)
