"""The event feed: in order per letter, from any cursor since the beginning."""

from django.http import HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Router

from mypost.common.transactions import reads
from mypost.entrypoints.sender_api.answers import answer, cursor, respond
from mypost.entrypoints.sender_api.auth import KeyRequest
from mypost.entrypoints.sender_api.openapi import described
from mypost.entrypoints.sender_api.schemas import EventLine, EventPage
from mypost.intake import queries
from mypost.intake.models import Item
from mypost.letters import queries as letters
from mypost.letters.queries import SenderEvent
from mypost.senders.models import Scope

router = Router(tags=["events"])
MOST_ON_A_PAGE = 1_000


@router.get(
    "/events",
    response=EventPage,
    summary=_("The event feed"),
    description=_(
        "What happened, in the order of the evidence log, from any cursor since the beginning: each"
        " letter's events are in their own order. Keep “next” and ask with it again. A test leaves"
        " no evidence, and so no event."
    ),
    **described(
        Scope.EVENTS_READ,
        problems=["field_invalid"],
        sample='  "{base}/events?after=-1&limit=1000"',
    ),
)
@reads
def events(request: KeyRequest, after: str = "", limit: int = 100) -> HttpResponse:
    start = cursor(after, first=-1)
    limit = min(max(limit, 1), MOST_ON_A_PAGE)
    found = letters.events_of(request.sender.id, after=start, limit=limit)
    if not request.key.live:
        found = []
    items = queries.items_of_letters(request.sender.id, [event.subject_id for event in found])
    following = str(found[-1].cursor) if found else str(start)
    lines = [_line(event, items.get(event.subject_id)) for event in found]
    return respond(answer(EventPage(events=lines, next=following)))


def _line(event: SenderEvent, item: Item | None) -> EventLine:
    is_consignment = event.type.startswith("consignment.")
    return EventLine(
        id=str(event.cursor),
        type=event.type,
        at=event.at,
        letter_id=event.subject_id if event.type.startswith("letter.") else None,
        consignment_id=event.subject_id
        if is_consignment
        else (item.consignment_id if item else None),
        reference=item.reference if item else None,
        recipient=event.recipient or (item.recipient if item else None),
        code=event.code or None,
    )
