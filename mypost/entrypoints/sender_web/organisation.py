"""The sender itself: who it is, its contract, and who works at this console."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mypost.common.transactions import reads
from mypost.entrypoints.sender_web.auth import StaffRequest, staff_only


@staff_only
@require_safe
@reads
def show_organisation(request: StaffRequest) -> HttpResponse:
    """Show the sender's facts and its staff."""
    staff = request.sender.staff.select_related("account").order_by("role", "account__name")
    facts = {"place": "organisation", "sender": request.sender, "staff": staff}
    return render(request, "sender_web/organisation/organisation.html", facts)
