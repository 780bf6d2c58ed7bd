"""The first page: what this is for a stranger, what matters today for a member."""

from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from mypost.common.clock import now
from mypost.common.transactions import reads
from mypost.entrypoints.access import public
from mypost.entrypoints.member_web.auth import member_of
from mypost.entrypoints.member_web.cards import SenderCard, as_card
from mypost.entrypoints.member_web.rows import as_rows
from mypost.entrypoints.session_level import session_aal
from mypost.letters import queries as letters
from mypost.members.models import AssuranceLevel, Member
from mypost.senders import queries as senders
from mypost.subscriptions import queries as subscriptions
from mypost.subscriptions.queries import Choice

NEW_LETTERS = 5
DUE_LETTERS = 10
AHEAD = timedelta(days=14)
RECENT_CONTRACT = timedelta(days=60)
SENDERS_OF_A_KIND = 8


@public
@require_safe
@reads
def start(request: HttpRequest) -> HttpResponse:
    """Show the welcome, or the member's day."""
    if not request.user.is_authenticated:
        kinds = senders.choosable_by_kind(at_most=SENDERS_OF_A_KIND)
        return render(request, "member_web/start/welcome.html", {"kinds": kinds})
    member = member_of(request)
    if member is None:
        return redirect("no_mailbox")
    return render(request, "member_web/start/top.html", _day_of(request, member, at=now()))


def _day_of(request: HttpRequest, member: Member, *, at: datetime) -> dict[str, object]:
    today, until, aal = localdate(at), localdate(at) + AHEAD, session_aal(request)
    new = letters.mailbox_page(member, aal=aal, unread=True, limit=NEW_LETTERS)
    due = letters.due_letters(member, aal=aal, since=today, until=until, limit=DUE_LETTERS)
    return {
        "place": "start",
        "member": member,
        "new": as_rows(new, reader=member, today=today),
        "due": as_rows(due, reader=member, today=today),
        "new_senders": _new_senders(member, since=today - RECENT_CONTRACT),
        "has_chosen": subscriptions.has_chosen(member),
        "level_is_highest": member.level == AssuranceLevel.NATIONAL_ID_CARD,
    }


def _new_senders(member: Member, *, since: date) -> list[SenderCard]:
    choices = subscriptions.choices_since(member, since)
    return [as_card(c, level=member.level) for c in choices if c.choice != Choice.CHOSEN]
