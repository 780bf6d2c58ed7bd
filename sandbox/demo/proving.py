"""How the demo's members came to their levels: by declaring, by post, by card, as anybody would.

The card office must be running: it is asked whether the card still counts.
"""

from datetime import datetime, timedelta

from django.conf import settings

from mypost.members import commands as members
from mypost.members.attributes import NewAttributes
from mypost.members.models import AssuranceLevel, Member, Sex
from mypost.proofing import cards, challenges, passcodes
from mypost.proofing.cards import CardAnswer
from mypost.proofing.challenges import Purpose
from mypost.proofing.passcodes import PostalFacts
from mypost.proofing.reasons import PostalEvent
from sandbox.card_office.authority import Authority
from sandbox.card_office.card import Kind, Pins
from sandbox.card_office.office import Office
from sandbox.demo.world import Member as Told

SESSION = "the demo's own"
SEXES = {"male": Sex.MALE, "female": Sex.FEMALE}
POSTED = (PostalEvent.PRINTED, PostalEvent.ACCEPTED, PostalEvent.NOTICE_LEFT)


def prove(member: Member, told: Told, *, joined_at: datetime, at: datetime) -> Member:
    """Bring a new member to the level that the demo's data names. Returns the member as it is then.

    joined_at: when the post did its part. at: now, when the card is used.
    """
    level = AssuranceLevel(told.level)
    if level >= AssuranceLevel.SELF_DECLARED:
        members.declare(member, _declaration(told), at=joined_at)
    if level == AssuranceLevel.POSTED_PASSCODE:
        _prove_by_post(member, at=joined_at)
    if level == AssuranceLevel.NATIONAL_ID_CARD:
        _prove_by_card(member, told.key, at=at)
    return Member.objects.get(id=member.id)


def _declaration(told: Told) -> NewAttributes:
    return NewAttributes(
        name=told.name,
        kana=told.kana,
        postal_code=told.postal_code.replace("-", ""),
        address=told.address,
        birth_date=told.birth_date.isoformat(),
        sex=SEXES[told.sex],
    )


def _prove_by_post(member: Member, *, at: datetime) -> None:
    asked = passcodes.request(member, at=at)
    code = passcodes.issue(asked.id, at=at)
    for day, event in enumerate(POSTED):
        passcodes.note(asked.id, event, at=at + timedelta(days=day))
    handed_over = at + timedelta(days=len(POSTED))
    seen = PostalFacts(id_document="driving_licence", id_last_digits="0412")
    passcodes.note(asked.id, PostalEvent.HANDED_OVER, at=handed_over, facts=seen)
    passcodes.enter(member, code, at=handed_over)


def _prove_by_card(member: Member, key: str, *, at: datetime) -> None:
    proof = _answer(key, Purpose.PROVE, "sign", at=at)
    cards.prove(member, proof, session=SESSION, at=at)
    sign_in = _answer(key, Purpose.LINK, "auth", at=at)
    cards.link_sign_in(member, sign_in, session=SESSION, at=at)


def _answer(key: str, purpose: Purpose, kind: Kind, *, at: datetime) -> CardAnswer:
    challenge = challenges.make(purpose, session=SESSION, at=at)
    trust = settings.JPKI_TRUST_FOLDER
    assert trust is not None, "the demo's house has a card office"
    card = Office(Authority(trust.parent)).holder(key).card
    signed = card.sign(kind, getattr(Pins(), kind), challenges.text_of(challenge))
    return CardAnswer(challenge.id, signed.certificate_der, signed.signature)
