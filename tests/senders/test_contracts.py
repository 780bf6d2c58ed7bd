"""A sender's contract: who may become one, and which steps it may take."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from mypost.evidence.models import Line
from mypost.operators.models import Operator
from mypost.senders import queries
from mypost.senders.commands import apply_for_contract, move_contract
from mypost.senders.errors import ContractStepForbidden, SenderNotFound
from mypost.senders.models import Sender
from tests.conftest import LATER, NOW

State = Sender.ContractState
pytestmark = pytest.mark.django_db


def apply(kind: Sender.Kind = Sender.Kind.MUNICIPALITY, code: str = "131016") -> Sender:
    return apply_for_contract(Sender(name="千代田区", kind=kind, code=code), at=NOW)


def test_an_applicant_stands_in_no_members_list() -> None:
    sender = apply()
    assert (sender.contract_state, sender.contract_since) == (State.APPLIED, None)
    assert not sender.may_send
    assert not Sender.objects.choosable().exists()


def test_an_applicant_cannot_bring_its_own_approval() -> None:
    sender = Sender(
        name="千代田区", kind=Sender.Kind.MUNICIPALITY, code="131016",
        contract_state=State.ACTIVE, contract_since=date(2020, 1, 1),
    )  # fmt: skip
    assert apply_for_contract(sender, at=NOW).contract_state == State.APPLIED


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (Sender.Kind.MUNICIPALITY, "131016"),
        (Sender.Kind.MUNICIPALITY, "072991"),
        (Sender.Kind.AGENCY, "7000012050002"),
        (Sender.Kind.COMPANY, "2380001999001"),
    ],
)
def test_a_code_whose_check_digit_is_right_is_taken(kind: Sender.Kind, code: str) -> None:
    sender = apply(kind, code)
    assert queries.has_verified_code(sender)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (Sender.Kind.MUNICIPALITY, "131017"),
        (Sender.Kind.MUNICIPALITY, "13101"),
        (Sender.Kind.MUNICIPALITY, "7000012050002"),
        (Sender.Kind.MUNICIPALITY, "１３１０１６"),
        (Sender.Kind.AGENCY, "7000012050003"),
        (Sender.Kind.COMPANY, "131016"),
        (Sender.Kind.COMPANY, ""),
    ],
)
def test_a_wrong_code_is_refused_at_its_field(kind: Sender.Kind, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        apply(kind, code)
    assert "code" in refused.value.message_dict
    assert not Sender.objects.exists()


def test_its_words_are_as_long_as_we_say_and_no_longer() -> None:
    texts = {"name": 100, "name_en": 100, "description": 400, "description_en": 400, "support": 200}
    facts = {name: "長" * longest for name, longest in texts.items()}
    for name in texts:
        with pytest.raises(ValidationError) as refused:
            apply_for_contract(
                Sender(kind="municipality", code="131016", **{**facts, name: facts[name] + "長"}),
                at=NOW,
            )
        assert list(refused.value.message_dict) == [name]
    kept = apply_for_contract(Sender(kind="municipality", code="131016", **facts), at=NOW)
    assert {name: getattr(kept, name) for name in texts} == facts


def test_a_code_is_taken_once() -> None:
    apply()
    with pytest.raises(ValidationError):
        apply()


def test_the_database_itself_holds_the_codes_shape(city: Sender) -> None:
    with pytest.raises(IntegrityError):
        Sender.objects.filter(id=city.id).update(code="2380001999002")


# Steps

# Source: mypost/senders/README.md. An application is approved or declined, a contract suspended,
# taken up again, or ended; an ended one stays ended, whoever comes back applies anew.
TAKEN = {
    ("applied", "active"), ("applied", "ended"),
    ("active", "suspended"), ("active", "ended"),
    ("suspended", "active"), ("suspended", "ended"),
}  # fmt: skip
STATES = ["applied", "active", "suspended", "ended"]


def test_a_contract_has_four_states() -> None:
    assert State.values == STATES


@pytest.mark.parametrize("start", STATES)
@pytest.mark.parametrize("state", STATES)
def test_a_contract_takes_the_steps_it_may_and_no_other(start: str, state: str) -> None:
    sender, step = apply(), State(state)
    Sender.objects.filter(id=sender.id).update(contract_state=start, contract_since=NOW)
    if (start, state) in TAKEN:
        assert move_contract(sender.id, step, reason="r", at=LATER).contract_state == step
    else:
        with pytest.raises(ContractStepForbidden):
            move_contract(sender.id, step, reason="r", at=LATER)
        assert Sender.objects.get().contract_state == start


def test_each_step_is_kept_with_reason_and_person_and_is_evidence(operator: Operator) -> None:
    sender = apply()
    move_contract(
        sender.id, State.ACTIVE, reason="契約書確認", at=LATER, changed_by=operator.account
    )
    newest, first = queries.contract_story(sender.id)
    assert (first.state, newest.state, newest.reason) == ("applied", "active", "契約書確認")
    assert newest.changed_by == operator.account
    lines = Line.objects.filter(subject_id=sender.id).order_by("seq")
    assert [line.event for line in lines] == ["SenderContractChanged"] * 2
    assert "契約書確認" not in lines[1].entry


def test_a_contract_begins_on_the_day_it_is_in_japan() -> None:
    just_after_midnight = datetime(2026, 3, 31, 15, 0, 1, tzinfo=UTC)
    sender = move_contract(apply().id, State.ACTIVE, reason="r", at=just_after_midnight)
    assert sender.contract_since == date(2026, 4, 1)


def test_a_contract_taken_up_again_keeps_its_beginning(city: Sender) -> None:
    began = city.contract_since
    move_contract(city.id, State.SUSPENDED, reason="r", at=LATER)
    assert move_contract(city.id, State.ACTIVE, reason="r", at=LATER).contract_since == began


def test_a_sender_that_does_not_exist_takes_no_step() -> None:
    with pytest.raises(SenderNotFound):
        move_contract(uuid4(), State.ACTIVE, reason="r", at=NOW)
    with pytest.raises(SenderNotFound):
        queries.sender_of(uuid4())


# Lists


def test_the_list_is_read_in_pages_both_ways() -> None:
    codes = ["131016", "131024", "131032"]
    senders = [apply(code=code) for code in codes]
    newest, middle, oldest = queries.senders_page()
    assert {newest.code, middle.code, oldest.code} == set(codes)
    assert queries.senders_page(before=newest.id, limit=1) == [middle]
    assert queries.senders_page(after=oldest.id, limit=1) == [middle]
    assert len(senders) == 3


def test_the_list_is_searched_by_name_and_by_code(city: Sender, power: Sender) -> None:
    assert queries.senders_page(words="みなと") == [city]
    assert queries.senders_page(words=power.code[:5]) == [power]
    assert queries.senders_page(state="suspended") == []
    assert queries.count_by_state() == {"active": 2}
