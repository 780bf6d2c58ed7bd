"""The member's own page: name, level, ways to sign in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mypost.accounts.models import Account
from mypost.common.transactions import reads, writes
from mypost.entrypoints.member_web.auth import MemberRequest, members_only
from mypost.entrypoints.member_web.forms import NameForm
from mypost.entrypoints.member_web.redirects import see_other
from mypost.members import queries as members


@require_safe
@reads
@members_only
def me(request: MemberRequest) -> HttpResponse:
    """Show what we hold about the member, and what they may change."""
    return _page(request, NameForm({"name": request.user.name}))


@require_POST
@writes
@members_only
def rename(request: MemberRequest) -> HttpResponse:
    """Address the member as they say."""
    form = NameForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    Account.objects.filter(pk=request.user.pk).update(name=form.cleaned_data["name"])
    messages.success(request, _("Your name is changed."))
    return see_other("me")


def _page(request: MemberRequest, form: NameForm, *, status: int = 200) -> HttpResponse:
    changes = members.level_changes(request.member)
    shown = {"place": "me", "member": request.member, "form": form, "changes": changes}
    return render(request, "member_web/me/me.html", shown, status=status)
