"""The card reader as a page: somebody chooses a card, enters its PIN, and takes the answer back.

It stands for the reader program on a person's own computer or phone. It signs what it is given,
shows it before, and gives the answer to nobody but the address that the office was started with.
"""

import re
from base64 import b64encode, urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from urllib.parse import urlsplit

from .card import CardAnswer, CardRefuses, Kind, NoCertificate, PinLocked, PinWrong, pin_fits
from .office import Holder, Office
from .page import alert, hidden, page, paragraph, say

KEYS: dict[str, Kind] = {"sign_in": "auth", "step_up": "auth", "link": "auth", "prove": "sign"}
_NUMBER = re.compile(r"^number: ([0-9a-f-]{36})$", re.MULTILINE)
_LONGEST_TEXT = 4096
_KEPT = ("challenge", "purpose", "return_to")


class RequestRefused(Exception):
    """The question is not one that this reader answers."""


@dataclass(frozen=True)
class Request:
    """What a service asks a card. text: what is signed. return_to: where the answer goes."""

    text: bytes
    purpose: str
    return_to: str
    challenge: str

    @property
    def kind(self) -> Kind:
        """Which of the card's keys signs."""
        return KEYS[self.purpose]

    @property
    def number(self) -> str:
        """The number of the question, as its text tells it; empty where it tells none."""
        found = _NUMBER.search(self.text.decode(errors="replace"))
        return found[1] if found else ""

    @property
    def origin(self) -> str:
        """Who asks."""
        return origin_of(self.return_to)


@dataclass(frozen=True)
class Shown:
    """A page, its status, and the other origin that its form may send to."""

    page: str
    status: int = 200
    goes_to: str = ""


class Reader:
    """The reader, before the cards of one office. return_to: origins that may ask."""

    def __init__(self, office: Office, return_to: frozenset[str]) -> None:
        self._office = office
        self._return_to = return_to

    def ask(self, given: Mapping[str, str]) -> Shown:
        """Show the question, the cards, and the field for the PIN."""
        try:
            request = self._read(given)
        except RequestRefused:
            return _refused()
        return Shown(self._question(request, chosen="", trouble=""))

    def answer(self, given: Mapping[str, str], at: datetime) -> Shown:
        """Let the chosen card sign; or show the question again, with what went wrong."""
        try:
            request = self._read(given)
        except RequestRefused:
            return _refused()
        chosen = given.get("card", "")
        try:
            signed = self._sign(request, chosen, given.get("pin", "").strip())
        except CardRefuses as refusal:
            trouble = _trouble(refusal)
        except KeyError:
            trouble = alert("choose")
        except ValueError:
            trouble = alert("pin_misshapen")
        else:
            return Shown(_result(request, signed), goes_to=request.origin)
        return Shown(self._question(request, chosen=chosen, trouble=trouble), status=422)

    def _read(self, given: Mapping[str, str]) -> Request:
        challenge, return_to = given.get("challenge", ""), given.get("return_to", "")
        purpose = given.get("purpose", "")
        text = _decoded(challenge)
        if purpose not in KEYS or not text or origin_of(return_to) not in self._return_to:
            raise RequestRefused
        return Request(text, purpose, return_to, challenge)

    def _sign(self, request: Request, chosen: str, pin: str) -> CardAnswer:
        holder = self._office.holder(chosen)
        pin = pin.upper() if request.kind == "sign" else pin
        if holder.card.has(request.kind) and not pin_fits(request.kind, pin):
            raise ValueError(pin)  # never reaches the card, costs no try
        return holder.card.sign(request.kind, pin, request.text)

    def _question(self, request: Request, *, chosen: str, trouble: str) -> str:
        cards = "".join(_choice(each, request.kind, chosen) for each in self._office.holders())
        kept = "".join(hidden(name, getattr(request, name)) for name in _KEPT)
        return page(
            "reader",
            f"<p>{say('asks')} <strong>{escape(request.origin)}</strong></p>"
            f"<h2>{say('text')}</h2><pre>{escape(request.text.decode(errors='replace'))}</pre>"
            f'{trouble}<form method="post" action="/card">{kept}'
            f'<fieldset class="cards"><legend>{say("card")}</legend>{cards}</fieldset>'
            f"{_pin_field(request.kind, in_trouble=bool(trouble))}"
            f"<button>{say('sign_now')}</button></form>"
            f'<p><a href="{escape(request.return_to)}">{say("cancel")}</a></p>',
        )


def origin_of(address: str) -> str:
    """Return scheme, host and port of a web address; empty for what is none."""
    try:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            return ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname}{port}"


def _decoded(challenge: str) -> bytes:
    try:
        text = urlsafe_b64decode(challenge + "=" * (-len(challenge) % 4))
    except (NotBase64, ValueError):
        return b""
    return text if len(text) <= _LONGEST_TEXT else b""


def _choice(holder: Holder, kind: Kind, chosen: str) -> str:
    person = holder.resident
    marks = " checked" if person.id == chosen else ""
    try:
        left = holder.card.tries_left(kind)
        words = say("left", left=left) if left else say("locked")
    except NoCertificate:
        left, words = 0, say("no_certificate")
    marks = marks if left else " disabled"
    name = escape(person.registered_name or person.name)
    return (
        f'<label><input type="radio" name="card" value="{escape(person.id)}" required{marks}>'
        f"<span><b>{name}</b> {words}</span></label>"
    )


def _pin_field(kind: Kind, *, in_trouble: bool) -> str:
    mode = "numeric" if kind == "auth" else "text"
    marks = ' aria-invalid="true" aria-describedby="trouble"' if in_trouble else ""
    return (
        f'<label for="pin">{say(f"pin_{kind}")}</label><input id="pin" name="pin" type="password"'
        f' inputmode="{mode}" maxlength="16" autocomplete="off" required{marks}>'
    )


def _trouble(refusal: CardRefuses) -> str:
    match refusal:
        case PinWrong(tries_left=left):
            return alert("pin_wrong", left=left)
        case PinLocked():
            return alert("pin_locked")
        case _:
            return alert("card_lacks")


def _result(request: Request, signed: CardAnswer) -> str:
    fields = {
        "challenge_id": request.number,
        "certificate": b64encode(signed.certificate_der).decode(),
        "signature": b64encode(signed.signature).decode(),
    }
    sent = "".join(hidden(name, value) for name, value in fields.items())
    return page(
        "signed",
        f"{paragraph('signed_text')}"
        f'<form method="post" action="{escape(request.return_to)}">{sent}'
        f"<button>{say('hand_over')}</button></form>",
    )


def _refused() -> Shown:
    return Shown(page("refused", paragraph("refused_text")), status=400)
