"""What may be asked about letters: a mailbox's pages, one letter's story, a sender's events."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from mypost.evidence import queries as evidence
from mypost.evidence.queries import FeedLine
from mypost.kernel.evidence_entry import Event
from mypost.kernel.identifiers import uuid7
from mypost.letters.demands import check_demands
from mypost.letters.errors import LetterNotFound, NotOpenedYet
from mypost.letters.models import Letter, LetterQuerySet
from mypost.members.models import Member
from mypost.notifications import queries as notifications
from mypost.subscriptions import queries as subscriptions
from mypost.vault import commands as vault
from mypost.vault.envelope import EnvelopeContent
from mypost.vault.errors import ContentDamaged

MOST_COUNTED = 1_000  # unread letters; each page shows the count, so it must stay cheap


@dataclass(frozen=True)
class ListedLetter:
    """One row of the mailbox's list.

    opens: the reader is known, and signed in, as well as the letter demands. subject: empty when
    it does not open, or the content is gone or damaged. names_sender: the reader may know it.
    """

    letter: Letter
    subject: str
    opens: bool
    names_sender: bool


@dataclass(frozen=True)
class Position:
    """A place in a mailbox's list, between the newer letters and the older ones."""

    consigned_at: datetime
    letter_id: UUID


def mailbox_page(
    reader: Member,
    *,
    aal: int,
    older_than: Position | None = None,
    newer_than: Position | None = None,
    unread: bool = False,
    sender_id: UUID | None = None,
    limit: int = 25,
) -> list[ListedLetter]:
    """Return one page of the reader's letters, newest first, subjects opened for the list.

    older_than, newer_than: at most one; the page lies next to it. Showing a row is not opening
    the letter (EN 319 522-1). Ask for one more than you show to learn whether there is more.
    """
    letters = Letter.objects.select_related("sender", "topic")
    if unread:
        letters = letters.filter(state=Letter.State.CONSIGNED)
    if sender_id is not None:  # a letter that hides its sender must not show by asking for it
        letters = letters.filter(sender_id=sender_id).naming_sender_to(reader, aal=aal)
    if newer_than is not None:
        nearest = _first(_beyond(letters, newer_than, "gt"), reader, newest=False, limit=limit)
        return _listed(reader, nearest[::-1], aal=aal)
    if older_than is not None:
        letters = _beyond(letters, older_than, "lt")
    return _listed(reader, _first(letters, reader, newest=True, limit=limit), aal=aal)


def _first(letters: LetterQuerySet, reader: Member, *, newest: bool, limit: int) -> list[Letter]:
    """Return the newest or the oldest of these letters in the reader's mailboxes, in that order.

    Each mailbox is asked by itself: the index has its letters in this order, and no index has
    those of several together.
    """
    ordered = letters.order_by(*(("-consigned_at", "-id") if newest else ("consigned_at", "id")))
    found = [letter for box in reader.mailboxes for letter in ordered.in_mailboxes([box])[:limit]]
    found.sort(key=lambda letter: (letter.consigned_at, letter.id), reverse=newest)
    return found[:limit]


def _beyond(letters: LetterQuerySet, place: Position, side: str) -> LetterQuerySet:
    """Return the letters on one side of a place: "lt" the older, "gt" the newer."""
    at = place.consigned_at
    other_moment = Q(**{f"consigned_at__{side}": at})
    same_moment = Q(**{"consigned_at": at, f"id__{side}": place.letter_id})
    # The outer bound alone is what the index can start from.
    return letters.filter(**{f"consigned_at__{side}e": at}).filter(other_moment | same_moment)


def due_letters(
    reader: Member, *, aal: int, since: date, until: date | None = None, limit: int = 50
) -> list[ListedLetter]:
    """Return the reader's letters that are due in a span of days, both included, soonest first."""
    letters = Letter.objects.readable_by(reader).filter(due__gte=since)
    if until is not None:
        letters = letters.filter(due__lte=until)
    page = letters.select_related("sender", "topic").order_by("due", "id")[:limit]
    return _listed(reader, list(page), aal=aal)


def overdue_letters(
    reader: Member, *, aal: int, before: date, limit: int = 50
) -> list[ListedLetter]:
    """Return the reader's letters that were due before a day, the latest first."""
    letters = Letter.objects.readable_by(reader).filter(due__lt=before)
    page = letters.select_related("sender", "topic").order_by("-due", "-id")[:limit]
    return _listed(reader, list(page), aal=aal)


def _listed(reader: Member, page: Sequence[Letter], *, aal: int) -> list[ListedLetter]:
    subjects = _subjects([letter for letter in page if letter.opens_to(reader, aal=aal)])
    return [
        ListedLetter(
            letter,
            subject=subjects.get(letter.id, ""),
            opens=letter.opens_to(reader, aal=aal),
            names_sender=letter.names_sender_to(reader, aal=aal),
        )
        for letter in page
    ]


def _subjects(letters: Sequence[Letter]) -> dict[UUID, str]:
    """Open letters for a list, each mailbox with its own key."""
    held = defaultdict(list)
    for letter in letters:
        held[letter.mailbox_id].append(letter.id)
    return {
        letter_id: content.subject
        for mailbox_id, letter_ids in held.items()
        for letter_id, content in _contents(mailbox_id, letter_ids).items()
    }


def _contents(mailbox_id: UUID, letter_ids: list[UUID]) -> dict[UUID, EnvelopeContent]:
    """Open letters of one mailbox. A damaged one is missing, and hides no neighbour."""
    try:
        return vault.open_envelopes(mailbox_id, letter_ids)
    except ContentDamaged:
        if len(letter_ids) == 1:
            return {}
        half = len(letter_ids) // 2
        return _contents(mailbox_id, letter_ids[:half]) | _contents(mailbox_id, letter_ids[half:])


def count_unread(reader: Member) -> int:
    """Return how many letters the reader has not opened, at most MOST_COUNTED."""
    unread = Letter.objects.readable_by(reader).filter(state=Letter.State.CONSIGNED)
    return unread[:MOST_COUNTED].count()


def letter_of(reader: Member, letter_id: UUID) -> Letter:
    """Return one of the reader's letters, without its content. Raises LetterNotFound."""
    letters = Letter.objects.readable_by(reader).select_related("sender", "topic")
    letter = letters.filter(id=letter_id).first()
    if letter is None:
        raise LetterNotFound
    return letter


def content_of(reader: Member, letter: Letter, *, aal: int) -> EnvelopeContent:
    """Return the content of a letter that its reader has opened before.

    Raises NotOpenedYet: only hand_over opens a letter. Raises AssuranceTooLow, SignInTooWeak.
    """
    if not letter.is_opened:
        raise NotOpenedYet
    check_demands(letter, reader, aal=aal)
    return vault.open_envelope(letter.mailbox_id, letter.id)


def receipt_of_reader(reader: Member, letter: Letter, *, aal: int) -> dict[str, object]:
    """Return the member's receipt of one letter, which names its sender.

    Raises AssuranceTooLow, SignInTooWeak, ReceiptNotReady.
    """
    check_demands(letter, reader, aal=aal)
    names = subscriptions.pseudonyms_of(letter.sender_id, [letter.mailbox_id])
    facts = {"sender": str(letter.sender_id), "recipient": names.get(letter.mailbox_id, "")}
    return evidence.receipt(letter.mailbox_id, letter.id, holder="member", facts=facts)


@dataclass(frozen=True)
class LetterStory:
    """A letter as its sender may see it: states and times, never content."""

    letter: Letter
    recipient: str
    alerted_at: datetime | None


def story_for_sender(sender_id: UUID, letter_id: UUID) -> LetterStory:
    """Return one letter of a sender. Raises LetterNotFound, also for another sender's letter."""
    letter = Letter.objects.sent_by(sender_id).filter(id=letter_id).first()
    if letter is None:
        raise LetterNotFound
    names = subscriptions.pseudonyms_of(sender_id, [letter.mailbox_id])
    alerted_at = notifications.alerted_at(letter.mailbox_id, letter.id)
    return LetterStory(letter, names.get(letter.mailbox_id, ""), alerted_at)


def receipt_for_sender(story: LetterStory, *, reference: str) -> dict[str, object]:
    """Return the sender's receipt of one letter. Raises ReceiptNotReady."""
    letter = story.letter
    facts = {
        "sender": str(letter.sender_id),
        "recipient": story.recipient,
        "reference": reference,
    }
    return evidence.receipt(letter.mailbox_id, letter.id, holder="sender", facts=facts)


def count_opened(consignment_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many letters of each consignment have been opened."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT consignment_id, count(*)
              FROM letters_letter
             WHERE consignment_id = ANY(%s) AND state = 'handed_over'
             GROUP BY consignment_id
            """,
            [list(consignment_ids)],
        )
        return dict(cursor.fetchall())


@dataclass(frozen=True)
class Figures:
    """How many letters reached their mailbox, and how many of those were opened."""

    delivered: int
    opened: int


FIGURES = """
    SELECT count(*), count(*) FILTER (WHERE state = 'handed_over')
      FROM letters_letter
     WHERE sender_id = %s AND id >= %s
"""


def figures_since(sender_id: UUID, since: datetime) -> Figures:
    """Return a sender's figures of the letters made since a time. since: aware."""
    first_possible = uuid7(since, bytes(10))  # identifiers sort by their time
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, [sender_id, first_possible])
        return Figures(*cursor.fetchone())


def letters_sent(sender_id: UUID, letter_ids: Collection[UUID]) -> dict[UUID, Letter]:
    """Return those of the letters that this sender sent, by id."""
    return {
        letter.id: letter for letter in Letter.objects.sent_by(sender_id).filter(id__in=letter_ids)
    }


def last_openings(sender_id: UUID, *, limit: int) -> list[tuple[UUID, datetime]]:
    """Return (letter, time) of a sender's letters that were opened last, as the log tells it."""
    return evidence.latest(sender_id, Event.CONTENT_HANDOVER, limit=limit)


EVENTS = {
    Event.CONTENT_CONSIGNMENT: "letter.consigned",
    Event.CONTENT_HANDOVER: "letter.opened",
    Event.SUBMISSION_REJECTION: "letter.refused",
    Event.CONSIGNMENT_COMPLETED: "consignment.completed",
    Event.SENDER_SELECTION_CHANGED: "subscription",  # .started or .ended, as the line's reason says
}


@dataclass(frozen=True)
class SenderEvent:
    """One event of a sender's feed.

    cursor: ask for what follows it. recipient: the pseudonym, of subscription events.
    """

    cursor: int
    type: str
    at: datetime
    subject_id: UUID
    code: str
    recipient: str


def events_of(sender_id: UUID, *, after: int, limit: int) -> list[SenderEvent]:
    """Return the sender's events after a cursor, -1 for the first, in the order of the log."""
    lines = evidence.feed(sender_id, list(EVENTS), after=after, limit=limit)
    changed = [line.subject_id for line in lines if line.event == Event.SENDER_SELECTION_CHANGED]
    names = subscriptions.pseudonyms_by_id(sender_id, changed)
    return [_sender_event(line, names.get(line.subject_id, "")) for line in lines]


def _sender_event(line: FeedLine, recipient: str) -> SenderEvent:
    kind, code = EVENTS[line.event], line.reason
    if line.event == Event.SENDER_SELECTION_CHANGED:
        kind, code = f"{kind}.{line.reason}", ""
    return SenderEvent(line.cursor, kind, line.at, line.subject_id, code, recipient)
