"""One person, one account: recognised by keyed hashes, in a second account refused."""

from contextlib import nullcontext
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from mypost.members.models import DeclaredAttributes, Member
from mypost.proofing import persons
from mypost.proofing.errors import CardNotYours, PersonKeyAbsent, SamePersonElsewhere
from mypost.proofing.models import PersonKey
from tests.conftest import LATER, NOW

pytestmark = pytest.mark.django_db

PLATFORM = ("platform", "J-0001")
ATTRIBUTES = persons.attributes_key("黒桐　幹也", "1980-02-17", "清瀬市観布子南１２－７－２０２")


def test_a_second_account_of_the_same_person_is_refused(hanako: Member, jiro: Member) -> None:
    persons.claim(hanako, [PLATFORM], at=NOW)
    with pytest.raises(SamePersonElsewhere):
        persons.claim(jiro, [PLATFORM], at=LATER)
    assert persons.member_of(*PLATFORM) == hanako


def test_one_key_in_common_is_enough_and_then_nothing_is_noted(
    hanako: Member, jiro: Member
) -> None:
    persons.claim(hanako, [ATTRIBUTES], at=NOW)
    with pytest.raises(SamePersonElsewhere):
        persons.claim(jiro, [PLATFORM, ATTRIBUTES], at=LATER)
    assert not PersonKey.objects.filter(member=jiro).exists()


def test_the_same_account_may_claim_again(hanako: Member) -> None:
    persons.claim(hanako, [PLATFORM, ATTRIBUTES], at=NOW)
    persons.claim(hanako, [PLATFORM], at=LATER)
    assert PersonKey.objects.filter(member=hanako, noted_at=NOW).count() == 2


def test_two_persons_do_not_meet(hanako: Member, jiro: Member) -> None:
    persons.claim(hanako, [PLATFORM], at=NOW)
    persons.claim(jiro, [("platform", "J-0002")], at=NOW)
    persons.claim(jiro, [("auth_app", "J-0001")], at=NOW)


@pytest.mark.parametrize("how", ["closed", "merged"])
def test_an_account_that_is_no_more_gives_its_keys_up(
    hanako: Member, jiro: Member, taro: Member, how: str
) -> None:
    persons.claim(hanako, [PLATFORM], at=NOW)
    mine = Member.objects.filter(id=hanako.id)
    if how == "closed":
        mine.update(closing_at=NOW, closed_at=NOW)
    else:
        mine.update(merged_into=taro)
    assert persons.member_of(*PLATFORM) is None
    persons.claim(jiro, [PLATFORM], at=LATER)
    assert persons.member_of(*PLATFORM) == jiro


def test_a_person_nobody_has_claimed_is_nobody() -> None:
    assert persons.member_of(*PLATFORM) is None


def test_spelling_makes_no_other_person() -> None:
    address = "清瀬市観布子南12-7-202"
    assert persons.attributes_key("黒桐幹也", "1980-02-17", address) == ATTRIBUTES


@pytest.mark.parametrize(
    "other",
    [
        persons.attributes_key("黒桐　幹夫", "1980-02-17", "清瀬市観布子南１２－７－２０２"),
        persons.attributes_key("黒桐　幹也", "1980-02-18", "清瀬市観布子南１２－７－２０２"),
        persons.attributes_key("黒桐　幹也", "1980-02-17", "清瀬市観布子南１２－７－２０３"),
    ],
    ids=["name", "birth date", "address"],
)
def test_each_attribute_makes_another_person(other: tuple[str, str]) -> None:
    assert other != ATTRIBUTES


def test_nothing_of_the_person_lies_in_the_table(hanako: Member) -> None:
    persons.claim(hanako, [PLATFORM, ATTRIBUTES], at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT proofing_personkey::text FROM proofing_personkey")
        rows = " ".join(text for (text,) in cursor.fetchall())
    for secret in ("黒桐", "1980-02", "清瀬", "J-0001"):  # none can be part of a hash in hex
        assert secret not in rows


def test_without_the_key_nobody_is_recognised(hanako: Member, settings: Settings) -> None:
    settings.PERSON_KEY_FILE = None
    with pytest.raises(PersonKeyAbsent):
        persons.claim(hanako, [PLATFORM], at=NOW)


@pytest.mark.parametrize(
    "written", ["5b" * 31, "5b" * 33, "", "zz" * 32], ids=["31", "33", "0", "no"]
)
def test_a_key_that_is_none_recognises_nobody(
    settings: Settings, tmp_path: Path, written: str
) -> None:
    settings.PERSON_KEY_FILE = tmp_path / "person.key"
    settings.PERSON_KEY_FILE.write_text(written)
    with pytest.raises(ValueError, match="hex"):
        persons.member_of(*PLATFORM)


def test_what_is_kept_is_the_hash_that_rfc_2104_gives(
    hanako: Member, settings: Settings, tmp_path: Path
) -> None:
    """Kept for ever: another form would recognise nobody who was proved before."""
    settings.PERSON_KEY_FILE = tmp_path / "person.key"
    settings.PERSON_KEY_FILE.write_text("00" * 32 + "\n")
    persons.claim(hanako, [PLATFORM, ATTRIBUTES], at=NOW)
    # printf 'platform\nJ-0001' | openssl dgst -sha256 -mac HMAC -macopt hexkey:00…00
    assert (
        PersonKey.objects.get(kind="platform").key
        == "f6ab1414ce40f7e57f8da0a8ccf8879f7905549242ff6e7d1cc24dde9360a8bd"
    )
    assert (
        PersonKey.objects.get(kind="attributes").key
        == "8926bb156e2ab533d8e434475332c2633a3ced5114c8e95368d35101117f6068"
    )


def test_whoever_takes_over_a_key_is_noted_then(hanako: Member, jiro: Member) -> None:
    persons.claim(hanako, [PLATFORM, ("platform", "J-0009")], at=NOW)
    Member.objects.filter(id=hanako.id).update(closing_at=NOW, closed_at=NOW)
    persons.claim(jiro, [PLATFORM], at=LATER)
    kept = set(PersonKey.objects.values_list("member_id", "noted_at"))
    assert kept == {(jiro.id, LATER), (hanako.id, NOW)}


@pytest.mark.parametrize("how", ["closed", "merged", "open"])
def test_nobody_proves_an_account_that_is_no_more(hanako: Member, taro: Member, how: str) -> None:
    mine = Member.objects.filter(id=hanako.id)
    match how:
        case "closed":
            mine.update(closing_at=NOW, closed_at=NOW)
        case "merged":
            mine.update(merged_into=taro)
    with nullcontext() if how == "open" else pytest.raises(CardNotYours):
        persons.hold(hanako)


def test_a_declared_person_lives_at_the_address_with_its_building() -> None:
    declared = DeclaredAttributes(
        name="黒桐　幹也",
        birth_date="1980-02-17",
        address="清瀬市観布子南",
        building="１２－７－２０２",
    )
    assert persons.declared_key(declared) == ATTRIBUTES


def test_another_key_gives_other_hashes(hanako: Member, settings: Settings, tmp_path: Path) -> None:
    persons.claim(hanako, [PLATFORM], at=NOW)
    settings.PERSON_KEY_FILE = tmp_path / "another.key"
    settings.PERSON_KEY_FILE.write_text("42" * 32)
    assert persons.member_of(*PLATFORM) is None
