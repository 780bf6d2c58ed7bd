"""The steps of a sender's contract, in the words of the button and of what then happens."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mypost.senders.models import Sender

State = Sender.ContractState


@dataclass(frozen=True)
class Step:
    """One step of a contract, in words.

    label: on the button. effect: what will happen, for who is about to do it.
    is_final: nothing leads back.
    """

    state: Sender.ContractState
    label: Promise
    effect: Promise
    is_final: bool = False


APPROVE = Step(
    State.ACTIVE,
    _("Approve the contract"),
    _("Members see the sender in their list at once, and it may send letters."),
)
DECLINE = Step(
    State.ENDED,
    _("Decline the application"),
    _("The application ends here. No member ever sees the sender."),
    is_final=True,
)
SUSPEND = Step(
    State.SUSPENDED,
    _("Suspend the contract"),
    _("Nothing new is accepted from the sender. Letters that were delivered stay."),
)
RESUME = Step(
    State.ACTIVE,
    _("Resume the contract"),
    _("The sender stands in the members' list again, and may send letters."),
)
END = Step(
    State.ENDED,
    _("End the contract"),
    _("Nothing new is ever accepted from the sender. Letters that were delivered stay."),
    is_final=True,
)
STEPS = {
    State.APPLIED: [APPROVE, DECLINE],
    State.ACTIVE: [SUSPEND, END],
    State.SUSPENDED: [RESUME, END],
    State.ENDED: [],
}


def steps_of(sender: Sender) -> list[Step]:
    """Return the steps that a sender's contract may take now."""
    return STEPS[State(sender.contract_state)]


def step_towards(sender: Sender, state: str) -> Step | None:
    """Return the step that leads a sender's contract to a state, None when it may not go there."""
    return next((step for step in steps_of(sender) if step.state == state), None)
