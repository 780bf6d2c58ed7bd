"""python -m sandbox.print_shop --port 8007 --folder var/print_shop --carrier http://127.0.0.1:8008"""

import argparse
from pathlib import Path
from threading import Thread

from ..paper.serving import serve, token_of
from .carrying import keep_carrying
from .http import PrintShopWeb


def main() -> None:
    """Serve until SIGTERM or SIGINT. Ends with one sentence when the port is taken."""
    wishes = _wishes()
    token = token_of(wishes.carrier_token_file)
    serve(
        "print shop",
        lambda: PrintShopWeb(wishes.port, token=token_of(wishes.token_file), folder=wishes.folder),
        beside=lambda web, stop: Thread(
            target=keep_carrying, args=(web.press, wishes.carrier, token, stop), daemon=True
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


if __name__ == "__main__":
    main()
