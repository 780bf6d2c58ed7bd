"""Senders: which there are, who each is, which of its topics one wants."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mypost.common.clock import now
from mypost.common.transactions import reads, writes
from mypost.entrypoints.member_web.auth import MemberRequest, members_only
from mypost.entrypoints.member_web.cards import as_card, as_card_list
from mypost.entrypoints.member_web.redirects import see_next
from mypost.entrypoints.member_web.rows import as_rows
from mypost.entrypoints.session_level import session_aal
from mypost.letters.queries import mailbox_page
from mypost.members.models import Member
from mypost.subscriptions import commands, queries
from mypost.subscriptions.errors import NotSubscribed, SenderNotChoosable, VerificationNeeded
from mypost.subscriptions.queries import SenderChoice

LETTERS = 5  # of one sender, on its page


@require_safe
@reads
@members_only
def senders(request: MemberRequest) -> HttpResponse:
    """List the senders there are, by where they stand for this member."""
    choices = queries.choices_of(request.member)
    found = as_card_list(choices, level=request.member.level, asked=request.GET.dict())
    return render(request, "member_web/senders/senders.html", {"place": "senders", "list": found})


@require_safe
@reads
@members_only
def sender(request: MemberRequest, sender_id: UUID) -> HttpResponse:
    """Show one sender: who it is, its topics, its letters."""
    card = as_card(_choice(request.member, sender_id), level=request.member.level)
    aal = session_aal(request)
    listed = mailbox_page(request.member, aal=aal, sender_id=sender_id, limit=LETTERS)
    rows = as_rows(listed, reader=request.member, today=localdate(now()))
    shown = {"place": "senders", "card": card, "sender": card.sender, "rows": rows}
    return render(request, "member_web/senders/sender.html", shown)


@require_POST
@writes
@members_only
def choose(request: MemberRequest, sender_id: UUID) -> HttpResponse:
    """Let a sender write to the member."""
    name = _choice(request.member, sender_id).sender.local_name
    try:
        commands.choose(request.member, sender_id, at=now())
    except SenderNotChoosable:
        raise Http404 from None
    except VerificationNeeded:
        told = _("You can choose %(name)s once your identity is confirmed.") % {"name": name}
        messages.warning(request, told)
    else:
        told = _("You chose %(name)s. Its letters will arrive here.") % {"name": name}
        messages.success(request, told, extra_tags=reverse("leave_sender", args=[sender_id]))
    return see_next(request, otherwise="senders")


@require_POST
@writes
@members_only
def leave(request: MemberRequest, sender_id: UUID) -> HttpResponse:
    """Stop a sender. The letters that it sent stay."""
    left = _choice(request.member, sender_id).sender
    try:
        commands.leave(request.member, sender_id, at=now())
    except NotSubscribed:
        raise Http404 from None
    told = _("%(name)s can no longer write to you. Its letters stay.") % {"name": left.local_name}
    undo = reverse("choose_sender", args=[sender_id]) if left.may_send else ""
    messages.success(request, told, extra_tags=undo)
    return see_next(request, otherwise="senders")


@require_POST
@writes
@members_only
def want_topic(request: MemberRequest, sender_id: UUID, topic_id: UUID) -> HttpResponse:
    """Accept or decline one topic of a chosen sender."""
    wanted = request.POST.get("wanted") == "yes"
    try:
        commands.want_topic(request.member, sender_id, topic_id, wanted=wanted)
    except NotSubscribed:
        raise Http404 from None
    except VerificationNeeded:
        messages.warning(request, _("You can receive this once your identity is confirmed."))
    return see_next(request, otherwise="senders")


def _choice(member: Member, sender_id: UUID) -> SenderChoice:
    """Return a sender as the member sees it. Raises Http404 for one that they may not see."""
    choice = queries.choice_of(member, sender_id)
    if choice is None:
        raise Http404
    return choice
