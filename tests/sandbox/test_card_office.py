"""What happens in a life, and what it does to the two certificates of a card."""

import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from sandbox.card_office.card import Card, Kind
from sandbox.card_office.counter import act
from sandbox.card_office.office import Holder, Office, OfficeRefuses
from sandbox.card_office.world import MINATO, residents
from sandbox.demo import load

from .card_scene import AT, HANAKO, HINA, JIRO, open_authority

LATER = AT + timedelta(days=1)
TOUCHES = ("open", "os.rename", "os.remove", "os.chmod", "os.mkdir", "sqlite3.connect")
GOOD = ("good", "", "")
KINDS: tuple[Kind, Kind] = ("sign", "auth")
MOVED = {"address": "福島県風見市丘の上１丁目２番３号", "city": "風見市"}


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return open_authority(tmp_path_factory.mktemp("office")).folder


@pytest.fixture
def office(founded: Path, tmp_path: Path) -> Office:
    office = Office(open_authority(Path(shutil.copytree(founded, tmp_path / "office"))))
    for person in (HANAKO, JIRO, HINA):
        office.enter(person, at=AT)
    return office


def told(office: Office, resident_id: str, kind: Kind) -> tuple[str, str, str]:
    return of_card(office, office.holder(resident_id), kind)


def of_card(office: Office, holder: Holder, kind: Kind) -> tuple[str, str, str]:
    status = office.status(holder, kind, LATER)
    assert status
    return status.state, status.reason, status.cause


@pytest.mark.parametrize(
    ("event", "form", "sign", "auth"),
    [
        ("move", MOVED, ("revoked", "affiliation_changed", "move"), GOOD),
        ("rename", {"name": "髙橋　花子"}, ("revoked", "affiliation_changed", "name_change"), GOOD),
        ("die", {}, ("revoked", "cessation_of_operation", "death"), GOOD),
        ("emigrate", {}, ("revoked", "cessation_of_operation", "emigration"), GOOD),
        *[
            (event, {}, ("revoked", reason, cause), ("revoked", reason, cause))
            for event, reason, cause in (
                ("lose", "key_compromise", "loss"),
                ("hold", "certificate_hold", ""),
                ("give_up", "cessation_of_operation", ""),
            )
        ],
    ],
)
def test_an_event_ends_what_it_must_and_nothing_else(
    office: Office,
    event: str,
    form: dict[str, str],
    sign: tuple[str, str, str],
    auth: tuple[str, str, str],
) -> None:
    act(office, "hanako", event, form, at=AT)
    assert (told(office, "hanako", "sign"), told(office, "hanako", "auth")) == (sign, auth)
    assert [told(office, "jiro", kind) for kind in KINDS] == [GOOD, GOOD]


def test_after_a_move_the_counter_gives_a_certificate_with_the_new_address(office: Office) -> None:
    card = office.holder("hanako").card
    before = card.file()
    act(office, "hanako", "move", MOVED, at=AT)
    act(office, "hanako", "issue", {}, at=AT)
    after = card.file()
    assert after.auth_certificate == before.auth_certificate
    assert after.sign_certificate
    assert MOVED["address"].encode() in after.sign_certificate
    assert b"Kazami-shi CRLDP" in after.sign_certificate
    assert told(office, "hanako", "sign") == GOOD
    people = {office.authority.person_of(each.sign_serial) for each in (before, after)}
    assert len(people) == 1


def test_renewal_gives_new_serials_to_the_same_person_on_the_same_card(office: Office) -> None:
    holder = office.holder("hanako")
    before = holder.card.file()
    act(office, "hanako", "renew", {}, at=AT)
    after = office.holder("hanako").card.file()
    assert after.path == before.path
    old, new = (before.sign_serial, before.auth_serial), (after.sign_serial, after.auth_serial)
    assert not set(old) & set(new)
    assert len({office.authority.person_of(serial) for serial in (*old, *new)}) == 1
    key_id = office.authority.root("auth").key_id
    status = office.authority.status(key_id, before.auth_serial, LATER)
    assert (status.reason, status.cause) == ("superseded", "renewal")


def test_after_a_loss_there_is_another_card_and_the_lost_one_stays_stopped(office: Office) -> None:
    lost = office.holder("hanako")
    act(office, "hanako", "lose", {}, at=AT)
    act(office, "hanako", "issue", {}, at=AT)
    assert office.holder("hanako").card.path != lost.card.path
    assert told(office, "hanako", "auth") == GOOD
    assert of_card(office, lost, "auth")[1] == "key_compromise"
    assert lost.card.sign("auth", "1234", b"text").signature  # whoever found it can still sign


@pytest.mark.parametrize(
    ("before", "event", "code"),
    [
        ("die", "move", "dead"), ("die", "renew", "dead"), ("emigrate", "rename", "abroad"),
        ("lose", "renew", "card_stopped"), ("hold", "renew", "card_stopped"),
        (None, "issue", "nothing_lacks"), ("renew", "issue", "nothing_lacks"),
    ],
)  # fmt: skip
def test_the_counter_refuses_what_makes_no_sense(
    office: Office, before: str | None, event: str, code: str
) -> None:
    if before:
        act(office, "hanako", before, {}, at=AT)
    with pytest.raises(OfficeRefuses, match=f"^{code}$"):
        act(office, "hanako", event, MOVED, at=AT)


@pytest.mark.parametrize(
    ("event", "form", "code"),
    [
        ("move", {"address": " ", "city": "風見市"}, "text_unusable"),
        ("move", {"address": "風見市\n１", "city": "風見市"}, "text_unusable"),
        ("move", {"address": "月", "city": "月"}, "unknown"),
        ("rename", {"name": "長" * 101}, "text_unusable"),
        ("unlock", {"kind": "auth", "pin": "12"}, "pin_misshapen"),
        ("unlock", {"kind": "both", "pin": "1234"}, "unknown"),
        ("fly", {}, "unknown"),
        ("_end", {}, "unknown"),
    ],
)
def test_the_counter_refuses_a_form_that_is_filled_in_badly(
    office: Office, event: str, form: dict[str, str], code: str
) -> None:
    with pytest.raises(OfficeRefuses, match=f"^{code}$"):
        act(office, "hanako", event, form, at=AT)
    assert told(office, "hanako", "sign") == GOOD
    assert office.holder("hanako").resident == HANAKO


def test_a_child_lacks_nothing_and_grows_up(office: Office) -> None:
    with pytest.raises(OfficeRefuses, match="nothing_lacks"):
        act(office, "hina", "issue", {}, at=AT)
    act(office, "hina", "issue", {}, at=AT + timedelta(days=365 * 5))
    assert office.holder("hina").card.has("sign")


def test_nothing_happens_to_somebody_who_does_not_exist(office: Office) -> None:
    for event in (
        "move", "rename", "issue", "renew", "lose", "hold", "give_up", "die", "emigrate", "unlock",
    ):  # fmt: skip
        with pytest.raises(KeyError):
            act(office, "nobody", event, MOVED, at=AT)


def test_everything_is_there_after_a_restart(office: Office) -> None:
    act(office, "hanako", "move", MOVED, at=AT)
    again = Office(open_authority(office.authority.folder))
    assert [(holder.resident, holder.card.path) for holder in again.holders()] == [
        (holder.resident, holder.card.path) for holder in office.holders()
    ]
    assert told(again, "hanako", "sign") == ("revoked", "affiliation_changed", "move")
    assert again.authority.root("sign").key_id == office.authority.root("sign").key_id


def renew_until(place: int, folder: Path) -> bool:
    """Renew Hanako's card in a child that kills itself at so many touches of the folder.

    Returns whether it came so far; else it was done before.
    """
    child = os.fork()
    if child == 0:
        touches = count(1)

        def die(event: str, given: tuple[object, ...]) -> None:
            if event in TOUCHES and str(folder) in str(given) and next(touches) == place:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(die)
            act(Office(open_authority(folder)), "hanako", "renew", {}, at=AT)
            os._exit(0)
        finally:
            os._exit(1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL)
    return status != 0


def test_a_kill_in_the_middle_leaves_each_act_whole_or_undone(office: Office) -> None:
    folder = office.authority.folder
    places = 0
    while renew_until(places + 1, folder):
        places += 1
        with closing(sqlite3.connect(folder / "register.sqlite")) as register:
            assert register.execute("pragma integrity_check").fetchone() == ("ok",)
    assert places > 10
    assert [told(office, "hanako", kind) for kind in KINDS] == [GOOD, GOOD]
    assert Card(office.holder("hanako").card.path).sign("auth", "1234", b"text").signature


def test_the_demos_members_hold_cards_in_their_own_names() -> None:
    members = {member.key: member for member in load(AT.date()).members}
    people = {person.id: person for person in residents(AT.date())}
    for key, member in members.items():
        assert (people[key].name, people[key].address) == (member.name, member.address)
        assert people[key].born_on == member.birth_date
        assert people[key].municipality == MINATO


@pytest.mark.parametrize(
    "is_rare",
    [
        lambda person: "1" in person.name_substituted and "\U000e0100" in person.registered_name,
        lambda person: not person.may_sign(AT),
        lambda person: person.born_on is None,
        lambda person: person.municipality != MINATO,
    ],
    ids=["substituted", "child", "unknown-birth-date", "elsewhere"],
)
def test_the_world_has_people_with_rarer_papers(is_rare: Callable[..., bool]) -> None:
    assert any(map(is_rare, residents(AT.date())))


def test_opening_twice_gives_nobody_a_second_card(office: Office) -> None:
    office.open(AT)
    first = [(holder.resident.id, holder.card.path) for holder in office.holders()]
    office.open(LATER)
    assert [(holder.resident.id, holder.card.path) for holder in office.holders()] == first
    assert len(first) == len(residents(AT.date()))
