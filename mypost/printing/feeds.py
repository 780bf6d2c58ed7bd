"""The parties' feeds: asked from where we stopped, each event taken once, whatever its order."""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from mypost.common.failpoints import failpoint
from mypost.common.problems import Refusal
from mypost.members.models import Member
from mypost.printing import outside
from mypost.printing.errors import PartyAway, PartyRefuses, PrintingError
from mypost.printing.models import Feed, MailPiece, Party, PartyEvent, StrayEvent
from mypost.printing.reading import (
    EventUnusable,
    Page,
    PieceUnknown,
    Told,
    event_id_of,
    number_of,
    read_event,
    read_page,
    written,
)
from mypost.proofing import passcodes
from mypost.vault import commands as vault

MOST_PAGES = 10  # taken from one party in one turn
PAUSES = [timedelta(seconds=s) for s in (5, 30, 120, 600)]  # before asking again; the last stays
State = MailPiece.State
# The state is that of the furthest event, so their order does not matter. What came back was
# handed to nobody.
WAY = [
    State.FAILED, State.CANCELLED, State.COMPOSED, State.ORDERED, State.PRINTED, State.ACCEPTED,
    State.NOTICE_LEFT, State.HANDED_OVER, State.RETURNED,
]  # fmt: skip


def address_of(party: Party) -> str:
    """Return a party's base address, or nothing when this installation has no such party."""
    return settings.PRINT_SHOP_URL if party == Party.PRINT_SHOP else settings.CARRIER_URL


def take(party: Party, *, at: datetime) -> int:
    """Take what a party has to tell now. Returns how many events were new."""
    new = 0
    for _page in range(MOST_PAGES):
        feed, _ = Feed.objects.get_or_create(party=party, defaults={"due_at": at})
        if feed.due_at > at:
            break
        try:
            page = _fetch(party, after=feed.cursor)
        except PrintingError as refusal:
            _put_off(feed, refusal.code, at=at)
            break
        new += _keep(party, feed.cursor, page, at=at)
        if page.cursor == feed.cursor:
            break
    return new


def _fetch(party: Party, *, after: str) -> Page:
    """Ask for the events after a cursor. Raises PartyAway, PartyRefuses, AnswerUnreadable."""
    token = settings.PRINT_SHOP_TOKEN if party == Party.PRINT_SHOP else settings.CARRIER_TOKEN
    address = f"{address_of(party)}/events"
    answer = outside.ask("GET", address, token=token, query={"after": after})
    if answer.status != 200:
        raise PartyAway if answer.status >= 500 or answer.status == 429 else PartyRefuses
    return read_page(answer.body)


def _put_off(feed: Feed, code: str, *, at: datetime) -> None:
    pause = PAUSES[min(feed.failures, len(PAUSES) - 1)]
    Feed.objects.filter(party=feed.party).update(
        failures=min(feed.failures + 1, 30_000), failure=code, due_at=at + pause
    )


@transaction.atomic
def _keep(party: Party, after: str, page: Page, *, at: datetime) -> int:
    """Take one page and move the cursor, together. Another worker's turn is left alone."""
    feed = Feed.objects.select_for_update().get(party=party)
    if feed.cursor != after:
        return 0
    _hold_members(page)
    new = sum(_take(party, event, at=at) for event in page.events)
    failpoint("print.events_taken")
    feed.cursor, feed.failures, feed.failure = page.cursor, 0, ""
    feed.save(update_fields=["cursor", "failures", "failure"])
    return new


def _hold_members(page: Page) -> None:
    """Lock everybody of whom a page tells, in one order, until we commit.

    The other party's page, or a merge of accounts, may come upon the same two in another order:
    each would wait for the other for ever.
    """
    told = MailPiece.objects.filter(number__in={number_of(event) for event in page.events})
    members = Member.objects.select_for_update().order_by("id")
    list(members.filter(mailbox_id__in=told.values("mailbox_id")).values_list("id"))


def _take(party: Party, event: object, *, at: datetime) -> bool:
    """Take one event, or keep it aside. Returns whether it was new."""
    try:
        with transaction.atomic():
            return _note(party, read_event(party, event, at=at), at=at)
    except (EventUnusable, Refusal) as refusal:
        StrayEvent.objects.get_or_create(
            party=party,
            event_id=event_id_of(event) or _digest(event),
            defaults={"code": refusal.code, "body": written(event), "taken_at": at},
        )
        return False


def _digest(event: object) -> str:
    return "sha256:" + hashlib.sha256(written(event).encode()).hexdigest()


def _note(party: Party, told: Told, *, at: datetime) -> bool:
    piece = _lock_piece(told)
    _, is_new = PartyEvent.objects.get_or_create(
        mailbox_id=piece.mailbox_id,
        party=party,
        event_id=told.event_id,
        defaults={
            "piece_id": piece.id,
            "kind": told.kind,
            "happened_at": told.happened_at,
            "taken_at": at,
        },
    )
    if is_new:
        _move(piece, told)
        # It records the evidence, once for each kind of event.
        passcodes.note(piece.subject_id, told.kind, at=told.happened_at, facts=told.facts)
    return is_new


def _lock_piece(told: Told) -> MailPiece:
    """Return the piece of an event. Raises PieceUnknown, also for one that two pieces share."""
    found = list(MailPiece.objects.select_for_update().filter(number=told.number)[:2])
    # An event from before its piece is another piece's, or a clock's that cannot be trusted.
    if len(found) != 1 or told.happened_at < found[0].composed_at - timedelta(days=1):
        raise PieceUnknown
    return found[0]


def _move(piece: MailPiece, told: Told) -> None:
    piece.state = max(State(piece.state), State(told.kind), key=WAY.index)
    piece.tracking_number = told.facts.tracking_number or piece.tracking_number
    if piece.object_id is not None:  # whatever is told, it is on paper by now
        vault.destroy_objects([piece.object_id])
        piece.object_id = None
    piece.save(update_fields=["state", "tracking_number", "object_id"])
