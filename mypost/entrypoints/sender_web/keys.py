"""API keys of the sender's programs. A secret is shown in one answer and kept nowhere."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mypost.common.clock import now
from mypost.common.transactions import reads, writes
from mypost.entrypoints.confirming import confirmed_again
from mypost.entrypoints.sender_web.administration_forms import KeyForm
from mypost.entrypoints.sender_web.auth import StaffRequest, administrators_only
from mypost.senders import commands
from mypost.senders.models import Scope


@administrators_only
@require_safe
@reads
def list_keys(request: StaffRequest) -> HttpResponse:
    """List the keys, and lead to the API's own pages."""
    keys = request.sender.api_keys.select_related("created_by__account").order_by("-id")
    at = now()
    listed = [
        {"key": key, "is_usable": key.is_usable(at=at), "scopes": _labels(key.scopes)}
        for key in keys
    ]
    return render(request, "sender_web/keys/list.html", {"place": "keys", "keys": listed})


def _labels(scopes: list[str]) -> list[str]:
    return [str(Scope(scope).label) for scope in scopes]


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
@writes
@confirmed_again
def new_key(request: StaffRequest) -> HttpResponse:
    """Make a key. Its secret stands in this answer alone: no redirect could carry it."""
    form = KeyForm(request.POST or None)
    if form.is_valid():
        return _make(request, form)
    status = 422 if form.is_bound else 200
    return render(
        request, "sender_web/keys/new.html", {"place": "keys", "form": form}, status=status
    )


def _make(request: StaffRequest, form: KeyForm) -> HttpResponse:
    data = form.cleaned_data
    key, secret = commands.make_api_key(
        request.staff,
        name=data["name"],
        live=data["kind"] == "live",
        scopes=[Scope(scope) for scope in data["scopes"]],
        networks=data["networks"],
        expires_at=data["expires_on"],
        at=now(),
    )
    facts = {"place": "keys", "key": key, "secret": secret}
    return render(request, "sender_web/keys/made.html", facts)


@administrators_only
@require_POST
@writes
@confirmed_again
def end_key(request: StaffRequest, key_id: UUID) -> HttpResponse:
    """End a key at once."""
    commands.revoke_api_key(request.sender, key_id, at=now())
    messages.success(request, _("The key has ended."))
    return redirect("sender_web:keys")
