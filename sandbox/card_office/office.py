"""The counter of the office: what happens to residents and their cards, and what follows from it.

The certificate for signatures holds name and address, and lapses when they change; the one for
sign-in holds neither, and lives on. Source: JPKI, reasons of revocation.
"""

import json
import sqlite3
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Literal, get_args
from unicodedata import category

from .authority import Authority, Status
from .card import KINDS, Card, Kind, NoCertificate
from .register import note_revocation
from .residents import Municipality, Resident
from .world import GENERATIONS, MUNICIPALITIES, residents

Event = Literal[
    "move", "rename", "issue", "renew", "lose", "hold", "give_up", "die", "emigrate", "unlock"
]
EVENTS: tuple[Event, ...] = get_args(Event)
_CHANGED, _NOT_NEEDED = "affiliation_changed", "cessation_of_operation"
_LONGEST = 100  # characters


class OfficeRefuses(Exception):
    """The counter cannot do that: dead, abroad, card_stopped, nothing_lacks or text_unusable."""


@dataclass(frozen=True)
class Holder:
    """One resident and their card. state: empty, dead or abroad."""

    resident: Resident
    state: str
    card: Card


class Office:
    """The counter of one authority. The demo's residents get their cards when it opens."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority
        self._register = authority.register

    def open(self, at: datetime) -> None:
        """Enter the demo's residents who are not there yet, each with a card."""
        known = {row["id"] for row in self._register.ask("select id from resident")}
        for person in residents(at.date()):
            if person.id not in known:
                self.enter(person, at=at, generation=GENERATIONS.get(person.id, 3))

    def enter(self, person: Resident, *, at: datetime, generation: int = 3) -> Holder:
        """Enter a resident, with a first card. Again: another card, the old one is left alone."""
        card = Card(self.authority.issue(person, at, generation=generation).path)
        holder = Holder(person, "", card)
        with self._register.acting() as db:
            _keep(db, holder)
        return holder

    def holders(self) -> list[Holder]:
        """Return everybody in the register, in the order in which they came."""
        rows = self._register.ask("select * from resident order by rowid")
        return [self._holder(row) for row in rows]

    def holder(self, resident_id: str) -> Holder:
        """Return one resident. Raises KeyError."""
        rows = self._register.ask("select * from resident where id = ?", resident_id)
        if not rows:
            raise KeyError(resident_id)
        return self._holder(rows[0])

    def status(self, holder: Holder, kind: Kind, at: datetime) -> Status | None:
        """Return what is known of a certificate on somebody's card; None where there is none."""
        try:
            issuer, serial = holder.card.issuer_and_serial(kind)
        except NoCertificate:
            return None
        return self.authority.status(issuer, serial, at)

    def move(self, resident_id: str, address: str, city: str, *, at: datetime) -> None:
        """Somebody moves. city: one of MUNICIPALITIES. Raises KeyError, OfficeRefuses."""
        holder, place = self._living(resident_id), MUNICIPALITIES[city]
        moved = replace(
            holder.resident, address=_text(address), address_substituted="", municipality=place
        )
        self._end(holder, _CHANGED, "move", at, becomes=replace(holder, resident=moved))

    def rename(self, resident_id: str, name: str, *, at: datetime) -> None:
        """Somebody takes another name. Raises KeyError, OfficeRefuses."""
        holder = self._living(resident_id)
        renamed = replace(
            holder.resident, name=_text(name), name_substituted="", registered_name=""
        )
        self._end(holder, _CHANGED, "name_change", at, becomes=replace(holder, resident=renamed))

    def issue(self, resident_id: str, *, at: datetime) -> None:
        """Give what is lacking: a signature certificate on the same card, or another card.

        Raises KeyError, OfficeRefuses.
        """
        holder = self._living(resident_id)
        if not self._counts(holder, "auth", at):
            self.enter(holder.resident, at=at)
        elif holder.resident.may_sign(at) and not self._counts(holder, "sign", at):
            self._write(holder, ("sign",), at)
        else:
            raise OfficeRefuses("nothing_lacks")

    def renew(self, resident_id: str, *, at: datetime) -> None:
        """Replace both certificates on the card: new serials, new keys, the same person.

        Raises KeyError, OfficeRefuses. Done again after a power cut it ends where it should.
        """
        holder = self._living(resident_id)
        known = self.status(holder, "auth", at)
        if known is None or known.reason not in ("", "superseded"):
            raise OfficeRefuses("card_stopped")
        self._end(holder, "superseded", "renewal", at, kinds=KINDS)
        self._write(holder, KINDS, at)

    def lose(self, resident_id: str, *, at: datetime) -> None:
        """A card is gone, and its holder says so. Raises KeyError."""
        self._end(self.holder(resident_id), "key_compromise", "loss", at, kinds=KINDS)

    def hold(self, resident_id: str, *, at: datetime) -> None:
        """There is a doubt about a card. Raises KeyError."""
        self._end(self.holder(resident_id), "certificate_hold", "", at, kinds=KINDS)

    def give_up(self, resident_id: str, *, at: datetime) -> None:
        """Somebody wants no certificates any more. Raises KeyError."""
        self._end(self.holder(resident_id), _NOT_NEEDED, "", at, kinds=KINDS)

    def die(self, resident_id: str, *, at: datetime) -> None:
        """Somebody died. No CRLReason says so: only the platform tells. Raises as `move` does."""
        holder = self._living(resident_id)
        self._end(holder, _NOT_NEEDED, "death", at, becomes=replace(holder, state="dead"))

    def emigrate(self, resident_id: str, *, at: datetime) -> None:
        """Somebody went to live abroad. Raises as `move` does."""
        holder = self._living(resident_id)
        self._end(holder, _NOT_NEEDED, "emigration", at, becomes=replace(holder, state="abroad"))

    def unlock(self, resident_id: str, kind: Kind, pin: str) -> None:
        """Set a new PIN at the counter. Raises KeyError, NoCertificate, ValueError."""
        self.holder(resident_id).card.unlock(kind, pin)

    def _living(self, resident_id: str) -> Holder:
        holder = self.holder(resident_id)
        if holder.state:
            raise OfficeRefuses(holder.state)
        return holder

    def _counts(self, holder: Holder, kind: Kind, at: datetime) -> bool:
        status = self.status(holder, kind, at)
        return status is not None and status.state == "good"

    def _write(self, holder: Holder, kinds: tuple[Kind, ...], at: datetime) -> None:
        self.authority.issue(holder.resident, at, card=holder.card, kinds=kinds)

    def _end(
        self,
        holder: Holder,
        reason: str,
        cause: str,
        at: datetime,
        *,
        kinds: tuple[Kind, ...] = ("sign",),
        becomes: Holder | None = None,
    ) -> None:
        """Revoke certificates and enter what has changed about the holder, both or neither."""
        with self._register.acting() as db:
            for kind in kinds:
                if holder.card.has(kind):
                    _, serial = holder.card.issuer_and_serial(kind)
                    note_revocation(db, serial, kind, reason, cause, at)
            if becomes:
                _keep(db, becomes)

    def _holder(self, row: sqlite3.Row) -> Holder:
        facts = json.loads(row["facts"])
        place = Municipality(**facts.pop("municipality"))
        card = Card(self.authority.folder / "cards" / f"{row['card']}.json")
        return Holder(Resident(**facts, municipality=place), row["state"], card)


def _keep(db: sqlite3.Connection, holder: Holder) -> None:
    facts = json.dumps(asdict(holder.resident), ensure_ascii=False)
    db.execute(
        "insert into resident (id, facts, state, card) values (?, ?, ?, ?)"
        " on conflict (id) do update set facts = excluded.facts, state = excluded.state,"
        " card = excluded.card",
        (holder.resident.id, facts, holder.state, holder.card.number),
    )


def _text(given: str) -> str:
    """Return a name or an address as the counter takes it. Raises OfficeRefuses."""
    text = given.strip()
    if not 0 < len(text) <= _LONGEST or any(category(sign) == "Cc" for sign in text):
        raise OfficeRefuses("text_unusable")
    return text
