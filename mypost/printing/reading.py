"""Reading what a party sends: everything is doubted, and nothing of it may stop the feed."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from mypost.kernel.identifiers import is_mail_piece_number
from mypost.printing.errors import AnswerUnreadable, PrintingError
from mypost.printing.models import Party
from mypost.proofing.passcodes import PostalFacts
from mypost.proofing.reasons import PostalEvent, ReturnReason

# Who may tell what: the print shop hands over to nobody.
KINDS = {
    Party.PRINT_SHOP: {PostalEvent.PRINTED},
    Party.CARRIER: {
        PostalEvent.ACCEPTED,
        PostalEvent.NOTICE_LEFT,
        PostalEvent.HANDED_OVER,
        PostalEvent.RETURNED,
    },
}
CARRIERS_REASONS = set(ReturnReason) - {ReturnReason.NOT_PRINTABLE}
FAST_CLOCK = timedelta(hours=1)
LONGEST_BODY = 2000  # characters kept of an event that is none
_PRINTABLE = re.compile(r"[!-~]{1,100}")
_CURSOR = re.compile(r"[!-~]{0,200}")
_TRACKING = re.compile(r"[0-9A-Z-]{1,20}")
_DOCUMENT = re.compile(r"[a-z_]{1,30}")
_DIGITS = re.compile(r"[0-9A-Z]{1,4}")


class EventUnusable(PrintingError):
    """Base of what an event may lack; it is kept aside with the code."""


class EventMalformed(EventUnusable):
    """A part of the event is missing or is not what was agreed."""

    code: ClassVar[str] = "event_malformed"


class EventUnknown(EventUnusable):
    """The party may not tell this kind of thing, or nobody knows the kind."""

    code: ClassVar[str] = "event_unknown"


class PieceUnknown(EventUnusable):
    """The event is about a mail piece that is none of ours."""

    code: ClassVar[str] = "piece_unknown"


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a feed. cursor: from where to ask next."""

    events: Sequence[object]
    cursor: str


@dataclass(frozen=True, slots=True)
class Told:
    """One event that can be believed. happened_at: aware."""

    event_id: str
    number: str
    kind: PostalEvent
    happened_at: datetime
    facts: PostalFacts


def read_page(body: bytes) -> Page:
    """Return a page of `{"events": […], "cursor": "…"}`. Raises AnswerUnreadable."""
    try:
        page = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise AnswerUnreadable from error
    if not isinstance(page, dict):
        raise AnswerUnreadable
    events, cursor = page.get("events"), page.get("cursor")
    if not isinstance(events, list) or not isinstance(cursor, str) or not _CURSOR.fullmatch(cursor):
        raise AnswerUnreadable
    return Page(events, cursor)


def read_event(party: Party, event: object, *, at: datetime) -> Told:
    """Return what an event says. Raises EventMalformed, EventUnknown."""
    event_id, number = event_id_of(event), number_of(event)
    if not event_id or not number:
        raise EventMalformed
    kind = _text(event, "kind")
    if kind not in KINDS[party]:
        raise EventUnknown
    return Told(
        event_id, number, PostalEvent(kind), _moment(event, at=at), _facts(event, PostalEvent(kind))
    )


def event_id_of(event: object) -> str:
    """Return the party's own id of an event, or nothing when it has none that can be kept."""
    given = _text(event, "id")
    return given if _PRINTABLE.fullmatch(given) else ""


def number_of(event: object) -> str:
    """Return the number of the piece that an event names, or nothing when that is none."""
    given = _text(event, "number")
    return given if is_mail_piece_number(given) else ""


def written(event: object) -> str:
    """Return the beginning of an event as ASCII, to be kept aside."""
    return json.dumps(event, sort_keys=True)[:LONGEST_BODY]


def _text(event: object, name: str) -> str:
    value = event.get(name) if isinstance(event, dict) else None
    return value if isinstance(value, str) else ""


def _moment(event: object, *, at: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(event, "at"))
    except ValueError as error:
        raise EventMalformed from error
    if moment.tzinfo is None or moment > at + FAST_CLOCK:
        raise EventMalformed
    return moment


def _facts(event: object, kind: PostalEvent) -> PostalFacts:
    """Return what belongs to this kind of event. Without a look at a document nobody is proved."""
    match kind:
        case PostalEvent.ACCEPTED:
            return PostalFacts(tracking_number=_matching(event, "tracking_number", _TRACKING))
        case PostalEvent.HANDED_OVER:
            return PostalFacts(
                id_document=_matching(event, "id_document", _DOCUMENT),
                id_last_digits=_matching(event, "id_last_digits", _DIGITS),
            )
        case PostalEvent.RETURNED:
            reason = _text(event, "return_reason")
            if reason not in CARRIERS_REASONS:
                raise EventMalformed
            return PostalFacts(return_reason=ReturnReason(reason))
        case _:
            return PostalFacts()


def _matching(event: object, name: str, pattern: re.Pattern[str]) -> str:
    value = _text(event, name)
    if not pattern.fullmatch(value):
        raise EventMalformed
    return value
