"""The history of signing in: each try on record, and a notice when the browser is a new one."""

import hashlib
import secrets

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from mypost.accounts import commands, queries
from mypost.accounts.models import Account, SignIn
from mypost.common.clock import now
from mypost.entrypoints.devices import device_of, network_of
from mypost.entrypoints.session_level import OF_FACTOR, method_of
from mypost.members.models import Member
from mypost.notifications import commands as notifications
from mypost.notifications.models import NoticeKind

COOKIE_AGE = 365 * 24 * 3600  # seconds


def note_signed_in(
    *, request: HttpRequest, user: Account, response: HttpResponse, **_: object
) -> None:
    """Put a sign-in on record and tell the account's owner of a browser that is new to it.

    The first sign-in of all tells nobody: that is who signs up. Receives allauth's signal.
    """
    mark = _mark_browser(request, response)
    is_news = queries.has_signed_in(user) and not queries.knows_browser(user, mark)
    noted = _note(request, user, method_of(request), succeeded=True, browser_mark=mark)
    if is_news:
        _tell(user, noted)


def _tell(user: Account, noted: SignIn) -> None:
    """Tell of a new browser: a member by notice, which waits for the mail server; staff by mail."""
    member = Member.objects.of_account(user.pk).first() if settings.DOOR == "member_web" else None
    if member is not None:
        notifications.tell(member.mailbox_id, NoticeKind.NEW_SIGN_IN, at=noted.at)
    else:
        get_adapter().send_notification_mail("account/email/new_sign_in", user, {"sign_in": noted})


def note_wrong_password(request: HttpRequest, email: str) -> None:
    """Put a wrong password on record. The same two statements for an address that nobody has."""
    _note(request, queries.account_of_address(email), SignIn.Method.PASSWORD, succeeded=False)


def note_wrong_factor(
    *, request: HttpRequest, user: Account, authenticator: Authenticator, **_: object
) -> None:
    """Put a wrong one-time code on record. Receives allauth's signal."""
    _note(request, user, OF_FACTOR[authenticator.type], succeeded=False)


def tell_of_new_address(
    *, request: HttpRequest, user: Account, email_address: EmailAddress, **_: object
) -> None:
    """Tell the main address that another one was confirmed beside it. Receives allauth's signal."""
    if not email_address.primary:
        told = {"new_email": email_address.email}
        get_adapter().send_notification_mail("account/email/email_added", user, told)


def note_changed_address(*, user: Account, **_: object) -> None:
    """Note when the main address changed: the old one stays for a while. Receives a signal."""
    Account.objects.filter(pk=user.pk).update(email_changed_at=now())


def _note(
    request: HttpRequest,
    account: Account | None,
    method: SignIn.Method,
    *,
    succeeded: bool,
    browser_mark: str = "",
) -> SignIn:
    return commands.note_sign_in(
        account, method, succeeded=succeeded,
        browser=device_of(request.headers.get("User-Agent", "")),
        network=network_of(get_adapter().get_client_ip(request)),
        browser_mark=browser_mark, at=now(),
    )  # fmt: skip


def _mark_browser(request: HttpRequest, response: HttpResponse) -> str:
    """Let the browser carry a mark by which it is known again, return the mark's hash."""
    name = settings.BROWSER_COOKIE_NAME
    mark = request.COOKIES.get(name) or secrets.token_urlsafe(16)
    response.set_cookie(
        name, mark, max_age=COOKIE_AGE, secure=settings.SECURE_COOKIES, httponly=True,
        samesite="Lax",
    )  # fmt: skip
    return hashlib.sha256(mark.encode()).hexdigest()
