"""Who may come in at the member's door: a signed-in person with a mailbox."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect

from mypost.accounts.models import Account
from mypost.entrypoints.access import Access, declare
from mypost.members.models import Member

P = ParamSpec("P")


class AccountRequest(HttpRequest):
    """A request of somebody who is signed in, with or without a mailbox."""

    user: Account


class MemberRequest(AccountRequest):
    """A request of a member."""

    member: Member


AccountView = Callable[Concatenate[AccountRequest, P], HttpResponseBase]
MemberView = Callable[Concatenate[MemberRequest, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def signed_in_only(view: AccountView[P]) -> View[P]:
    """Let in whoever is signed in; others sign in first and come back."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return view(cast(AccountRequest, request), *args, **kwargs)

    return declare(wrapped, Access.SIGNED_IN)


def members_only(view: MemberView[P]) -> View[P]:
    """Let in members; whoever has no mailbox is told where to go."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        member = member_of(request)
        if member is None:
            return redirect("no_mailbox")
        known = cast(MemberRequest, request)
        known.member = member
        return view(known, *args, **kwargs)

    return declare(wrapped, Access.MEMBER)


def member_of(request: HttpRequest) -> Member | None:
    """Return the member who is signed in, None for a stranger or an account without a mailbox."""
    return getattr(request.user, "member", None)


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    # A form that was open when the session ended must not be repeated unseen after signing in.
    target = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    to_sign_in = redirect_to_login(target)
    # A fragment has no place for the sign-in page: the browser goes there as a whole.
    return HttpResponseClientRedirect(to_sign_in.url) if request.htmx else to_sign_in  # type: ignore[attr-defined]
