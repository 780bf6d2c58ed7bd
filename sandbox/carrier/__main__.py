"""python -m sandbox.carrier --port 8008 --folder var/carrier --token-file …"""

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

from ..paper.serving import serve, token_of
from .http import CarrierWeb
from .round import IdDocument, Round, State


def main() -> None:
    """Serve until SIGTERM or SIGINT. Ends with one sentence when the port is taken."""
    wishes = _wishes()
    serve(
        "carrier",
        lambda: CarrierWeb(wishes.port, token=token_of(wishes.token_file), folder=wishes.folder),
        beside=lambda web, stop: _walk(web.round, wishes.speed, stop),
    )


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox.carrier", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="0 takes any free port")
    parser.add_argument("--folder", type=Path, required=True, help="where the pieces are kept")
    parser.add_argument("--token-file", type=Path, help="what programs must know")
    parser.add_argument(
        "--speed", type=float, default=0, help="seconds until a piece goes on by itself; 0: never"
    )
    return parser.parse_args()


def _walk(round_: Round, speed: float, stop: Event) -> Thread | None:
    """Let pieces go on by themselves: a notice, then the hand-over."""
    if not speed:
        return None

    def walk() -> None:
        while not stop.wait(min(speed, 0.2)):
            for piece in round_.pieces():
                at = datetime.now(UTC)
                told = datetime.fromisoformat(round_.events_of(piece.number)[-1]["at"])
                if not piece.is_under_way or at - told < timedelta(seconds=speed):
                    continue
                if piece.state == State.ACCEPTED:
                    round_.leave_notice(piece.number, at=at)
                else:
                    round_.hand_over(piece.number, IdDocument.MY_NUMBER_CARD, "0257", at=at)

    return Thread(target=walk, daemon=True)


if __name__ == "__main__":
    main()
