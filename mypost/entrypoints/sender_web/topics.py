"""Topics: what the sender writes about. Members may decline each by itself."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mypost.common.clock import now
from mypost.common.transactions import reads, writes
from mypost.entrypoints.sender_web.administration_forms import NewTopicForm, TopicForm
from mypost.entrypoints.sender_web.auth import StaffRequest, administrators_only, staff_only
from mypost.senders import commands
from mypost.senders.errors import TopicNotFound
from mypost.senders.models import Topic


@staff_only
@require_safe
@reads
def list_topics(request: StaffRequest) -> HttpResponse:
    """List the sender's topics."""
    facts = {"place": "topics", "topics": request.sender.topics.all()}
    return render(request, "sender_web/topics/list.html", facts)


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
@writes
def new_topic(request: StaffRequest) -> HttpResponse:
    """Add a topic; members see it at once."""
    form = NewTopicForm(request.POST or None)
    if form.is_valid() and _is_added(request, form):
        messages.success(request, _("The topic was added."))
        return redirect("sender_web:topics")
    return _show_form(request, form, None)


def _is_added(request: StaffRequest, form: NewTopicForm) -> bool:
    try:
        with transaction.atomic():
            commands.add_topic(Topic(sender=request.sender, **form.cleaned_data), at=now())
    except (ValidationError, IntegrityError):
        form.add_error("slug", _("There is a topic of this short name already."))
        return False
    return True


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
@writes
def change_topic(request: StaffRequest, topic_id: UUID) -> HttpResponse:
    """Change a topic's names, category and demand."""
    topic = request.sender.topics.filter(id=topic_id).first()
    if topic is None:
        raise TopicNotFound
    written = {name: getattr(topic, name) for name in TopicForm.base_fields}
    form = TopicForm(request.POST or None, initial=written)
    if form.is_valid():
        commands.change_topic(request.sender, topic_id, **form.cleaned_data)
        messages.success(request, _("The topic was changed."))
        return redirect("sender_web:topics")
    return _show_form(request, form, topic)


def _show_form(request: StaffRequest, form: TopicForm, topic: Topic | None) -> HttpResponse:
    facts = {"place": "topics", "form": form, "topic": topic}
    status = 422 if form.is_bound else 200
    return render(request, "sender_web/topics/topic.html", facts, status=status)
