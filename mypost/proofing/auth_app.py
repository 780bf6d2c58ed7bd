"""Who the Digital Authentication App says somebody is: signing in with it, and proof by it.

The app looked at the card, so both count like the card. Its name for a person (`sub`) is kept as
a keyed hash alone; that hash is also how a second account of the same person is recognised.
"""

from datetime import datetime

from django.db import transaction

from mypost.members import commands as members
from mypost.members.attributes import CertifiedFacts
from mypost.members.models import LevelSource, Member
from mypost.proofing import persons
from mypost.proofing.births import refuse_another_birth
from mypost.proofing.errors import CardNotYours, CardUnknown
from mypost.proofing.models import PersonKey
from mypost.verification.auth_app import AppIdentity


def sign_in(identity: AppIdentity) -> Member:
    """Return the member who proved themselves with the app before. Raises CardUnknown."""
    member = persons.member_of(persons.AUTH_APP, identity.subject)
    if member is None:
        raise CardUnknown
    return member


def step_up(member: Member, identity: AppIdentity) -> None:
    """Check that the signed-in member is who was at the app. Raises CardNotYours."""
    known = persons.member_of(persons.AUTH_APP, identity.subject)
    if known is None or known.pk != member.pk:
        raise CardNotYours


@transaction.atomic
def prove(member: Member, identity: AppIdentity, *, at: datetime) -> None:
    """Take a member's attributes from the app, which gives level 3.

    identity: with attributes. Raises SamePersonElsewhere, and CardNotYours when the member was
    proved to be somebody else before; nothing has changed then.
    """
    told = identity.attributes
    assert told is not None, "the errand to prove asks for attributes"
    persons.hold(member)
    refuse_another_birth(member, LevelSource.AUTH_APP, told.birth_date)
    by_attributes = persons.attributes_key(told.name, told.birth_date, told.address)
    persons.claim(member, [(persons.AUTH_APP, identity.subject), by_attributes], at=at)
    if PersonKey.objects.filter(member=member, kind=persons.AUTH_APP).count() > 1:
        raise CardNotYours
    facts = CertifiedFacts(
        source=LevelSource.AUTH_APP, name=told.name, sex=told.sex, birth_date=told.birth_date,
        address=told.address,
    )  # fmt: skip
    members.certify(member, facts, at=at)
