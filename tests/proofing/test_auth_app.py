"""Who the app says somebody is: signed in, recognised in a second account, proved, or refused."""

from datetime import datetime

import pytest

from mypost.members import queries as attributes
from mypost.members.models import Member
from mypost.proofing import auth_app, persons
from mypost.proofing.errors import CardNotYours, CardUnknown, SamePersonElsewhere
from mypost.proofing.models import PersonKey
from mypost.verification.auth_app import AppAttributes, AppIdentity
from tests.conftest import LATER, NOW
from tests.proofing.conftest import level

pytestmark = pytest.mark.django_db

TOLD = AppAttributes("芝　次郎", "東京都港区芝公園４－２－８みなとハイツ２０２", "1980-02-17", "1")
MOVED = AppAttributes("芝　次郎", "東京都清瀬市１－１", "1980-02-17", "1")
YOUNGER = AppAttributes("芝　次郎", "東京都清瀬市１－１", "1981-02-17", "1")


def who(
    subject: str = "jiro-at-the-app", told: AppAttributes | None = TOLD, at: datetime = NOW
) -> AppIdentity:
    return AppIdentity(subject, at, told)


def test_the_app_proves_level_3_with_what_it_tells(jiro: Member) -> None:
    auth_app.prove(jiro, who(), at=LATER)
    assert level(jiro) == 3
    kept = attributes.certified(jiro)
    assert kept is not None
    assert (kept.source, kept.name, kept.sex, kept.birth_date, kept.address) == (
        "auth_app", TOLD.name, "1", "1980-02-17", TOLD.address,
    )  # fmt: skip
    assert (kept.issuer, kept.serial, kept.certified_at) == ("", "", LATER)
    assert attributes.level_changes(jiro)[0].source == "auth_app"
    assert set(jiro.person_keys.values_list("kind", "noted_at")) == {
        ("auth_app", LATER), ("attributes", LATER),
    }  # fmt: skip


def test_who_proved_themselves_signs_in_and_confirms_that_it_is_they(jiro: Member) -> None:
    auth_app.prove(jiro, who(), at=NOW)
    assert auth_app.sign_in(who(told=None)) == jiro
    auth_app.step_up(jiro, who(told=None))


def test_whom_the_app_has_never_proved_here_is_unknown(jiro: Member, taro: Member) -> None:
    auth_app.prove(jiro, who(), at=NOW)
    with pytest.raises(CardUnknown):
        auth_app.sign_in(who("a stranger", told=None))
    for member, subject in ((taro, "jiro-at-the-app"), (jiro, "a stranger")):
        with pytest.raises(CardNotYours):
            auth_app.step_up(member, who(subject, told=None))


def test_the_same_person_proves_one_account(jiro: Member, taro: Member) -> None:
    auth_app.prove(jiro, who(), at=NOW)
    for again in (who(told=MOVED), who("another name at the app")):  # by either key
        with pytest.raises(SamePersonElsewhere):
            auth_app.prove(taro, again, at=LATER)
    assert (level(taro), attributes.certified(taro)) == (2, None)


def test_who_was_proved_by_post_in_another_account_is_recognised(
    jiro: Member, taro: Member
) -> None:
    declared = attributes.declared(jiro)
    assert declared is not None
    persons.claim(jiro, [persons.declared_key(declared)], at=NOW)
    with pytest.raises(SamePersonElsewhere):
        auth_app.prove(taro, who(), at=LATER)


@pytest.mark.parametrize(
    "other",
    [
        who("another person", MOVED),
        who(told=YOUNGER),
    ],
    ids=["another name at the app", "another birth date"],
)
def test_an_account_is_one_persons_and_a_refusal_changes_nothing(
    jiro: Member, other: AppIdentity
) -> None:
    auth_app.prove(jiro, who(), at=NOW)
    before = attributes.certified(jiro), set(PersonKey.objects.values_list("kind", "key"))
    with pytest.raises(CardNotYours):
        auth_app.prove(jiro, other, at=LATER)
    after = attributes.certified(jiro), set(PersonKey.objects.values_list("kind", "key"))
    assert after == before


def test_who_has_moved_proves_themselves_anew(jiro: Member) -> None:
    auth_app.prove(jiro, who(), at=NOW)
    auth_app.prove(jiro, who(told=MOVED), at=LATER)
    newer, former = attributes.certifications(jiro)
    assert (newer.address, newer.lapsed_at) == ("東京都清瀬市１－１", None)
    assert (former.lapse_reason, former.lapsed_at) == ("renewal", LATER)


@pytest.mark.parametrize("how", ["closed", "merged"])
def test_an_account_that_is_no_more_is_not_proved(jiro: Member, taro: Member, how: str) -> None:
    ended = {"closing_at": NOW, "closed_at": NOW} if how == "closed" else {"merged_into": taro}
    Member.objects.filter(id=jiro.id).update(**ended)
    with pytest.raises(CardNotYours):
        auth_app.prove(jiro, who(), at=LATER)
    assert not PersonKey.objects.exists()
