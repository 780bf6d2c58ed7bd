"""python -m sandbox.print_shop --port 8007 --folder var/print_shop --carrier http://127.0.0.1:8008"""

import argparse
import json
from pathlib import Path
from threading import Event, Thread
from urllib.request import Request, urlopen

from ..paper.serving import serve, token_of
from .http import PrintShopWeb
from .press import Press, Printed

_PATIENCE = 5.0  # seconds


def main() -> None:
    """Serve until SIGTERM or SIGINT. Ends with one sentence when the port is taken."""
    wishes = _wishes()
    token = token_of(wishes.carrier_token_file)
    serve(
        "print shop",
        lambda: PrintShopWeb(wishes.port, token=token_of(wishes.token_file), folder=wishes.folder),
        beside=lambda web, stop: Thread(
            target=_carry, args=(web.press, wishes.carrier, token, stop), daemon=True
        ),
    )


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox.print_shop", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="0 takes any free port")
    parser.add_argument("--folder", type=Path, required=True, help="where papers and key are kept")
    parser.add_argument("--carrier", required=True, help="who carries: http://…")
    parser.add_argument("--token-file", type=Path, help="what programs must know")
    parser.add_argument("--carrier-token-file", type=Path, help="what the carrier wants to know")
    return parser.parse_args()


def _carry(press: Press, carrier: str, token: str, stop: Event) -> None:
    """Give printed pieces to the carrier, again and again until it has them."""
    while not stop.wait(0.2):
        for piece in list(press.to_carry()):
            try:
                _give(piece, carrier, token)
            except OSError:  # away, or it refuses: HTTPError is one
                stop.wait(1.0)
                break
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


if __name__ == "__main__":
    main()
