"""One letter: closed, then opened."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from mypost.common.clock import now
from mypost.common.problems import Refusal
from mypost.common.transactions import reads, writes
from mypost.entrypoints.letter_text import as_html
from mypost.entrypoints.member_web.auth import MemberRequest, members_only
from mypost.entrypoints.member_web.redirects import see_other
from mypost.entrypoints.member_web.step_up import step_up_url
from mypost.entrypoints.session_level import session_aal
from mypost.evidence import queries as evidence
from mypost.letters import commands, queries
from mypost.letters.errors import AssuranceTooLow, LetterNotFound, NotOpenedYet, SignInTooWeak
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.vault.envelope import EnvelopeContent
from mypost.vault.errors import VaultError

# What a letter's evidence says in the member's words.
TOLD = {
    "SubmissionAcceptance": _("Handed in by the sender"),
    "ContentConsignment": _("Placed in your mailbox"),
    "ConsignmentNotification": _("We told you by e-mail"),
    "ConsignmentNotificationFailure": _("Our e-mail to you could not be delivered"),
    "ContentHandover": _("Opened by you, and reported to the sender"),
}


@require_safe
@reads
@members_only
def letter(request: MemberRequest, letter_id: UUID) -> HttpResponse:
    """Show a letter that has been opened; of one that is closed, its outside and the way in."""
    found = own_letter(request.member, letter_id)
    try:
        content = queries.content_of(request.member, found, aal=session_aal(request))
    except (NotOpenedYet, AssuranceTooLow, SignInTooWeak):
        return render(request, "member_web/letters/closed.html", _outside_of(found, request))
    except VaultError as refusal:
        return cannot_show(request, found, refusal)
    return render(request, "member_web/letters/letter.html", _inside_of(found, content))


@require_POST  # a GET must never open a letter: prefetch would forge evidence
@writes
@members_only
def open_letter(request: MemberRequest, letter_id: UUID) -> HttpResponse:
    """Open a letter, put that on record, and go to its page."""
    found = own_letter(request.member, letter_id)
    try:
        commands.hand_over(letter_id, reader=request.member, aal=session_aal(request), at=now())
    except (AssuranceTooLow, SignInTooWeak):
        pass  # its page says what it needs, and leads there
    except VaultError as refusal:
        return cannot_show(request, found, refusal)
    return see_other("letter", letter_id)


def own_letter(member: Member, letter_id: UUID) -> Letter:
    """Return a letter of the member's own mailbox. Raises Http404 for every other one."""
    try:
        return queries.letter_of(member, letter_id)
    except LetterNotFound:
        raise Http404 from None


def cannot_show(request: HttpRequest, letter: Letter, refusal: Refusal) -> HttpResponse:
    """Say that a letter's content cannot be shown now, and what to tell the help desk."""
    shown = {"place": "box", "letter": letter, "code": refusal.code}
    return render(request, "member_web/letters/cannot_show.html", shown, status=503)


def _outside_of(letter: Letter, request: MemberRequest) -> dict[str, object]:
    reader, aal = request.member, session_aal(request)
    outside = {
        **_frame_of(letter),
        "sender_is_named": letter.names_sender_to(reader, aal=aal),
        "opens": letter.opens_to(reader, aal=aal),
    }
    if reader.level < letter.required_assurance:
        outside |= {"level": reader.level}
    if aal < letter.required_aal:
        outside |= {"aal": aal, "step_up_url": step_up_url(request, letter.required_aal)}
    return outside


def _inside_of(letter: Letter, content: EnvelopeContent) -> dict[str, object]:
    text, history = as_html(content.body), _history_of(letter)
    return {**_frame_of(letter), "content": content, "text": text, "history": history}


def _frame_of(letter: Letter) -> dict[str, object]:
    days_left = (letter.due - localdate(now())).days if letter.due else None
    frame = {"place": "box", "letter": letter, "days_left": days_left}
    return {**frame, "sender_is_named": True}


@dataclass(frozen=True)
class Told:
    """One line of a letter's history. place: in the public log, None until it is there."""

    words: str | Promise
    at: datetime
    place: int | None


def _history_of(letter: Letter) -> list[Told]:
    story = evidence.lines_of(letter.mailbox_id, letter.id)
    told = [line for line in story if line.event in TOLD]
    return [Told(TOLD[line.event], line.at, line.leaf_index) for line in told]
