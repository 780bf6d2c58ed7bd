"""What may be asked about consignments and their items."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, Sum

from mypost.evidence import queries as evidence
from mypost.intake.errors import ConsignmentNotFound
from mypost.intake.models import Consignment, Item
from mypost.kernel import crockford
from mypost.kernel.identifiers import LETTER_NUMBER_LENGTH
from mypost.kernel.pseudonyms import normalise_pseudonym


@dataclass(frozen=True)
class Totals:
    """The ledger's sums over many consignments; submitted equals the sum of the other four."""

    submitted: int
    in_mailbox: int
    on_paper: int
    refused: int
    pending: int


def consignment_of(sender_id: UUID, consignment_id: UUID) -> Consignment:
    """Return one of the sender's consignments. Raises ConsignmentNotFound."""
    own = Consignment.objects.filter(sender_id=sender_id).select_related("topic")
    consignment = own.filter(id=consignment_id).first()
    if consignment is None:
        raise ConsignmentNotFound
    return consignment


def consignments_of(
    sender_id: UUID, *, before: UUID | None = None, kind: str = "", limit: int = 25
) -> list[Consignment]:
    """Return a sender's consignments, newest first, keyset-paged by id."""
    own = Consignment.objects.filter(sender_id=sender_id).select_related("topic")
    if kind:
        own = own.filter(kind=kind)
    if before is not None:
        own = own.filter(id__lt=before)
    return list(own.order_by("-id")[:limit])


def running_consignments(sender_id: UUID, *, limit: int = 10) -> list[Consignment]:
    """Return the sender's consignments that are being examined or delivered, newest first."""
    running = [Consignment.State.SUBMITTED, Consignment.State.DELIVERING]
    own = Consignment.objects.filter(sender_id=sender_id, state__in=running)
    return list(own.order_by("-id")[:limit])


def items_of(consignment: Consignment, *, after: int = 0, limit: int = 1_000) -> list[Item]:
    """Return decided items in the order of the sender's file, keyset-paged by position."""
    later = Item.objects.filter(consignment=consignment, position__gt=after)
    return list(later.order_by("position")[:limit])


def refused_items(consignment: Consignment, *, limit: int = 100) -> list[Item]:
    """Return the first refused items, for the console."""
    refused = Item.objects.filter(consignment=consignment, state=Item.State.REFUSED)
    return list(refused.order_by("position")[:limit])


def all_items(consignment: Consignment) -> Iterator[Item]:
    """Yield every decided item in order, page by page."""
    after = 0
    while page := items_of(consignment, after=after):
        yield from page
        after = page[-1].position


def item_of_letter(sender_id: UUID, letter_id: UUID) -> Item | None:
    """Return the item of one of the sender's letters, also of a refused or a test one."""
    own = Item.objects.filter(sender_id=sender_id, letter_id=letter_id)
    return own.select_related("consignment").first()


def receipt_of_refusal(item: Item) -> dict[str, object]:
    """Return the bundle that proves why and when an item was refused. Raises ReceiptNotReady."""
    facts = {
        "sender": str(item.sender_id),
        "recipient": item.recipient,
        "reference": item.reference,
    }
    return evidence.receipt(item.letter_id, item.letter_id, holder="sender", facts=facts)


def items_of_letters(sender_id: UUID, letter_ids: list[UUID]) -> dict[UUID, Item]:
    """Return the items of these letters, by letter."""
    own = Item.objects.filter(sender_id=sender_id, letter_id__in=letter_ids)
    return {item.letter_id: item for item in own}


def any_consignment(consignment_id: UUID) -> Consignment:
    """Return one consignment of any sender, for the back office. Raises ConsignmentNotFound."""
    known = Consignment.objects.select_related("sender", "topic")
    consignment = known.filter(id=consignment_id).first()
    if consignment is None:
        raise ConsignmentNotFound
    return consignment


def consignments_of_all(
    *, before: UUID | None = None, after: UUID | None = None, limit: int = 50
) -> list[Consignment]:
    """Return the consignments of all senders, newest first.

    before, after: at most one; the page lies next to the consignment with this id.
    """
    consignments = Consignment.objects.select_related("sender")
    if after is not None:
        return list(consignments.filter(id__gt=after).order_by("id")[:limit])[::-1]
    if before is not None:
        consignments = consignments.filter(id__lt=before)
    return list(consignments.order_by("-id")[:limit])


def totals() -> Totals:
    """Return the sums over all live consignments; a test delivers nothing and is left out."""
    live = Consignment.objects.filter(live=True)
    columns = ("submitted", "in_mailbox", "on_paper", "refused", "pending")
    return Totals(**live.aggregate(**{name: Sum(name, default=0) for name in columns}))


def count_pending() -> tuple[int, int]:
    """Return how many items of how many live consignments are not decided yet."""
    undecided = Consignment.objects.filter(live=True, pending__gt=0)
    counts = undecided.aggregate(items=Sum("pending", default=0), consignments=Count("id"))
    return counts["items"], counts["consignments"]


def refusals_of(consignment: Consignment) -> list[tuple[str, int]]:
    """Return how many items each code has refused, the most frequent first."""
    refused = Item.objects.filter(consignment=consignment, state=Item.State.REFUSED)
    counted = refused.values_list("code").annotate(items=Count("position"))
    return list(counted.order_by("-items", "code"))


def find_items(
    sender_id: UUID, words: str = "", *, before: UUID | None = None, limit: int = 25
) -> list[Item]:
    """Return a sender's items, newest first, keyset-paged by letter.

    words: a letter's number, the sender's reference or a pseudonym, whole; "" for all.
    """
    own = Item.objects.filter(sender_id=sender_id).select_related("consignment")
    if words:
        number = crockford.normalise(words, length=LETTER_NUMBER_LENGTH)
        recipient = normalise_pseudonym(words) or words
        own = own.filter(Q(number=number) | Q(reference=words) | Q(recipient=recipient))
    if before is not None:
        own = own.filter(letter_id__lt=before)
    return list(own.order_by("-letter_id")[:limit])
