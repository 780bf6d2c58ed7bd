"""Everything we hold about a member, as they take it away."""

from collections.abc import Iterable

from django.db.models import Model
from django.forms.models import model_to_dict

from mypost.members import queries as members
from mypost.members.models import Member
from mypost.subscriptions.models import Subscription

NOT_THEIRS = ("id", "member", "changed_by")  # our own row numbers


def profile_of(member: Member) -> dict[str, object]:
    """Return the member's facts with their sources and times, ready for JSON."""
    return {
        "name": member.account.name,
        "email": member.account.email,
        "language": member.account.language,
        "joined_at": member.joined_at,
        "level": member.level,
        "level_changes": _rows(members.level_changes(member)),
        "declared": _rows(members.declarations(member)),
        "certified": _rows(members.certifications(member)),
        "senders": _senders_of(member),
    }


def _rows(rows: Iterable[Model]) -> list[dict[str, object]]:
    return [
        {name: value for name, value in model_to_dict(row).items() if name not in NOT_THEIRS}
        for row in rows
    ]


def _senders_of(member: Member) -> list[dict[str, object]]:
    own = Subscription.objects.of_member(member).select_related("sender").order_by("started_at")
    return [
        {
            "sender": choice.sender.name,
            "pseudonym": choice.pseudonym,
            "started_at": choice.started_at,
            "ended_at": choice.ended_at,
        }
        for choice in own
    ]
