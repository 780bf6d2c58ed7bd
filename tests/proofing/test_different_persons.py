"""Two accounts of two people are not made one: what a person has once tells them apart."""

from contextlib import nullcontext
from dataclasses import replace

import pytest

from mypost.members import commands as members
from mypost.members.models import LevelSource, Member
from mypost.proofing import persons
from mypost.proofing.errors import DifferentPersons
from tests.conftest import NOW
from tests.members.test_certify import THE_CARD_SAYS
from tests.proofing.offices import RunningOffice
from tests.proofing.test_cards import prove
from tests.proofing.test_merging import merge


@pytest.mark.parametrize("source", ["platform", "ocsp"])
def test_two_people_are_not_made_one(
    office: RunningOffice, hanako: Member, taro: Member, source: str
) -> None:
    office.settings.JPKI_REVOCATION = source
    prove(office, hanako, "hanako")
    prove(office, taro, "taro")
    with pytest.raises(DifferentPersons):
        merge(hanako, taro)
    assert Member.objects.get(id=taro.id).merged_into_id is None


@pytest.mark.parametrize(
    ("kind", "are_two"), [("platform", True), ("auth_app", True), ("attributes", False)]
)
def test_what_a_person_has_once_tells_two_apart_and_an_address_does_not(
    hanako: Member, taro: Member, kind: str, are_two: bool
) -> None:
    persons.claim(hanako, [(kind, "one")], at=NOW)
    persons.claim(taro, [(kind, "another")], at=NOW)
    with pytest.raises(DifferentPersons) if are_two else nullcontext():
        merge(hanako, taro)


def test_an_id_of_each_kind_may_be_one_persons(hanako: Member, taro: Member) -> None:
    persons.claim(hanako, [("platform", "one")], at=NOW)
    persons.claim(taro, [("auth_app", "another")], at=NOW)
    assert merge(hanako, taro).mailboxes[1:] == [taro.mailbox_id]


def test_two_birth_dates_are_two_people_whoever_certified_them(
    hanako: Member, taro: Member
) -> None:
    by_app = replace(THE_CARD_SAYS, source=LevelSource.AUTH_APP, birth_date="1980-02-18")
    members.certify(hanako, THE_CARD_SAYS, at=NOW)
    members.certify(taro, by_app, at=NOW)
    with pytest.raises(DifferentPersons):
        merge(hanako, taro)
