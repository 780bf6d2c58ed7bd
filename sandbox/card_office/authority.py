"""The authority of the card office: it issues, revokes, and answers whether a certificate counts.

Lists, OCSP and the platform's answers are all written from one register.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from secrets import token_hex
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from .card import KINDS, Application, Card, CardFile, Kind, Pins
from .disturbances import Disturbances
from .profile import KEY_USAGES, POLICIES, Profile, basic_four
from .register import Register, note_revocation, read, written
from .residents import JAPAN, Municipality, Resident
from .revocation import REASONS, Revocations
from .roots import (
    KeyMaker,
    Root,
    crl_name,
    japanese_name,
    make_roots,
    name_of,
    new_key,
    read_root,
)

__all__ = ["Authority", "Municipality", "Pins", "Resident", "Status"]


@dataclass(frozen=True)
class Status:
    """What the office knows of one certificate. state: good, revoked or unknown."""

    state: str
    reason: str = ""
    cause: str = ""
    revoked_at: datetime | None = None
    person: str = ""


class Authority:
    """The authorities of one folder; created there at first use.

    new_key: makes the keys of cards and authorities; a test may give keys that it made before.
    """

    def __init__(self, folder: Path, *, new_key: KeyMaker = new_key) -> None:
        self.folder = folder
        self.register = Register(folder)
        self._new_key = new_key
        with self.register.acting() as db:
            make_roots(db, new_key)
        self.roots = [read_root(row) for row in self.register.ask("select * from root")]
        self._write_trust()
        self.disturbances = Disturbances(self.register)
        self.revocations = Revocations(self.register, self.roots, self.disturbances, new_key)

    @property
    def trust_folder(self) -> Path:
        """The folder with the six authorities' certificates, one PEM each."""
        return self.folder / "trust"

    def root(self, kind: Kind, generation: int = 3) -> Root:
        """Return one authority, with its private key."""
        return next(r for r in self.roots if (r.kind, r.generation) == (kind, generation))

    def issue(
        self,
        person: Resident,
        at: datetime,
        *,
        generation: int = 3,
        card: Card | None = None,
        kinds: tuple[Kind, ...] = KINDS,
        pins: Pins = Pins(),  # noqa: B008 # frozen
        bend: Kind | None = None,
        **changes: Any,
    ) -> CardFile:
        """Give a person a card, or new certificates on the card they have.

        changes: fields of `Profile`; each one bends one rule, on the certificate of the kind
        `bend`, or on both. What another key signed (signed_by) leaves no trace in the register.
        kinds: fewer only with a card that has the other. Nobody under 15 gets one for signatures.
        """
        card = card or Card(self.folder / "cards" / f"{token_hex(5)}.json")
        applications: dict[Kind, Application] = {}
        for kind in kinds:
            if kind == "auth" or person.may_sign(at):
                root, bent = self.root(kind, generation), changes if bend in (None, kind) else {}
                applications[kind] = self._application(root, person, at, card.number, bent)
        return card.put(applications, pins)

    def revoke(
        self, serial: str, kind: Kind, reason: str, cause: str = "", *, at: datetime
    ) -> None:
        """Revoke one certificate for good, or hold it. The first word counts, unless it was a hold.

        serial: hex. reason: snake_case name of a CRLReason. cause: what the platform tells beside.
        at: aware. Raises KeyError for a certificate that was never issued or an unknown reason.
        """
        REASONS[reason]
        with self.register.acting() as db:
            note_revocation(db, _plain(serial), kind, reason, cause, at)

    def crl(self, issuer_key_id: str, crl_point: str, at: datetime) -> bytes:
        """Return the revocation list of one municipality, DER. Raises KeyError where there is none.

        issuer_key_id: the authority's subject key identifier, hex. crl_point: RFC 4514. at: aware.
        """
        return self.revocations.crl(issuer_key_id, crl_point, at)

    def ocsp(self, request_der: bytes, at: datetime) -> bytes:
        """Return the answer to an OCSP request, DER; a broken request is answered as such."""
        return self.revocations.answer(request_der, at)

    def status(self, issuer_key_id: str, serial: str, at: datetime) -> Status:
        """Return what the platform tells of one certificate, by authority and serial, both hex."""
        roots = [root.key_id for root in self.roots if root.is_called(issuer_key_id)]
        question = "select * from certificate natural join person where issuer = ? and serial = ?"
        rows = self.register.ask(question, roots[0], _plain(serial)) if roots else []
        if not rows:
            return Status("unknown")
        row = rows[0]
        if not row["revoked_at"] or read(row["revoked_at"]) > at:
            return Status("good", person=row["person"])
        since = read(row["revoked_at"])
        return Status("revoked", row["reason"], row["cause"], since, row["person"])

    def person_of(self, serial: str) -> str:
        """Return the platform's id of the person who has this certificate; empty for none.

        It is the same for both certificates of a card, and outlives renewal.
        """
        question = "select person from certificate natural join person where serial = ?"
        rows = self.register.ask(question, _plain(serial))
        return rows[0]["person"] if rows else ""

    def _application(
        self, root: Root, person: Resident, at: datetime, card: str, changes: dict[str, Any]
    ) -> Application:
        key = changes.get("key") or self._new_key()
        serial = changes.get("serial") or self._next_serial(root.kind)
        exact = self._profile(root, person, at, key, serial)
        profile = replace(exact, **changes)
        if profile.signed_by is root.key:
            self._note(profile, root, person, card)
        return Application(profile.certificate(), profile.key)

    def _profile(
        self, root: Root, person: Resident, at: datetime, key: rsa.RSAPrivateKey, serial: int
    ) -> Profile:
        place = person.municipality
        return Profile(
            subject=_subject(root.kind, person, at),
            issuer=root.certificate.subject,
            serial=serial,
            not_before=at.replace(microsecond=0),
            not_after=_end_of(person.fifth_birthday_after(at)),
            key=key,
            signed_by=root.key,
            authority_key_id=bytes.fromhex(root.key_id),
            issuer_alternative=japanese_name(root.kind),
            crl_point=crl_name(root.kind, place.prefecture, place.city),
            policy=POLICIES[root.kind],
            key_usage=KEY_USAGES[root.kind],
            other_names=basic_four(person) if root.kind == "sign" else (),
        )

    def _next_serial(self, kind: Kind) -> int:
        with self.register.acting() as db:
            db.execute("update counter set last = last + 1 where kind = ?", (kind,))
            row = db.execute("select last from counter where kind = ?", (kind,)).fetchone()
            return int(row["last"])

    def _note(self, profile: Profile, root: Root, person: Resident, card: str) -> None:
        point = profile.crl_point
        named = point.rfc4514_string() if isinstance(point, x509.Name) else point
        row = (root.key_id, format(profile.serial, "x"), root.kind, named, card, person.id,
               written(profile.not_after))  # fmt: skip
        with self.register.acting() as db:
            db.execute("insert or ignore into person values (?, ?)", (person.id, token_hex(16)))
            db.execute(
                "insert into certificate (issuer, serial, kind, crl_point, card, resident,"
                " not_after) values (?, ?, ?, ?, ?, ?, ?)",
                row,
            )

    def _write_trust(self) -> None:
        self.trust_folder.mkdir(mode=0o755, exist_ok=True)
        for root in self.roots:
            path = self.trust_folder / f"{root.kind}-{root.generation}.pem"
            if not path.exists():
                unfinished = path.with_suffix(f".{token_hex(4)}")
                unfinished.write_bytes(root.pem)
                unfinished.rename(path)


def _subject(kind: Kind, person: Resident, at: datetime) -> x509.Name:
    place = person.municipality
    if kind == "auth":  # no personal data: some letters, the municipality, some more
        return name_of(("CN", f"{token_hex(7).upper()}{place.code[:5]}{token_hex(2).upper()}"))
    number = f"{at.astimezone(JAPAN):%Y%m%d%H%M%S}{token_hex(6).upper()}"
    return name_of(("L", place.prefecture), ("L", place.city), ("CN", number))


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), JAPAN).astimezone(UTC)


def _plain(serial: str) -> str:
    return serial.lower().lstrip("0") or "0"
