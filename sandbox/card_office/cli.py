"""python -m sandbox.card_office.cli --folder var/card_office list | sign | unlock | move | lose …

Works on the folder of a running office as well: both use one register.
"""

import argparse
import json
import sys
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

from .authority import Authority
from .card import KINDS, CardRefuses
from .counter import act
from .disturbances import DISTURBANCES
from .office import EVENTS, Office, OfficeRefuses
from .world import MUNICIPALITIES


def main(words: list[str] | None = None) -> None:
    """Do one thing. Ends with one sentence, and status 1, when office or card refuse."""
    wishes = _parser().parse_args(words)
    office = Office(Authority(wishes.folder))
    now = datetime.now(UTC)
    try:
        _do(office, wishes, now)
    except (CardRefuses, OfficeRefuses) as refusal:
        raise SystemExit(f"card office: {refusal}") from refusal
    except KeyError as unknown:
        raise SystemExit(f"card office: there is no {unknown}") from unknown


def _do(office: Office, wishes: argparse.Namespace, now: datetime) -> None:
    match wishes.command:
        case "open":
            office.open(now)
        case "list":
            print(json.dumps(_everybody(office, now), ensure_ascii=False, indent=2))
        case "sign":
            print(json.dumps(_signed(office, wishes, sys.stdin.buffer.read())))
        case "disturb":
            office.authority.disturbances.switch(wishes.name, on=not wishes.off)
        case event:
            form = {key: str(value) for key, value in vars(wishes).items()}
            act(office, wishes.resident, event, form, at=now)


def _everybody(office: Office, now: datetime) -> list[dict[str, object]]:
    people = []
    for holder in office.holders():
        certificates: dict[str, object] = {}
        for kind in KINDS:
            if status := office.status(holder, kind, now):
                _, serial = holder.card.issuer_and_serial(kind)
                left = holder.card.tries_left(kind)
                certificates[kind] = {"serial": serial, "state": status.state, "tries_left": left}
        person = holder.resident
        people.append({"id": person.id, "name": person.name, "state": holder.state, **certificates})
    return people


def _signed(office: Office, wishes: argparse.Namespace, text: bytes) -> dict[str, str]:
    answer = office.holder(wishes.resident).card.sign(wishes.kind, wishes.pin, text)
    return {
        "certificate": b64encode(answer.certificate_der).decode(),
        "signature": b64encode(answer.signature).decode(),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sandbox.card_office.cli", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("var/card_office"))
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("open", help="enter the demo's residents")
    commands.add_parser("list", help="everybody, as JSON")
    sign = commands.add_parser("sign", help="sign standard input, answer as JSON")
    sign.add_argument("resident")
    sign.add_argument("--kind", choices=KINDS, required=True)
    sign.add_argument("--pin", required=True)
    disturb = commands.add_parser("disturb", help="make lists and answers go wrong")
    disturb.add_argument("name", choices=DISTURBANCES)
    disturb.add_argument("--off", action="store_true")
    for event in EVENTS:
        _add_fields(event, commands.add_parser(event))
    return parser


def _add_fields(event: str, parser: argparse.ArgumentParser) -> None:
    parser.add_argument("resident")
    match event:
        case "move":
            parser.add_argument("--address", required=True)
            parser.add_argument("--city", choices=sorted(MUNICIPALITIES), default="みなと市")
        case "rename":
            parser.add_argument("--name", required=True)
        case "unlock":
            parser.add_argument("--kind", choices=KINDS, required=True)
            parser.add_argument("--pin", required=True)


if __name__ == "__main__":
    main()
