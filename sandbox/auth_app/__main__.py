"""python -m sandbox.auth_app --port 8006 --folder var/auth_app --cards var/card_office …"""

import argparse
import signal
from pathlib import Path
from threading import Thread

from .cards import OfficeCards
from .provider import Provider
from .web import AppWeb


def main() -> None:
    """Serve until SIGTERM or SIGINT. Ends with one sentence when the port is taken."""
    wishes = _wishes()
    provider = Provider(
        issuer=f"http://localhost:{wishes.port}",
        folder=wishes.folder,
        client_id=wishes.client_id,
        client_key=wishes.client_key.read_bytes(),
        redirect_uris=frozenset(wishes.redirect_uri),
    )
    try:
        web = AppWeb(provider, OfficeCards(wishes.cards), wishes.port)
    except OSError as error:
        raise SystemExit(f"auth app: {error.strerror or error}") from error
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)  # before the thread, which inherits it
    Thread(target=web.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    print(f"auth app ready: http://localhost:{wishes.port}/", flush=True)
    signal.sigwait(signals)
    web.shutdown()


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox.auth_app", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="where its key lies")
    parser.add_argument("--cards", type=Path, required=True, help="the card office's folder")
    parser.add_argument("--client-id", default="mypost")
    parser.add_argument("--client-key", type=Path, required=True, help="PEM, public")
    parser.add_argument("--redirect-uri", action="append", required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
