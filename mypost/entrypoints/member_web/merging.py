"""Two accounts of one person: say so calmly, and make them one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mypost.common.clock import now
from mypost.common.transactions import reads, writes
from mypost.entrypoints.confirming import confirmed_again
from mypost.entrypoints.member_web.auth import MemberRequest, members_only
from mypost.entrypoints.member_web.forms import MergeForm
from mypost.entrypoints.member_web.redirects import see_other
from mypost.proofing import merging
from mypost.proofing.errors import DifferentPersons, MergeCodeWrong, MergeNotPossible

NOT_POSSIBLE = gettext_lazy("One of the two accounts is closed, or was merged before.")
WORDS: dict[str, Promise] = {
    MergeCodeWrong.code: gettext_lazy(
        "This number is not right, was used, or is older than an hour. The other account can ask"
        " for a new one."
    ),
    MergeNotPossible.code: NOT_POSSIBLE,
    DifferentPersons.code: gettext_lazy(
        "The two accounts belong to different persons, so they stay apart."
    ),
}


@require_safe
@reads
@members_only
def same_person(request: MemberRequest) -> HttpResponse:
    """Explain that another account belongs to the same person, and what may be done."""
    return render(request, "member_web/merging/same_person.html", {"place": "me"})


@require_POST
@writes
@members_only
@confirmed_again  # the number gives the whole mailbox away
def ask_to_merge(request: MemberRequest) -> HttpResponse:
    """Give the number that the other account takes. It stands in this answer alone."""
    try:
        code = merging.ask(request.member, at=now())
    except MergeNotPossible:
        messages.error(request, NOT_POSSIBLE)
        return see_other("same_person")
    return render(request, "member_web/merging/number.html", {"place": "me", "code": code})


@require_http_methods(["GET", "HEAD", "POST"])
@writes
@members_only
def merge(request: MemberRequest) -> HttpResponse:
    """Take the number of the other account, and take that account in."""
    if request.method != "POST":
        return _page(request, MergeForm())
    form = MergeForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        merging.merge(request.member, form.cleaned_data["code"], at=now())
    except (MergeCodeWrong, MergeNotPossible) as refusal:
        form.add_error("code", str(WORDS[refusal.code]))
        return _page(request, form, status=422)
    messages.success(request, _("The two accounts are one now. All letters are in this mailbox."))
    return see_other("me")


def _page(request: MemberRequest, form: MergeForm, *, status: int = 200) -> HttpResponse:
    shown = {"place": "me", "form": form}
    return render(request, "member_web/merging/merge.html", shown, status=status)
