"""One person has one birth date: which two cannot be one person's, across card and app."""

from dataclasses import replace

import pytest

from mypost.members import commands as members
from mypost.members.models import LevelSource, Member
from mypost.proofing.births import are_different, births_of, refuse_another_birth
from mypost.proofing.errors import CardNotYours
from tests.conftest import LATER, NOW
from tests.members.test_certify import THE_CARD_SAYS

CARD, APP = LevelSource.CARD, LevelSource.AUTH_APP


@pytest.mark.parametrize(
    ("one", "other", "different"),
    [
        ((CARD, "319800217"), (CARD, "319800217"), False),
        ((CARD, "319800217"), (CARD, "319800218"), True),
        ((CARD, "319800200"), (CARD, "319800217"), True),  # one card, one way to write it
        ((APP, "1980-02-17"), (APP, "1980-02-17"), False),
        ((APP, "1980"), (APP, "1980-02-17"), True),
        ((CARD, "319800217"), (APP, "1980-02-17"), False),
        ((CARD, "319800217"), (APP, "1980-02-18"), True),
        ((APP, "1981-02-17"), (CARD, "319800217"), True),
        ((CARD, "319800200"), (APP, "1980-02-17"), False),  # a day that is not known may be it
        ((CARD, "319800217"), (APP, "1980-03"), False),
        ((CARD, "319800000"), (APP, "1990"), False),
    ],
)
def test_across_sources_only_whole_days_count(
    one: tuple[str, str], other: tuple[str, str], different: bool
) -> None:
    assert are_different(one, other) is different
    assert are_different(other, one) is different


@pytest.mark.django_db
def test_every_birth_date_that_was_ever_certified_is_known(jiro: Member, taro: Member) -> None:
    by_app = replace(THE_CARD_SAYS, source=APP, birth_date="1980-02-17", issuer="", serial="")
    by_office = replace(THE_CARD_SAYS, source=LevelSource.OPERATOR, birth_date="1970-01-01")
    for at, facts in ((NOW, THE_CARD_SAYS), (NOW, by_app), (LATER, by_office)):
        members.certify(jiro, facts, at=at)
    assert births_of(jiro) == {("card", "319800217"), ("auth_app", "1980-02-17")}
    assert births_of(taro) == set()
    for source, born in ((CARD, "319800217"), (APP, "1980-02-17")):
        refuse_another_birth(jiro, source, born)
    for source, born in ((CARD, "319800218"), (APP, "1980-02-18")):
        with pytest.raises(CardNotYours):
            refuse_another_birth(jiro, source, born)
