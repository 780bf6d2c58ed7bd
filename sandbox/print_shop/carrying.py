"""Giving printed pieces to the carrier, over its interface."""

import json
from threading import Event
from urllib.request import Request, urlopen

from .press import Press, Printed

_PATIENCE = 5.0  # seconds


def keep_carrying(press: Press, carrier: str, token: str, stop: Event) -> None:
    """Give pieces to the carrier until told to stop; one that is away is asked again."""
    while not stop.wait(0.2):
        try:
            give_all(press, carrier, token)
        except OSError:  # away, or it refuses: HTTPError is one
            stop.wait(1.0)


def give_all(press: Press, carrier: str, token: str) -> None:
    """Give every piece that the carrier has not taken yet. Raises OSError."""
    for piece in list(press.to_carry()):
        _give(piece, carrier, token)
        press.mark_carried(piece.number)


def _give(piece: Printed, carrier: str, token: str) -> None:
    order = json.dumps({"service": piece.service, "window": piece.window}).encode()
    request = Request(  # noqa: S310  the address is what we were started with
        f"{carrier}/pieces/{piece.number}",
        data=order,
        method="PUT",
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urlopen(request, timeout=_PATIENCE):  # noqa: S310
        pass
