"""What may be asked about proofs."""

from dataclasses import dataclass
from uuid import UUID

from mypost.members import queries as declarations
from mypost.members.attributes import what_changed
from mypost.members.models import AssuranceLevel, Member
from mypost.proofing.models import LinkedCard, PasscodeRequest, PostalReport


@dataclass(frozen=True)
class Addressee:
    """Whom a passcode letter goes to, as it was declared when it was asked for.

    postal_code: seven digits. language: ja or en.
    """

    member_id: UUID
    mailbox_id: UUID
    name: str
    postal_code: str
    address: str
    building: str
    language: str


def passcodes_to_print(limit: int) -> list[UUID]:
    """Return requests that wait for a print run, the oldest first."""
    waiting = PasscodeRequest.objects.filter(state=PasscodeRequest.State.REQUESTED)
    return list(waiting.order_by("requested_at", "id").values_list("id", flat=True)[:limit])


def addressee(request_id: UUID) -> Addressee:
    """Return whom a passcode letter goes to. Raises PasscodeRequest.DoesNotExist."""
    requests = PasscodeRequest.objects.select_related("addressed_to", "member__account")
    asked = requests.get(id=request_id)
    declared, member = asked.addressed_to, asked.member
    return Addressee(
        member_id=member.id,
        mailbox_id=member.mailbox_id,
        name=declared.name,
        postal_code=declared.postal_code,
        address=declared.address,
        building=declared.building,
        language=member.account.language,
    )


def current_passcode(member: Member) -> PasscodeRequest | None:
    """Return a member's newest request, whatever became of it; None when there never was one."""
    requests = PasscodeRequest.objects.filter(member=member)
    return (
        requests.select_related("addressed_to", "member").order_by("-requested_at", "-id").first()
    )


def open_passcode(member: Member) -> PasscodeRequest | None:
    """Return the request that a member waits for, None when none is under way."""
    requests = PasscodeRequest.objects.filter(member=member, state__in=PasscodeRequest.OPEN)
    return requests.select_related("addressed_to", "member").first()


def level_without_card(member: Member) -> AssuranceLevel:
    """Return the level that a member has when no card speaks for them any more.

    A confirmed letter still counts when it went to the person and place declared now.
    """
    declared = declarations.declared(member)
    if declared is None:
        return AssuranceLevel.EMAIL_ONLY
    confirmed = member.passcode_requests.filter(state=PasscodeRequest.State.CONFIRMED)
    for asked in confirmed.select_related("addressed_to"):
        if what_changed(asked.addressed_to, declared) is None:
            return AssuranceLevel.POSTED_PASSCODE
    return AssuranceLevel.SELF_DECLARED


def postal_reports(asked: PasscodeRequest) -> list[PostalReport]:
    """Return what the post has told about a letter, in the order it happened."""
    return list(asked.reports.order_by("at", "event"))


def cards_of(member: Member) -> list[LinkedCard]:
    """Return the cards a member has linked, the newest first; those that were replaced, last."""
    cards = LinkedCard.objects.filter(member=member).order_by("-linked_at", "-id")
    return sorted(cards, key=lambda card: card.replaced_by_id is not None)


def signs_in_with_card(member: Member) -> bool:
    """Say whether the member has a card that signs them in."""
    in_force = LinkedCard.objects.filter(member=member, auth_stopped_at=None)
    return in_force.exclude(auth_serial="").exists()
