"""Who may come in at the sender's console: its staff, and for keys and topics its administrators.

Staff come in with a passkey only: with any other factor they are led to one first. Whose things
a request may see follows from request.staff alone; what is another sender's is answered like what
does not exist.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from mypost.accounts.models import Account
from mypost.entrypoints.access import Access, declare
from mypost.entrypoints.passkeys import sign_in_page, way_to_passkey
from mypost.intake.antivirus import AntivirusUnavailable
from mypost.intake.commands import Origin
from mypost.intake.errors import ConsignmentClosed, ConsignmentNotFound, SenderSuspended
from mypost.intake.examiner import ExaminerUnavailable
from mypost.letters.errors import LetterNotFound
from mypost.senders.errors import ApiKeyNotFound, TopicNotFound
from mypost.senders.models import Sender, Staff

P = ParamSpec("P")
NOT_HERE = (ConsignmentNotFound, LetterNotFound, ApiKeyNotFound, TopicNotFound)
TRY_AGAIN_IN = 10  # seconds


class StaffRequest(HttpRequest):
    """A request of somebody who works for a sender."""

    user: Account
    staff: Staff
    sender: Sender


def origin_of(request: StaffRequest) -> Origin:
    """Return who hands something in: this person, for the sender, in earnest."""
    return Origin(request.sender, live=True, staff=request.staff)


StaffView = Callable[Concatenate[StaffRequest, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff_only(view: StaffView[P]) -> View[P]:
    """Let in a sender's staff; anybody else who is signed in is told whose door this is."""
    return _guarded(view, _whose_door_this_is)


def staff_data_only(view: StaffView[P]) -> View[P]:
    """Let in a sender's staff; for anybody else who is signed in there is nothing here."""
    return _guarded(view, _nothing_here)


def administrators_only(view: StaffView[P]) -> View[P]:
    """Let in a sender's administrators, who alone make keys and topics."""

    @wraps(view)
    def for_administrators(
        request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if not request.staff.is_administrator:
            return render(request, "sender_web/administrators.html", status=403)
        return view(request, *args, **kwargs)

    return declare(staff_only(for_administrators), Access.ADMINISTRATOR)


def _guarded(
    view: StaffView[P], for_outsiders: Callable[[HttpRequest], HttpResponseBase]
) -> View[P]:
    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return sign_in_page(request)
        staff: Staff | None = getattr(request.user, "sender_staff", None)
        if staff is None:
            return for_outsiders(request)
        first = way_to_passkey(request)
        if first is not None:
            return first
        known = cast(StaffRequest, request)
        known.staff, known.sender = staff, staff.sender
        return _answer(view, known, *args, **kwargs)

    return declare(wrapped, Access.STAFF)


def _answer(
    view: StaffView[P], request: StaffRequest, *args: P.args, **kwargs: P.kwargs
) -> HttpResponseBase:
    """Run the view; what the rooms refuse for the same reason everywhere is answered here."""
    try:
        return view(request, *args, **kwargs)
    except NOT_HERE:
        raise Http404 from None
    except ConsignmentClosed:
        return redirect("sender_web:consignment", kwargs["consignment_id"])
    except SenderSuspended:
        return render(request, "sender_web/suspended.html", status=403)
    except (ExaminerUnavailable, AntivirusUnavailable) as error:
        response = render(request, "sender_web/try_again.html", {"error": error}, status=503)
        response["Retry-After"] = str(TRY_AGAIN_IN)
        return response


def _whose_door_this_is(request: HttpRequest) -> HttpResponse:
    return render(request, "sender_web/outsiders.html", status=403)


def _nothing_here(request: HttpRequest) -> HttpResponse:
    raise Http404
