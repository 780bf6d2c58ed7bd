"""What may be asked about senders."""

from mypost.senders.models import Sender


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
