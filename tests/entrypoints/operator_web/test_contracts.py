"""A contract's steps, as an operator takes them."""

import re

import pytest
from django.test import Client
from django.utils import translation

from mypost.entrypoints.operator_web.contract_steps import steps_of
from mypost.evidence.models import Line
from mypost.members.models import Member
from mypost.senders import commands
from mypost.senders.models import Sender
from mypost.senders.queries import contract_story
from mypost.subscriptions.queries import choices_of
from tests.conftest import NOW
from tests.entrypoints.operator_web.conftest import page

State = Sender.ContractState
REASON = {"reason": "契約書を受け取りました。"}


@pytest.fixture
def gas(db: None) -> Sender:
    """A sender that has asked for a contract."""
    applicant = Sender(name="みどりガス", code="9380001999003", kind=Sender.Kind.COMPANY)
    return commands.apply_for_contract(applicant, at=NOW)


def state_of(sender: Sender) -> str:
    sender.refresh_from_db()
    return sender.contract_state


def seen_by(member: Member) -> list[str]:
    return [choice.sender.name for choice in choices_of(member)]


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("applied", {"active": "Approve the contract", "ended": "Decline the application"}),
        ("active", {"suspended": "Suspend the contract", "ended": "End the contract"}),
        ("suspended", {"active": "Resume the contract", "ended": "End the contract"}),
        ("ended", {}),
    ],
)
def test_the_door_offers_the_steps_that_the_room_allows(
    office: Client, gas: Sender, state: str, offered: dict[str, str]
) -> None:
    Sender.objects.filter(id=gas.id).update(contract_state=state, contract_since=NOW)
    text = page(office, f"/senders/{gas.id}/")
    assert set(re.findall(r"/contract/(\w+)/", text)) == set(offered)
    gas.refresh_from_db()
    with translation.override("en"):
        assert {step.state: str(step.label) for step in steps_of(gas)} == offered


def test_an_approved_sender_stands_in_members_lists_at_once(
    office: Client, gas: Sender, hanako: Member
) -> None:
    assert seen_by(hanako) == []
    answer = office.post(f"/senders/{gas.id}/contract/active/", REASON)
    assert answer["Location"] == f"/senders/{gas.id}/"
    assert "The contract is now: active." in page(office, f"/senders/{gas.id}/")
    assert seen_by(hanako) == ["みどりガス"]
    assert state_of(gas) == "active"


def test_looking_at_a_step_takes_none(office: Client, gas: Sender) -> None:
    text = page(office, f"/senders/{gas.id}/contract/active/")
    assert "Approve the contract" in text
    assert state_of(gas) == "applied"


def test_a_suspended_sender_is_resumed(office: Client, city: Sender, hanako: Member) -> None:
    office.post(f"/senders/{city.id}/contract/suspended/", REASON)
    assert (state_of(city), seen_by(hanako)) == ("suspended", [])
    assert "Resume the contract" in page(office, f"/senders/{city.id}/")
    office.post(f"/senders/{city.id}/contract/active/", REASON)
    assert (state_of(city), seen_by(hanako)) == ("active", ["みなと市"])


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301, "a\0b"])
def test_every_step_needs_a_reason(office: Client, gas: Sender, reason: str) -> None:
    answer = office.post(f"/senders/{gas.id}/contract/active/", {"reason": reason})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])
    assert state_of(gas) == "applied"


def test_a_reason_has_at_most_three_hundred_characters(office: Client, gas: Sender) -> None:
    office.post(f"/senders/{gas.id}/contract/active/", {"reason": "長" * 300})
    assert (state_of(gas), contract_story(gas.id)[0].reason) == ("active", "長" * 300)


def test_ending_is_asked_for_twice(office: Client, city: Sender) -> None:
    first = office.post(f"/senders/{city.id}/contract/ended/", REASON)
    assert first.status_code == 200
    assert REASON["reason"] in first.content.decode()
    assert state_of(city) == "active"
    office.post(f"/senders/{city.id}/contract/ended/", {**REASON, "confirmed": "on"})
    assert state_of(city) == "ended"


def test_confirming_without_a_reason_ends_nothing(office: Client, city: Sender) -> None:
    answer = office.post(f"/senders/{city.id}/contract/ended/", {"confirmed": "on"})
    assert answer.status_code == 422
    assert state_of(city) == "active"


def test_nothing_leads_back_from_the_end(office: Client, city: Sender) -> None:
    commands.move_contract(city.id, State.ENDED, reason="test", at=NOW)
    assert "/contract/" not in page(office, f"/senders/{city.id}/")
    office.post(f"/senders/{city.id}/contract/active/", REASON)
    assert state_of(city) == "ended"


def test_a_button_that_came_too_late_says_so_and_does_nothing(office: Client, gas: Sender) -> None:
    commands.move_contract(gas.id, State.ENDED, reason="test", at=NOW)
    answer = office.post(f"/senders/{gas.id}/contract/active/", REASON, follow=True)
    assert "cannot take this step" in answer.content.decode()
    assert state_of(gas) == "ended"


def test_a_state_that_does_not_exist_is_not_found(office: Client, gas: Sender) -> None:
    assert office.post(f"/senders/{gas.id}/contract/gone/", REASON).status_code == 404


def test_every_step_leaves_evidence_and_shows_in_the_story(office: Client, gas: Sender) -> None:
    office.post(f"/senders/{gas.id}/contract/active/", REASON)
    office.post(f"/senders/{gas.id}/contract/suspended/", REASON)
    assert Line.objects.filter(event="SenderContractChanged", subject_id=gas.id).count() == 3
    story = [step.state for step in contract_story(gas.id)]
    assert story == [State.SUSPENDED, State.ACTIVE, State.APPLIED]
    shown = office.get(f"/senders/{gas.id}/").context["story"]
    assert [step.state for step in shown] == story


def test_the_reason_and_who_gave_it_stand_with_the_contract_alone(
    office: Client, gas: Sender
) -> None:
    office.post(f"/senders/{gas.id}/contract/active/", REASON)
    latest = contract_story(gas.id)[0]
    assert latest.changed_by is not None
    assert (latest.reason, latest.changed_by.name) == (REASON["reason"], "運営")
    assert not [line for line in Line.objects.all() if REASON["reason"] in line.entry]
