"""What is asked about senders: lists for everybody and the back office, one contract's story."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.utils import translation

from mypost.senders import commands, queries
from mypost.senders.models import ContractChange, Sender, Staff, Topic
from tests.conftest import NOW, make_account

KINDS = {"m": "municipality", "a": "agency", "c": "company"}
pytestmark = pytest.mark.django_db


def sender(number: int, kind: str = "c", state: str = "active", **facts: object) -> Sender:
    """A row as it is; its identifier says when it applied."""
    code = f"{number:06}" if kind == "m" else f"{number:013}"
    given = {"name": f"S{number}", "contract_since": date(2026, 1, 1), **facts}
    return Sender.objects.create(
        id=UUID(int=number), kind=KINDS[kind], code=code, contract_state=state, applied_at=NOW,
        **given,
    )  # fmt: skip


def numbers(senders: list[Sender]) -> list[int]:
    return [each.id.int for each in senders]


def test_everybody_sees_the_newest_of_each_kind_that_is_under_contract() -> None:
    sender(1, contract_since=date(2026, 1, 1))
    sender(2, contract_since=date(2026, 3, 1), name="B")
    sender(3, contract_since=date(2026, 3, 1), name="A")
    for number, state in enumerate(("applied", "suspended", "ended"), 4):
        sender(number, state=state)
        sender(number + 10, kind="a", state=state)
    sender(20, kind="m")
    found = queries.choosable_by_kind(at_most=9)
    assert {kind: numbers(found[kind]) for kind in found} == {
        "municipality": [20], "company": [3, 2, 1],
    }  # fmt: skip
    assert numbers(queries.choosable_by_kind(at_most=2)[Sender.Kind.COMPANY]) == [3, 2]


def test_only_a_contract_in_force_lets_a_sender_send() -> None:
    may = {s: sender(n, state=s).may_send for n, s in enumerate(Sender.ContractState.values)}
    assert may == {"applied": False, "active": True, "suspended": False, "ended": False}


def test_the_back_office_reads_pages_both_ways() -> None:
    for number in range(1, 6):
        sender(number)
    assert numbers(queries.senders_page(limit=2)) == [5, 4]
    assert numbers(queries.senders_page(before=UUID(int=4), limit=2)) == [3, 2]
    assert numbers(queries.senders_page(before=UUID(int=1))) == []
    assert numbers(queries.senders_page(after=UUID(int=2), limit=2)) == [4, 3]
    assert numbers(queries.senders_page(after=UUID(int=5))) == []


def test_a_page_of_the_back_office_has_50_senders() -> None:
    Sender.objects.bulk_create(
        Sender(id=UUID(int=n), kind="company", code=f"{n:013}", name="S", applied_at=NOW)
        for n in range(51)
    )
    assert len(queries.senders_page()) == 50


def test_the_back_office_searches_names_and_the_beginnings_of_codes() -> None:
    sender(131016, kind="m", name="千代田区", name_en="Chiyoda")
    sender(131024, kind="m", name="中央区", state="suspended")
    found = {
        words: numbers(queries.senders_page(words=words))
        for words in ("代田", "chiyo", "1310", "131016", "31016", "")
    }
    both = [131024, 131016]
    assert found == {
        "代田": [131016], "chiyo": [131016], "1310": both, "131016": [131016],
        "31016": [], "": both,
    }  # fmt: skip
    assert numbers(queries.senders_page(words="区", state="suspended")) == [131024]
    assert numbers(queries.senders_page(words="千代", state="suspended")) == []
    assert numbers(queries.senders_page(state="active", before=UUID(int=131016))) == []


def test_senders_are_counted_by_the_state_of_their_contract() -> None:
    for number, state in enumerate(("active", "ended", "active")):
        sender(number, state=state)
    assert queries.count_by_state() == {"active": 2, "ended": 1}


def test_a_sender_is_found_whatever_its_contracts_state() -> None:
    made = sender(7, state="ended")
    assert queries.sender_of(made.id) == made


def test_a_code_is_verified_as_its_kind_demands() -> None:
    # JIS X 0402; 法人番号の指定等に関する省令. Of each the right one, and one digit off.
    for kind, code, right in (
        ("municipality", "131016", True),
        ("municipality", "131017", False),
        ("agency", "7000012050002", True),
        ("company", "7000012050003", False),
    ):
        assert queries.has_verified_code(Sender(kind=kind, code=code)) is right


def test_a_contracts_story_is_its_own_the_latest_step_first(power: Sender) -> None:
    applied = Sender(name="千代田区", kind=Sender.Kind.MUNICIPALITY, code="131016")
    commands.apply_for_contract(applied, at=NOW)
    for hours, state in enumerate(("active", "suspended", "active"), 1):
        at = NOW + timedelta(hours=hours)
        commands.move_contract(applied.id, Sender.ContractState(state), reason=state, at=at)
    story = queries.contract_story(applied.id)
    assert [(step.state, step.at) for step in story] == [
        ("active", NOW + timedelta(hours=3)),
        ("suspended", NOW + timedelta(hours=2)),
        ("active", NOW + timedelta(hours=1)),
        ("applied", NOW),
    ]


def test_steps_of_one_moment_stand_in_the_order_they_were_taken(city: Sender) -> None:
    ContractChange.objects.all().delete()
    for number, state in ((1, "applied"), (3, "suspended"), (2, "active")):
        ContractChange.objects.create(
            id=UUID(int=number), sender=city, state=state, reason="r", at=NOW
        )
    states = [step.state for step in queries.contract_story(city.id)]
    assert states == ["suspended", "active", "applied"]


def test_who_applied_without_anybody_of_ours_is_a_fact_too(city: Sender) -> None:
    (first,) = (step for step in queries.contract_story(city.id) if step.state == "applied")
    assert (first.state, first.reason, first.changed_by) == ("applied", "applied", None)


# Words and people


def test_a_sender_is_called_and_described_in_the_readers_language() -> None:
    both = Sender(name="水道局", name_en="Water", description="水", description_en="H2O")
    one = Sender(name="水道局", description="水")
    seen = {}
    for language in ("ja", "en"):
        with translation.override(language):
            seen[language] = [(str(each), each.local_description) for each in (both, one)]
    assert seen == {
        "ja": [("水道局", "水"), ("水道局", "水")],
        "en": [("Water", "H2O"), ("水道局", "水")],
    }


def test_a_clerk_is_no_administrator(city: Sender) -> None:
    for number, role in enumerate((Staff.Role.CLERK, Staff.Role.ADMINISTRATOR)):
        account = make_account(f"s{number}@example.jp", "職員")
        staff = commands.add_staff(city, account, role, at=NOW)
        assert Staff.objects.values().get(id=staff.id) == {
            "id": staff.id, "sender_id": city.id, "account_id": account.id, "role": role,
        }  # fmt: skip
        assert staff.is_administrator is bool(number)


def test_topics_stand_by_name(city: Sender) -> None:
    Topic.objects.filter(slug="tax").update(name="a")
    assert [topic.name for topic in city.topics.all()] == ["a", "news"]
