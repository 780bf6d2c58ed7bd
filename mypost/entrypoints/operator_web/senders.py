"""Senders, as the operator sees them: who asks, who is under contract, and for which topics."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mypost.common.clock import now
from mypost.common.transactions import reads, writes
from mypost.entrypoints.operator_web.auth import OperatorRequest, operators_only
from mypost.entrypoints.operator_web.contract_steps import steps_of
from mypost.entrypoints.operator_web.forms import SenderForm, SenderSearch, TopicForm
from mypost.entrypoints.operator_web.paging import page_of
from mypost.senders import commands, queries
from mypost.senders.errors import SenderNotFound
from mypost.senders.models import Sender, Topic
from mypost.subscriptions.queries import count_relations


@operators_only
@reads
def list_senders(request: OperatorRequest) -> HttpResponse:
    """List senders by the state of their contract."""
    search = SenderSearch(request.GET)
    status = 200 if search.is_valid() else 422
    asked = search.cleaned_data
    page = page_of(queries.senders_page, asked)
    content = {"place": "senders", "search": search, "page": page, "tabs": _tabs(asked)}
    return render(request, "operator_web/senders/list.html", content, status=status)


def _tabs(asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a tab for all senders and one for each state; what was searched for stays."""
    counts, current = queries.count_by_state(), asked.get("state", "")
    counts[""], words = sum(counts.values()), asked.get("words", "")
    labels = {"": _("All senders"), **dict(Sender.ContractState.choices)}
    return [
        {
            "label": label,
            "url": f"?{urlencode({'state': state, 'words': words})}",
            "count": counts.get(state, 0),
            "current": state == current,
        }
        for state, label in labels.items()
    ]


@operators_only
@reads
def show_sender(request: OperatorRequest, sender_id: UUID) -> HttpResponse:
    """Show one sender: facts, topics, and its contract with the steps that it may take."""
    sender = sender_or_404(sender_id)
    content = {
        "place": "senders",
        "sender": sender,
        "code_is_verified": queries.has_verified_code(sender),
        "members": count_relations(sender.id),
        "steps": steps_of(sender),
        "story": queries.contract_story(sender.id),
    }
    return render(request, "operator_web/senders/sender.html", content)


@operators_only
@writes
def take_in_sender(request: OperatorRequest) -> HttpResponse:
    """Take in a body that asks for a contract; nobody sees it until that is approved."""
    form = SenderForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (sender := _taken_in(form)):
        messages.success(request, _("The sender is taken in. Its contract waits for approval."))
        return redirect("operator_web:sender", sender.id)
    content = {"place": "senders", "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "operator_web/senders/new.html", content, status=status)


def _taken_in(form: SenderForm) -> Sender | None:
    """Return the new sender, or None with the room's objection at its field."""
    try:
        return commands.apply_for_contract(Sender(**form.cleaned_data), at=now())
    except ValidationError as objection:
        form.add_error(None, objection)
    except IntegrityError:  # the same form, sent twice at once
        form.add_error("code", SenderForm.CODE_TAKEN)
    return None


@operators_only
@writes
def add_topic(request: OperatorRequest, sender_id: UUID) -> HttpResponse:
    """Give a sender one more topic."""
    sender = sender_or_404(sender_id)
    form = TopicForm(request.POST if request.method == "POST" else None, sender=sender)
    if form.is_valid() and (topic := _added(form, sender)):
        added = _("The topic “%(topic)s” is added.") % {"topic": topic.local_name}
        messages.success(request, added)
        return redirect("operator_web:sender", sender.id)
    content = {"place": "senders", "sender": sender, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "operator_web/senders/new_topic.html", content, status=status)


def _added(form: TopicForm, sender: Sender) -> Topic | None:
    """Return the new topic, or None with the room's objection at its field."""
    try:
        with transaction.atomic():
            return commands.add_topic(Topic(sender=sender, **form.cleaned_data), at=now())
    except ValidationError as objection:
        form.add_error(None, objection)
    except IntegrityError:  # the same form, sent twice at once
        form.add_error("slug", TopicForm.SLUG_TAKEN)
    return None


def sender_or_404(sender_id: UUID) -> Sender:
    """Return a sender. Raises Http404."""
    try:
        return queries.sender_of(sender_id)
    except SenderNotFound:
        raise Http404 from None
