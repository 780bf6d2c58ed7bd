"""python -m sandbox.card_office --port 8005 --folder var/card_office --return-to http://localhost:8000"""

import argparse
import signal
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

from .authority import Authority
from .http import OfficeWeb, Terms
from .office import Office
from .reader import origin_of


def main() -> None:
    """Serve until SIGTERM or SIGINT. Ends with one sentence when the port is taken."""
    wishes = _wishes()
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)  # before the thread, which inherits it
    office = Office(Authority(wishes.folder))
    try:
        web = OfficeWeb(office, _terms(wishes), wishes.port)
    except OSError as error:
        raise SystemExit(f"card office: {error.strerror or error}") from error
    with web:
        office.open(datetime.now(UTC))
        Thread(target=web.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        print(f"card office ready: http://127.0.0.1:{web.server_port}/", flush=True)
        signal.sigwait(signals)
        web.shutdown()


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox.card_office", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="0 takes any free port")
    parser.add_argument("--folder", type=Path, required=True, help="where register and cards lie")
    parser.add_argument(
        "--return-to", action="append", required=True, help="address of a service that asks cards"
    )
    parser.add_argument("--platform-token-file", type=Path, help="without it nobody is told")
    parser.add_argument("--slow-seconds", type=float, default=5, help="how long `slow` takes")
    return parser.parse_args()


def _terms(wishes: argparse.Namespace) -> Terms:
    origins = frozenset(origin_of(address) for address in wishes.return_to)
    if "" in origins:
        raise SystemExit("card office: --return-to takes web addresses.")
    file = wishes.platform_token_file
    token = file.read_text(encoding="utf-8").strip() if file else ""
    return Terms(origins, token, wishes.slow_seconds)


if __name__ == "__main__":
    main()
