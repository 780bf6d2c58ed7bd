"""What may be asked about senders: lists for members and the back office, a contract's story."""

from uuid import UUID

from django.db.models import Count, Q

from mypost.kernel.codes import is_corporate_number, is_municipality_code
from mypost.senders.errors import SenderNotFound
from mypost.senders.models import ContractChange, Sender


def choosable_by_kind(*, at_most: int) -> dict[Sender.Kind, list[Sender]]:
    """Return senders that anybody may see, by kind: at most so many of each, newest contract first.

    A kind without senders is missing.
    """
    found: dict[Sender.Kind, list[Sender]] = {}
    for kind in Sender.Kind:
        senders = Sender.objects.choosable().filter(kind=kind)
        if newest := list(senders.order_by("-contract_since", "name")[:at_most]):
            found[kind] = newest
    return found


def sender_of(sender_id: UUID) -> Sender:
    """Return one sender, whatever its contract's state. Raises SenderNotFound."""
    sender = Sender.objects.filter(id=sender_id).first()
    if sender is None:
        raise SenderNotFound
    return sender


def senders_page(
    *,
    state: str = "",
    words: str = "",
    before: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Sender]:
    """Return senders, the latest applicant first.

    state: one contract state, "" for all. words: part of a name, or the beginning of a code.
    before, after: at most one; the page lies next to the sender with this id.
    """
    senders = Sender.objects.filter(contract_state=state) if state else Sender.objects.all()
    if words:
        named = Q(name__icontains=words) | Q(name_en__icontains=words)
        senders = senders.filter(named | Q(code__startswith=words))
    if after is not None:
        return list(senders.filter(id__gt=after).order_by("id")[:limit])[::-1]
    if before is not None:
        senders = senders.filter(id__lt=before)
    return list(senders.order_by("-id")[:limit])


def count_by_state() -> dict[str, int]:
    """Return how many senders are in each contract state; states without any are missing."""
    counted = Sender.objects.values_list("contract_state").annotate(Count("id"))
    return dict(counted.order_by())


def has_verified_code(sender: Sender) -> bool:
    """Say whether the check digit of the sender's code is right."""
    if sender.kind == Sender.Kind.MUNICIPALITY:
        return is_municipality_code(sender.code)
    return is_corporate_number(sender.code)


def contract_story(sender_id: UUID) -> list[ContractChange]:
    """Return the steps of a sender's contract, the latest first."""
    changes = ContractChange.objects.filter(sender_id=sender_id).select_related("changed_by")
    return list(changes.order_by("-at", "-id"))
