"""Name, address and date of birth: as they are typed, and filled from a postal code."""

import pytest
from django.test import Client

from mypost.members import commands as members
from mypost.members import queries
from mypost.members.models import AssuranceLevel, DeclaredAttributes, Member
from tests.conftest import NOW
from tests.entrypoints.active import active_in
from tests.entrypoints.member_web.conftest import page, text_of

TYPED = {
    "name": "佐藤　花子",
    "kana": "さとう　はなこ",
    "postal_code": "965-0042",
    "address": "福島県会津若松市大町１－２－３",
    "building": "",
    "birth_year": "1980",
    "birth_month": "2",
    "birth_day": "17",
    "sex": "2",
}


def typed(**changes: str) -> dict[str, str]:
    return {**TYPED, **changes}


def declared_by(member: Member) -> DeclaredAttributes:
    declared = queries.declared(member)
    assert declared is not None
    return declared


def save(http: Client, status: int = 303, **changes: str) -> str:
    return text_of(http.post("/me/profile/", typed(**changes)), status)


def test_what_is_declared_is_kept_and_raises_to_level_1(his: Client, jiro: Member) -> None:
    save(his)
    assert "氏名と住所を保存しました" in his.get("/me/").content.decode()
    declared = declared_by(jiro)
    assert (declared.name, declared.postal_code, declared.birth_date, declared.sex) == (
        "佐藤　花子", "9650042", "1980-02-17", "2",
    )  # fmt: skip
    assert Member.objects.get(id=jiro.id).level == AssuranceLevel.SELF_DECLARED


@pytest.mark.parametrize(
    "name",
    ["渡邉\U000e0103　花子", "髙橋 花子 ", "ｼﾐｽﾞ　太郎", "𠮷野－〇", "O'Brien-Łukasz"],
    ids=["variant", "space-at-the-end", "half-width", "outside-the-plane", "foreign"],
)
def test_names_stay_exactly_as_they_were_typed(his: Client, jiro: Member, name: str) -> None:
    save(his, name=name)
    assert declared_by(jiro).name == name
    assert page(his, "/me/profile/").count("value=") > 5


@pytest.mark.parametrize(
    "address", ["福島県会津若松市大町１－２－３", "東京都港区虎ノ門1-2-3 ", "札幌市北一条西２丁目"],
    ids=["full-width", "half-width", "numerals"],
)  # fmt: skip
def test_addresses_stay_exactly_as_they_were_typed(his: Client, jiro: Member, address: str) -> None:
    save(his, address=address)
    assert declared_by(jiro).address == address


@pytest.mark.parametrize(
    "code", ["９６５－００４２", "〒965-0042", "965ー0042", "9650042", " 965 0042 "],
    ids=["full-width", "with-mark", "long-vowel-mark", "bare", "spaced"],
)  # fmt: skip
def test_a_postal_code_may_be_typed_in_any_width(his: Client, jiro: Member, code: str) -> None:
    save(his, postal_code=code)
    assert declared_by(jiro).postal_code == "9650042"


@pytest.mark.parametrize(
    ("year", "month", "day", "kept"),
    [
        ("１９８０", "２", "１７", "1980-02-17"),
        ("昭和55", "2", "17", "1980-02-17"),
        ("S55", "2月", "17日", "1980-02-17"),
        ("令和元年", "5", "1", "2019-05-01"),
        ("1980", "2", "", "1980-02"),
        ("1980", "", "", "1980"),
    ],
    ids=["full-width", "era", "era-letter", "first-year", "no-day", "year-alone"],
)
def test_a_date_of_birth_is_read_as_people_write_it(
    his: Client, jiro: Member, year: str, month: str, day: str, kept: str
) -> None:
    save(his, birth_year=year, birth_month=month, birth_day=day)
    assert declared_by(jiro).birth_date == kept


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "　 "),
        ("name", "花\n子"),
        ("name", "花\x00子"),
        ("name", "花" * 101),
        ("kana", "Hanako"),
        ("postal_code", "12345"),
        ("address", ""),
        ("building", "棟" * 101),
        ("birth_year", "1980年頃"),
        ("birth_year", "1850"),
        ("birth_year", "2999"),
        ("birth_month", "13"),
        ("birth_day", "30"),
        ("birth_month", ""),
        ("sex", "7"),
    ],
    ids=lambda value: value[:8].encode("unicode_escape").decode(),
)
def test_what_cannot_be_is_said_and_nothing_is_lost(
    his: Client, jiro: Member, field: str, value: str
) -> None:
    at = "birth_year" if field.startswith("birth_") else field
    shown = save(his, 422, **{field: value})
    assert f'id="id_{at}_error"' in shown
    assert "福島県会津若松市大町１－２－３" in shown or field == "address"
    assert queries.declared(jiro) is None


def look_up(http: Client, **changes: str) -> str:
    return text_of(http.post("/me/profile/", typed(look_up="1", **changes)))


def test_a_postal_code_fills_an_empty_address(his: Client, jiro: Member) -> None:
    shown = look_up(his, address="")
    assert 'value="福島県会津若松市大町"' in shown
    assert 'value="佐藤　花子"' in shown
    assert queries.declared(jiro) is None


def test_of_several_towns_one_is_chosen(his: Client) -> None:
    shown = look_up(his, postal_code="498-0000", address="")
    assert 'name="town" value="愛知県弥富市"' in shown
    assert 'name="town" value="三重県桑名郡木曽岬町"' in shown
    chosen = text_of(his.post("/me/profile/", typed(town="三重県桑名郡木曽岬町", address="")))
    assert 'name="address" value="三重県桑名郡木曽岬町"' in chosen


def test_what_was_typed_is_not_overwritten_by_a_postal_code(his: Client) -> None:
    shown = look_up(his, address="東京都港区虎ノ門1-2-3")
    assert 'name="address" value="東京都港区虎ノ門1-2-3"' in shown
    assert 'name="town" value="福島県会津若松市大町"' in shown


@pytest.mark.parametrize(
    "code", ["000-0000", "12", "", "x" * 19], ids=["none", "short", "empty", "x"]
)
def test_a_postal_code_that_is_none_says_so(his: Client, code: str) -> None:
    assert 'aria-live="polite"><p>' in look_up(his, postal_code=code)


def test_with_scripts_only_the_address_changes(his: Client) -> None:
    answer = his.post("/me/profile/address", typed(address=""), headers={"HX-Request": "true"})
    shown = text_of(answer)
    assert 'value="福島県会津若松市大町"' in shown
    assert "<h1" not in shown
    whole = look_up(his, address="")
    start = shown.index('<div class="profile__address"')
    end = shown.index('<div id="address-said"')
    assert shown[start:end].strip() in whole


def test_a_postal_code_that_is_still_being_typed_changes_nothing(his: Client) -> None:
    assert his.post("/me/profile/address", typed(postal_code="965")).status_code == 204
    assert his.get("/me/profile/address").status_code == 405


def by_post(member: Member) -> None:
    level = AssuranceLevel.POSTED_PASSCODE
    members.set_level(
        member.id, level, source="posted_passcode", reason="passcode_confirmed", at=NOW
    )


@pytest.mark.parametrize(
    "change",
    [{"name": "鈴木　花子"}, {"address": "福島県会津若松市大町９"}, {"birth_day": "18"}],
    ids=["name", "address", "birth"],
)  # fmt: skip
def test_it_warns_before_a_change_lowers_the_level(
    his: Client, jiro: Member, change: dict[str, str]
) -> None:
    save(his)
    by_post(jiro)
    asked = text_of(his.post("/me/profile/", typed(**change)))
    assert "保存すると、レベルが2から1に下がります" in asked
    assert Member.objects.get(id=jiro.id).level == 2
    assert his.post("/me/profile/", typed(confirmed="1", **change)).status_code == 303
    assert Member.objects.get(id=jiro.id).level == 1
    assert "変更" in page(his, "/me/")


def test_another_spelling_lowers_nothing_and_asks_nothing(his: Client, jiro: Member) -> None:
    save(his)
    by_post(jiro)
    save(his, address="福島県会津若松市大町1-2-3")
    assert Member.objects.get(id=jiro.id).level == 2


HOSTILE = "<script>alert(1)</script>"


def test_a_hostile_name_is_only_a_name(his: Client, jiro: Member) -> None:
    save(his, name=HOSTILE, address=f"{HOSTILE}1", building='"><img src=x onerror=alert(1)>')
    for path in ("/me/", "/me/profile/", "/me/passcode/", "/me/history/"):
        shown = page(his, path)
        assert active_in(shown) == []
        assert "&lt;script&gt;" in shown


def test_a_stranger_sees_nothing_of_it(hers: Client, his: Client, hanako: Member) -> None:
    save(hers)
    for path in ("/me/", "/me/profile/", "/me/history/", "/me/passcode/"):
        assert "佐藤" not in page(his, path)


@pytest.mark.parametrize("path", ["/me/profile/", "/me/history/", "/me/passcode/", "/me/card/"])
def test_whoever_is_not_signed_in_signs_in_first(nobodys: Client, path: str) -> None:
    assert nobodys.get(path).headers["Location"] == f"/account/login/?next={path}"
    assert nobodys.post(path, TYPED).status_code in (302, 405)


def test_a_get_keeps_nothing(his: Client, jiro: Member) -> None:
    his.get("/me/profile/", typed())
    assert queries.declared(jiro) is None
