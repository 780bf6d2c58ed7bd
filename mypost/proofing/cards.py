"""What may be done with a card: sign in, prove who one is, link it for signing in, step up.

Each takes the card's answer to one challenge, has it judged, and puts the verdict on record
whether or not it is good. A refusal keeps what it has learnt: the challenge is spent, the verdict
stands, and what follows from a revoked certificate has followed. So a door must answer a refusal
within its transaction, and never roll it back.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from mypost.common.clock import new_id
from mypost.evidence import commands as evidence
from mypost.kernel.evidence_entry import Event
from mypost.kernel.jpki.birth_date import BirthDate, read_birth_date
from mypost.kernel.jpki.certificate import CardCertificate
from mypost.members import commands as members
from mypost.members.attributes import CertifiedFacts
from mypost.members.models import LevelSource, Member
from mypost.proofing import challenges, persons, watch
from mypost.proofing.births import refuse_another_birth
from mypost.proofing.challenges import Purpose
from mypost.proofing.errors import (
    CardNotYours,
    CardRefused,
    CardStopped,
    CardUnknown,
    SamePersonElsewhere,
)
from mypost.proofing.models import LinkedCard, PersonKey
from mypost.proofing.watch import Half
from mypost.verification import commands as verification
from mypost.verification.verdicts import BasicFour, Outcome, Verdict
from mypost.verification.verdicts import Purpose as JudgedAs

REVOKED = "certificate_revoked"


@dataclass(frozen=True)
class CardAnswer:
    """What came back from a card. certificate: DER. signature: over text_of(challenge)."""

    challenge_id: UUID
    certificate: bytes
    signature: bytes


@dataclass(frozen=True)
class _Heard:
    """A good answer: the verdict, and the linked card whose certificate it is, if there is one."""

    verdict: Verdict
    certificate: CardCertificate
    card: LinkedCard | None


def sign_in(answer: CardAnswer, *, session: str, at: datetime) -> Member:
    """Return the member whose card answered; the caller signs them in, at AAL3.

    session: what the challenge was put to. Raises CardRefused, CardUnknown, CardStopped,
    ChallengeForeign, ChallengeExpired, ChallengeSpent.
    """
    card = _held(_hear(answer, Purpose.SIGN_IN, session=session, at=at).card)
    if card is None or not card.member.account.is_active:
        raise CardUnknown
    if not watch.is_in_force(card, "auth"):
        raise CardStopped
    return card.member


def step_up(member: Member, answer: CardAnswer, *, session: str, at: datetime) -> LinkedCard:
    """Return the member's card that answered; the caller raises the session to AAL3.

    Raises CardNotYours for a card that is linked elsewhere or nowhere, and as sign_in does.
    """
    card = _held(_hear(answer, Purpose.STEP_UP, session=session, at=at, member=member).card)
    if card is None or card.member_id != member.id:
        raise CardNotYours
    if not watch.is_in_force(card, "auth"):
        raise CardStopped
    return card


def link_sign_in(member: Member, answer: CardAnswer, *, session: str, at: datetime) -> LinkedCard:
    """Let the member sign in with this card from now on, and return the card.

    A card that was stopped by mistake and is good again counts again. Raises CardNotYours for one
    that another member has linked, or that is another person's as the platform tells;
    SamePersonElsewhere, and the refusals of an answer as sign_in does.
    """
    heard = _hear(answer, Purpose.LINK, session=session, at=at, member=member)
    return _link(member, heard, at=at)


def prove(member: Member, answer: CardAnswer, *, session: str, at: datetime) -> LinkedCard:
    """Take who the member is from the card, raise them to level 3, and return the card.

    A renewed card takes the place of the former one. Raises CardNotYours when the member was
    proved to be somebody else before, SamePersonElsewhere, and as sign_in does.
    """
    heard = _hear(answer, Purpose.PROVE, session=session, at=at, member=member)
    still_good = _other_sign_ins(member, heard.certificate, at=at)
    return _prove(member, heard, still_good, at=at)


def _hear(
    answer: CardAnswer, purpose: Purpose, *, session: str, at: datetime,
    member: Member | None = None,
) -> _Heard:  # fmt: skip
    """Have an answer judged, and return it if it is good. The verdict is kept if it is not."""
    challenge = challenges.use(answer.challenge_id, session=session, purpose=purpose, at=at)
    verdict = verification.judge_answer(
        answer.certificate,
        signature=answer.signature,
        message=challenges.text_of(challenge),
        purpose=JudgedAs.PROVE if purpose == Purpose.PROVE else JudgedAs.SIGN_IN,
        at=at,
    )
    card = _linked(verdict)
    owner = member or (card.member if card else None)
    with transaction.atomic():
        verification.record(
            verdict,
            subject_id=challenge.id,
            mailbox_id=owner.mailbox_id if owner else challenge.id,
            at=at,
        )
        if card is not None and verdict.status is not None and REVOKED in verdict.reasons:
            half, status = _half_of(verdict), verdict.status
            watch.follow(card.id, half, reason=status.reason, cause=status.cause, at=at)
    if verdict.outcome != Outcome.VALID or verdict.certificate is None:
        raise CardRefused(verdict)
    if card is not None:
        card = _asked_after(card, "auth" if purpose == Purpose.PROVE else "sign", at=at)
    return _Heard(verdict, verdict.certificate, card)


def _linked(verdict: Verdict) -> LinkedCard | None:
    """Return the card that holds the certificate, unless its holder may not be here.

    Anybody may show a certificate that lies open, or forge its number: that is not the holder's
    doing, and not part of their story.
    """
    is_holders = verdict.outcome == Outcome.VALID or verdict.reasons == (REVOKED,)
    if verdict.certificate is None or not is_holders:
        return None
    issuer, serial = verdict.certificate.issuer_key_id, verdict.certificate.serial
    half = _half_of(verdict)
    named = {f"{half}_issuer": issuer, f"{half}_serial": serial}
    return LinkedCard.objects.select_related("member__account").filter(**named).first()


def _asked_after(card: LinkedCard, other_half: Half, *, at: datetime) -> LinkedCard:
    """Return the card as it stands when its other certificate was asked after too.

    The one for signing in outlives a move or a death; the one for signatures does not.
    """
    if watch.is_in_force(card, other_half):
        watch.ask(card, other_half, at=at)
    return LinkedCard.objects.select_related("member__account").get(id=card.id)


def _held(card: LinkedCard | None) -> LinkedCard | None:
    """Return the card as it stands now, and hold it until we commit.

    Who stops it at this moment, and ends its holder's sessions, comes before or after the new
    session, never between.
    """
    # Without a join: a card that gets another member while we wait for it would not be found.
    cards = LinkedCard.objects.select_for_update()
    return None if card is None else cards.filter(id=card.id).first()


def _half_of(verdict: Verdict) -> Half:
    return "sign" if verdict.purpose == JudgedAs.PROVE else "auth"


@transaction.atomic
def _link(member: Member, heard: _Heard, *, at: datetime) -> LinkedCard:
    persons.hold(member)
    known = _linked_now(heard)
    if known is not None and known.member_id != member.id:
        raise CardNotYours
    _claim(member, heard.verdict, at=at)
    card = _place_for(member, "auth", known, at=at)
    if known is not None and known.id != card.id:
        _write(known, "auth", EMPTY)
    return _put(card, "auth", heard.certificate, at=at)


@transaction.atomic
def _prove(member: Member, heard: _Heard, still_good: set[UUID], *, at: datetime) -> LinkedCard:
    four = heard.verdict.basic_four
    if four is None:
        raise CardRefused(heard.verdict)
    persons.hold(member)
    known = _linked_now(heard)
    if known is not None and known.member_id != member.id:
        raise SamePersonElsewhere
    refuse_another_birth(member, LevelSource.CARD, four.birth_date)
    _claim(member, heard.verdict, at=at)
    card = _place_for(member, "sign", known, at=at)
    card.replaced_by = None
    _put(card, "sign", heard.certificate, at=at)
    _replace_others(card, still_good, at=at)
    members.certify(member, _facts(heard.certificate, four), at=at)
    return card


def _linked_now(heard: _Heard) -> LinkedCard | None:
    """Return the card that holds the certificate; nobody else links it before we commit."""
    certificate = heard.certificate
    with connection.cursor() as cursor:
        named = f"card {certificate.issuer_key_id} {certificate.serial}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [named])
    return _linked(heard.verdict)


def _claim(member: Member, verdict: Verdict, *, at: datetime) -> None:
    """Note by what the person is recognised, unless this account is another person's already."""
    keys = [(persons.PLATFORM, verdict.person)] if verdict.person else []
    if verdict.basic_four is not None:
        four = verdict.basic_four
        if born := _written_out(read_birth_date(four.birth_date)):
            keys.append(persons.attributes_key(four.name, born, four.address))
    persons.claim(member, keys, at=at)
    if PersonKey.objects.filter(member=member, kind=persons.PLATFORM).count() > 1:
        raise CardNotYours


def _written_out(born: BirthDate) -> str:
    """Return a birth date as members declare it: ISO 8601, as far as it is known."""
    if born.as_date is not None:
        return born.as_date.isoformat()
    if born.year is None or born.month is None:
        return "" if born.year is None else f"{born.year:04}"
    return f"{born.year:04}-{born.month:02}"


def _place_for(member: Member, half: Half, known: LinkedCard | None, *, at: datetime) -> LinkedCard:
    """Return the card that this certificate belongs to: as known, one without it, or a new one."""
    if known is not None and (half == "sign" or known.replaced_by_id is None):
        return known
    other = "auth" if half == "sign" else "sign"
    cards = LinkedCard.objects.select_for_update().filter(member=member, replaced_by=None)
    free = cards.filter(**{f"{half}_serial": "", f"{other}_stopped_at": None})
    new = LinkedCard(id=new_id(at), member=member, linked_at=at, checked_at=at)
    return free.order_by("-linked_at").first() or known or new


def _put(card: LinkedCard, half: Half, certificate: CardCertificate, *, at: datetime) -> LinkedCard:
    _write(card, half, _Written.of(certificate))
    evidence.record(
        Event.CARD_LINKED,
        subject_id=card.id,
        mailbox_id=card.member.mailbox_id,
        at=at,
        facts={"certificate": half, "serial": certificate.serial},
    )
    return card


@dataclass(frozen=True)
class _Written:
    """What is kept of one certificate; by default, of none."""

    issuer: str = ""
    serial: str = ""
    crl_point: str = ""
    expires_at: datetime | None = None

    @classmethod
    def of(cls, certificate: CardCertificate) -> "_Written":
        return cls(
            certificate.issuer_key_id, certificate.serial, certificate.crl_point,
            certificate.not_after,
        )  # fmt: skip


EMPTY = _Written()


def _write(card: LinkedCard, half: Half, written: _Written) -> None:
    """Set one half of a card; it counts from now on."""
    for field, value in asdict(written).items():
        setattr(card, f"{half}_{field}", value)
    setattr(card, f"{half}_stopped_at", None)
    setattr(card, f"{half}_stop_reason", "")
    card.save()


def _replace_others(card: LinkedCard, still_good: set[UUID], *, at: datetime) -> None:
    """Let the card take the place of those that proved the member before.

    After a move the counter writes a new certificate for signatures on the same card, and the
    one for signing in stays: it goes over. A new card has both anew, and the old one stops.
    """
    others = LinkedCard.objects.select_for_update(of=("self",)).select_related("member")
    for old in others.filter(member_id=card.member_id, replaced_by=None).exclude(id=card.id):
        if not old.sign_serial:
            continue
        old.replaced_by = card
        old.save(update_fields=["replaced_by"])
        if old.id in still_good and not card.auth_serial:
            kept = _Written(*(getattr(old, f"auth_{field}") for field in asdict(EMPTY)))
            _write(old, "auth", EMPTY)
            _write(card, "auth", kept)
        watch.stop(old, watch.HALVES, reason="superseded", at=at)


def _other_sign_ins(member: Member, proved: CardCertificate, *, at: datetime) -> set[UUID]:
    """Return the member's other cards whose certificate for signing in is good now."""
    cards = LinkedCard.objects.filter(member=member, replaced_by=None)
    others = [c for c in cards.exclude(sign_serial=proved.serial) if watch.is_in_force(c, "auth")]
    return {
        card.id
        for card in others
        if verification.status_of(
            card.auth_issuer, card.auth_serial, card.auth_crl_point, at=at
        ).state == "good"
    }  # fmt: skip


def _facts(certificate: CardCertificate, four: BasicFour) -> CertifiedFacts:
    return CertifiedFacts(
        source=LevelSource.CARD,
        issuer=certificate.issuer_key_id,
        serial=certificate.serial,
        **asdict(four),
    )
