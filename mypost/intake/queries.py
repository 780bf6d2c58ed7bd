"""What may be asked about consignments and their items."""

from collections.abc import Iterator
from uuid import UUID

from mypost.intake.errors import ConsignmentNotFound
from mypost.intake.models import Consignment, Item


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


def items_of_letters(sender_id: UUID, letter_ids: list[UUID]) -> dict[UUID, Item]:
    """Return the items of these letters, by letter."""
    own = Item.objects.filter(sender_id=sender_id, letter_id__in=letter_ids)
    return {item.letter_id: item for item in own}
