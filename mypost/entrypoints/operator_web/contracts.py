"""A sender's contract: each step with its reason, and one without return asked for twice."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mypost.common.clock import now
from mypost.common.transactions import writes
from mypost.entrypoints.operator_web.auth import OperatorRequest, operators_only
from mypost.entrypoints.operator_web.contract_steps import Step, step_towards
from mypost.entrypoints.operator_web.forms import ContractStepForm
from mypost.entrypoints.operator_web.senders import sender_or_404
from mypost.senders import commands
from mypost.senders.errors import ContractStepForbidden
from mypost.senders.models import Sender

State = Sender.ContractState


@operators_only
@writes
def move_contract(request: OperatorRequest, sender_id: UUID, state: str) -> HttpResponse:
    """Ask for the reason of one step, and take it. A step without return is asked for twice."""
    sender = sender_or_404(sender_id)
    if state not in State.values:
        raise Http404
    step = step_towards(sender, state)
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
        moved = commands.move_contract(
            sender.id, step.state, reason=reason, at=now(), changed_by=request.operator.account
        )
    except ContractStepForbidden:
        return _too_late(request, sender)
    state = State(moved.contract_state).label
    messages.success(request, _("The contract is now: %(state)s.") % {"state": state})
    return redirect("operator_web:sender", sender.id)


def _too_late(request: OperatorRequest, sender: Sender) -> HttpResponse:
    """Somebody else has moved the contract since the page with the button was made."""
    messages.warning(request, _("The contract cannot take this step from where it is now."))
    return redirect("operator_web:sender", sender.id)
