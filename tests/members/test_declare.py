"""What members say of themselves: kept as typed, with history, and what it does to the level."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mypost.evidence.models import Line
from mypost.members import queries
from mypost.members.attributes import NewAttributes
from mypost.members.commands import certify, declare, flag_address
from mypost.members.errors import AttributesMalformed
from mypost.members.models import DeclaredAttributes, LevelChange, Member, Sex
from mypost.members.reasons import LevelReason, level_sentence
from tests.conftest import LATER, NOW
from tests.members.test_certify import THE_CARD_SAYS
from tests.told import commits_to

pytestmark = pytest.mark.django_db

I_SAY = NewAttributes(
    name="芝　次郎",
    kana="シバ　ジロウ",
    postal_code="1050011",
    address="東京都港区芝公園４－２－８",
    building="みなとハイツ２０２",
    birth_date="1980-02-17",
    sex=Sex.MALE,
)
NAMES = st.text(st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=60)


def level(member: Member) -> int:
    member.refresh_from_db()
    return member.level


def newest_change(member: Member) -> LevelChange:
    return queries.level_changes(member)[0]


# Kept as typed


@pytest.mark.parametrize(
    "name",
    ["渡邉\U000e0110　花子", "\ufa19戸　﨑", "ﾐﾅﾄ ﾊﾅｺ", "Ｓｍｉｔｈ\u3000Ｊｏｈｎ", "𠮷野　家"],
    ids=["variation", "compatibility", "half-width kana", "full-width latin", "beyond the BMP"],
)
def test_a_name_stands_exactly_as_it_was_typed(jiro: Member, name: str) -> None:
    declare(jiro, replace(I_SAY, name=name), at=NOW)
    assert DeclaredAttributes.objects.get().name == name


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, address=NAMES)
def test_no_string_is_touched_on_the_way(jiro: Member, name: str, address: str) -> None:
    said = replace(I_SAY, name=f"名{name}", address=f"港\uff0d{address}")
    declared = declare(jiro, said, at=NOW)
    declared.refresh_from_db()
    assert (declared.name, declared.address) == (said.name, said.address)


@pytest.mark.parametrize("birth_date", ["1980", "1980-02", "1980-02-29", "2026-11-22"])
def test_a_birth_date_may_be_known_in_part(jiro: Member, birth_date: str) -> None:
    assert declare(jiro, replace(I_SAY, birth_date=birth_date), at=NOW).birth_date == birth_date


@pytest.mark.parametrize("birth_date", ["2027", "2027-01", "2027-01-01"])
def test_a_part_that_has_only_begun_may_hold_the_day(jiro: Member, birth_date: str) -> None:
    new_year = datetime(2026, 12, 31, 15, tzinfo=UTC)  # midnight in Japan
    said = replace(I_SAY, birth_date=birth_date)
    assert declare(jiro, said, at=new_year).birth_date == birth_date
    with pytest.raises(AttributesMalformed):
        declare(jiro, said, at=new_year - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " \u3000"}, "name"),
        ({"name": "次\x00郎"}, "name"),
        ({"name": "次\n郎"}, "name"),
        ({"name": "次\ud800郎"}, "name"),
        ({"name": "次\u2028郎"}, "name"),
        ({"name": "次\u2029郎"}, "name"),
        ({"name": "\n"}, "name"),
        ({"name": "次" * 101}, "name"),
        ({"kana": ""}, "kana"),
        ({"kana": "ジ" * 101}, "kana"),
        ({"address": ""}, "address"),
        ({"address": "港" * 201}, "address"),
        ({"building": "棟" * 101}, "building"),
        ({"postal_code": "105-0011"}, "postal_code"),
        ({"postal_code": "１０５００１１"}, "postal_code"),
        ({"birth_date": "1980-13"}, "birth_date"),
        ({"birth_date": "1981-02-29"}, "birth_date"),
        ({"birth_date": "1867-01-01"}, "birth_date"),
        ({"birth_date": "2026-11-23"}, "birth_date"),
        ({"birth_date": "80-2-17"}, "birth_date"),
        ({"birth_date": "１９８０-02-17"}, "birth_date"),
        ({"sex": "5"}, "sex"),
    ],
    ids=lambda value: None if isinstance(value, str) else repr(value)[:40],
)
def test_what_cannot_be_kept_is_refused_at_its_field(
    jiro: Member, change: dict[str, str], field: str
) -> None:
    with pytest.raises(AttributesMalformed) as refused:
        declare(jiro, replace(I_SAY, **change), at=NOW)  # type: ignore[arg-type]
    assert refused.value.fields == [field]
    assert not DeclaredAttributes.objects.exists()
    assert level(jiro) == 0


def test_every_fault_is_named_once_in_one_refusal(jiro: Member) -> None:
    nothing = NewAttributes("", "", "", "", "", "", building="\n")  # type: ignore[arg-type]
    with pytest.raises(AttributesMalformed) as refused:
        declare(jiro, nothing, at=NOW)
    fields = ["address", "birth_date", "building", "kana", "name", "postal_code", "sex"]
    assert sorted(refused.value.fields) == fields


def test_the_longest_and_the_oldest_that_can_be_kept_is_kept(jiro: Member) -> None:
    longest = replace(
        I_SAY, name="次" * 100, kana="ジ" * 100, address="港" * 200, building="棟" * 100,
        birth_date="1868-01-01",
    )  # fmt: skip
    kept = declare(jiro, longest, at=NOW)
    assert (len(kept.name), len(kept.kana), len(kept.address), len(kept.building)) == (
        100, 100, 200, 100,
    )  # fmt: skip
    assert kept.birth_date == "1868-01-01"


def test_who_is_born_today_is_born_today_in_japan(jiro: Member) -> None:
    born = replace(I_SAY, birth_date="2026-11-23")
    midnight = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)  # in Japan
    with pytest.raises(AttributesMalformed):
        declare(jiro, born, at=midnight - timedelta(seconds=1))
    assert declare(jiro, born, at=midnight).birth_date == "2026-11-23"


# History and evidence


def test_what_was_said_before_stays(jiro: Member) -> None:
    declare(jiro, I_SAY, at=NOW)
    declare(jiro, replace(I_SAY, building=""), at=LATER)
    assert [said.building for said in queries.declarations(jiro)] == ["", "みなとハイツ２０２"]
    declared = queries.declared(jiro)
    assert declared is not None
    assert declared.declared_at == LATER


def test_saying_the_same_again_adds_nothing(jiro: Member) -> None:
    first = declare(jiro, I_SAY, at=NOW)
    assert declare(jiro, I_SAY, at=LATER) == first
    assert Line.objects.filter(event="AttributesChanged").count() == 1


def test_saying_the_same_again_confirms_an_address_that_the_post_came_back_from(
    jiro: Member,
) -> None:
    flag_address(declare(jiro, I_SAY, at=NOW), reason="absent")
    assert declare(jiro, I_SAY, at=LATER).address_returned == ""


def test_the_evidence_names_nobody(jiro: Member) -> None:
    declared = declare(jiro, I_SAY, at=NOW)
    line = Line.objects.get(event="AttributesChanged")
    assert (line.subject_id, line.mailbox_id) == (declared.id, jiro.mailbox_id)
    for secret in ("次郎", "港区", "1050011", "1980-02", "declaration"):
        assert secret not in line.entry
    assert commits_to(
        line, source="declaration", name="芝　次郎", kana="シバ　ジロウ", postal_code="1050011",
        address="東京都港区芝公園４－２－８", building="みなとハイツ２０２",
        birth_date="1980-02-17", sex="1",
    )  # fmt: skip


# What it does to the level


def test_the_first_time_gives_level_1(jiro: Member) -> None:
    declare(jiro, I_SAY, at=NOW)
    assert level(jiro) == 1
    change = newest_change(jiro)
    assert (change.source, change.reason) == ("declaration", "attributes_declared")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": "芝　三郎"}, LevelReason.NAME_CHANGED),
        ({"address": "東京都港区芝公園４－２－９"}, LevelReason.ADDRESS_CHANGED),
        ({"building": "みなとハイツ２０３"}, LevelReason.ADDRESS_CHANGED),
        ({"postal_code": "1050012"}, LevelReason.ADDRESS_CHANGED),
        ({"birth_date": "1981-02-17"}, LevelReason.BIRTH_DATE_CHANGED),
        ({"name": "芝　三郎", "birth_date": "1981-02-17"}, LevelReason.NAME_CHANGED),
        ({"building": "", "birth_date": "1981-02-17"}, LevelReason.ADDRESS_CHANGED),
    ],
    ids=["name", "house", "flat", "postal code", "birth date", "two", "two others"],
)
def test_what_the_post_has_not_seen_drops_level_2_with_the_reason(
    taro: Member, change: dict[str, str], reason: LevelReason
) -> None:
    declare(taro, I_SAY, at=NOW)
    assert level(taro) == 2
    declare(taro, replace(I_SAY, **change), at=LATER)  # type: ignore[arg-type]
    assert level(taro) == 1
    assert (newest_change(taro).source, newest_change(taro).reason) == ("declaration", reason)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "芝次郎"},
        {"address": "東京都港区芝公園4-2-8"},
        {"kana": "しば　じろう"},
        {"sex": Sex.NOT_APPLICABLE},
    ],
    ids=["a space", "width", "kana", "sex"],
)
def test_another_spelling_keeps_level_2(taro: Member, change: dict[str, str]) -> None:
    declare(taro, I_SAY, at=NOW)
    declare(taro, replace(I_SAY, **change), at=LATER)  # type: ignore[arg-type]
    assert level(taro) == 2


def test_the_card_stands_apart_from_what_is_declared(jiro: Member) -> None:
    declare(jiro, I_SAY, at=NOW)
    certify(jiro, THE_CARD_SAYS, at=NOW)
    declare(jiro, replace(I_SAY, name="芝　三郎"), at=LATER)
    assert level(jiro) == 3
    certified = queries.certified(jiro)
    assert certified is not None
    assert (certified.name, certified.lapsed_at) == (THE_CARD_SAYS.name, None)


def test_nobody_elses_level_changes(jiro: Member, taro: Member) -> None:
    declare(taro, I_SAY, at=NOW)
    declare(taro, replace(I_SAY, name="芝　三郎"), at=LATER)
    assert level(jiro) == 0
    assert queries.declared(jiro) is None


# Why, in words

# They stand in histories that are kept, so none is renamed.
REASONS = [
    "attributes_declared", "name_changed", "address_changed", "birth_date_changed",
    "passcode_confirmed", "passcode_returned", "certificate_shown", "certificate_stopped",
]  # fmt: skip


def test_a_level_changes_for_eight_reasons() -> None:
    assert LevelReason.values == REASONS


SAY = {  # a word that each has and no other one
    "attributes_declared": "told us", "name_changed": "your name.",
    "address_changed": "your address", "birth_date_changed": "date of birth",
    "passcode_confirmed": "entered",
    "passcode_returned": "came back", "certificate_shown": "proved who you are with",
    "certificate_stopped": "no longer counts",
}  # fmt: skip


def test_each_reason_says_what_it_is_about() -> None:
    with translation.override("en"):
        said = {reason: level_sentence(LevelChange(reason=reason)) for reason in REASONS}
    for reason, word in SAY.items():
        assert [one for one, sentence in said.items() if word in sentence] == [reason]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_reason_is_a_sentence(language: str, jiro: Member) -> None:
    with translation.override(language):
        said = {level_sentence(LevelChange(reason=reason)) for reason in REASONS}
    assert len(said) == len(REASONS)
    assert all(sentence.endswith("。" if language == "ja" else ".") for sentence in said)


def test_an_operators_own_words_stand_as_they_are() -> None:
    assert level_sentence(LevelChange(reason="窓口で確認")) == "窓口で確認"
