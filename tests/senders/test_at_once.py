"""Two clerks, or two operators, do something about one sender at the same moment."""

import pytest

from mypost.evidence.models import Line
from mypost.senders import commands
from mypost.senders.models import ContractChange, Sender, Staff
from tests.conftest import LATER, NOW
from tests.races import at_once
from tests.senders.test_api_keys import make

pytestmark = pytest.mark.django_db(transaction=True)
State = Sender.ContractState


def move(sender: Sender, state: State) -> object:
    return commands.move_contract(sender.id, state, reason="test", at=NOW)


@pytest.mark.parametrize("second", [State.SUSPENDED, State.ENDED])
def test_a_contract_that_ends_at_this_moment_takes_no_other_step(
    city: Sender, second: State
) -> None:
    ends = at_once(lambda: move(city, State.ENDED), lambda: move(city, second))
    assert ends[1] == "contract_step_forbidden"
    city.refresh_from_db()
    assert city.contract_state == "ended"
    assert ContractChange.objects.filter(sender=city, state="ended").count() == 1


def test_a_key_that_two_end_keeps_its_first_time_and_one_evidence_line(
    city: Sender, clerk: Staff
) -> None:
    key, _secret = make(clerk)
    at_once(
        lambda: commands.revoke_api_key(city, key.id, at=NOW),
        lambda: commands.revoke_api_key(city, key.id, at=LATER),
    )
    key.refresh_from_db()
    assert key.revoked_at == NOW
    assert Line.objects.filter(event="ApiKeyChanged", subject_id=key.id).count() == 2  # made, ended
