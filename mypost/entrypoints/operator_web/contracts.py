"""A sender's contract: the steps it may take, each with a reason, the last one asked for twice."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mypost.common.clock import now
from mypost.common.transactions import writes
from mypost.entrypoints.operator_web.auth import OperatorRequest, operators_only
from mypost.entrypoints.operator_web.forms import ContractStepForm
from mypost.senders import commands, queries
from mypost.senders.errors import ContractStepForbidden, SenderNotFound
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


@operators_only
@writes
def move_contract(request: OperatorRequest, sender_id: UUID, state: str) -> HttpResponse:
    """Ask for the reason of one step, and take it. A step without return is asked for twice."""
    sender, step = _sender_and_step(sender_id, state)
    if step is None:
        return _too_late(request, sender)
    form = ContractStepForm(request.POST if request.method == "POST" else None)
    content = {"place": "senders", "sender": sender, "step": step, "form": form}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "operator_web/contracts/step.html", content, status=status)
    if step.is_final and not form.cleaned_data["confirmed"]:
        return render(request, "operator_web/contracts/confirm.html", content)
    return _take(request, sender, step, reason=form.cleaned_data["reason"])


def _take(request: OperatorRequest, sender: Sender, step: Step, *, reason: str) -> HttpResponse:
    try:
        moved = commands.move_contract(sender.id, step.state, reason=reason, at=now())
    except ContractStepForbidden:
        return _too_late(request, sender)
    state = State(moved.contract_state).label
    messages.success(request, _("The contract is now: %(state)s.") % {"state": state})
    return redirect("operator_web:sender", sender.id)


def _too_late(request: OperatorRequest, sender: Sender) -> HttpResponse:
    """Somebody else has moved the contract since the page with the button was made."""
    messages.warning(request, _("The contract cannot take this step from where it is now."))
    return redirect("operator_web:sender", sender.id)


def _sender_and_step(sender_id: UUID, state: str) -> tuple[Sender, Step | None]:
    """Return the sender and its step to a state, None when it may not go there now.

    Raises Http404 for a sender or a state that does not exist.
    """
    try:
        sender = queries.sender_of(sender_id)
    except SenderNotFound:
        raise Http404 from None
    if state not in State.values:
        raise Http404
    return sender, next((step for step in steps_of(sender) if step.state == state), None)
