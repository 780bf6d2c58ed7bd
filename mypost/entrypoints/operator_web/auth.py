"""Who may enter the back office: an operator who has used a passkey in this session."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from mypost.entrypoints.access import Access, declare
from mypost.entrypoints.passkeys import sign_in_page, way_to_passkey
from mypost.operators.models import Operator

P = ParamSpec("P")


class OperatorRequest(HttpRequest):
    """A request that operators_only has let through."""

    operator: Operator
    htmx: HtmxDetails


OperatorView = Callable[Concatenate[OperatorRequest, P], HttpResponse]
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def operators_only(view: OperatorView[P]) -> View[P]:
    """Let in operators who used a passkey. For anybody else who signs in, nothing is here.

    1. Signed in, else to the page for it. 2. Of the operator's staff, else 404.
    3. Has used a passkey in this session, else to it, or to registering one: what the session's
    record does not say counts as not used, and is asked for.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:  # 1
            return sign_in_page(request)
        operator = Operator.objects.filter(account=request.user).first()
        if operator is None:  # 2
            raise Http404
        first = way_to_passkey(request)
        if first is not None:  # 3
            return first
        known = cast(OperatorRequest, request)
        known.operator = operator
        return view(known, *args, **kwargs)

    return declare(wrapped, Access.OPERATOR)
