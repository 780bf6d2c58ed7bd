"""Who may enter the back office: an operator who has used a second factor in this session."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from mypost.entrypoints.access import Access, declare
from mypost.operators.models import Operator

P = ParamSpec("P")


class OperatorRequest(HttpRequest):
    """A request that operators_only has let through."""

    operator: Operator
    htmx: HtmxDetails


OperatorView = Callable[Concatenate[OperatorRequest, P], HttpResponse]
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def operators_only(view: OperatorView[P]) -> View[P]:
    """Let in operators who proved a second factor. For anybody else who signs in, nothing is here.

    1. Signed in, else to the page for it. 2. Of the operator's staff, else 404.
    3. Has a second factor, else to setting one up. 4. Has used it in this session: what the
    session's record does not say counts as not used, and is asked for again.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:  # 1
            return _first_to(settings.LOGIN_URL, request)
        operator = Operator.objects.filter(account=request.user).first()
        if operator is None:  # 2
            raise Http404
        if not is_mfa_enabled(request.user):  # 3
            return _first_to("mfa_activate_totp", request)
        if not _used_second_factor(request):  # 4
            return _first_to("mfa_reauthenticate", request)
        known = cast(OperatorRequest, request)
        known.operator = operator
        return view(known, *args, **kwargs)

    return declare(wrapped, Access.OPERATOR)


def _used_second_factor(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def _first_to(page: str, request: HttpRequest) -> HttpResponse:
    """Send the operator to another page first, and from there back to this one."""
    # What was posted is gone by then, and its address may answer to nothing else.
    way_back = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    response = redirect_to_login(way_back, resolve_url(page))
    # A fragment has no room for that page: the browser goes there as a whole.
    return HttpResponseClientRedirect(response.url) if request.htmx else response  # type: ignore[attr-defined]
