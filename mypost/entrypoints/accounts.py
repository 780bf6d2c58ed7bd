"""The addresses of signing in, the same at each door, with django-allauth behind them."""

from collections.abc import Sequence

import allauth.urls
from allauth.usersessions.internal.flows import sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, URLResolver, include, path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mypost.accounts.models import Account
from mypost.common.transactions import writes
from mypost.entrypoints.access import Access, declare, public
from mypost.entrypoints.passkeys import sign_in_page


@public
@require_POST
@writes
def set_language(request: HttpRequest) -> HttpResponseRedirect:
    """Switch the language, for this browser and for the account's mails."""
    language = request.POST.get("language", "")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(target)
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE, samesite="Lax",
        )  # fmt: skip
        if request.user.is_authenticated:
            Account.objects.filter(pk=request.user.pk).update(language=language)
    return response


@require_POST
@writes
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign one of the own devices out; another person's sessions do not exist here."""
    if not request.user.is_authenticated:
        return sign_in_page(request)
    session = get_object_or_404(UserSession, pk=session_id, user=request.user)
    sessions.end_sessions(request, [session])
    messages.success(request, _("The device is signed out."))
    return redirect("usersessions_list")


declare(end_session, Access.SIGNED_IN)


def account_urls() -> list[URLPattern | URLResolver]:
    """Return allauth's pages, each in one durable transaction, and the language switch."""
    _make_durable(allauth.urls.urlpatterns)
    return [
        path("account/sessions/<int:session_id>/end", end_session, name="end_session"),
        path("account/", include(allauth.urls)),
        path("language", set_language, name="set_language"),
    ]


def _make_durable(patterns: Sequence[URLPattern | URLResolver]) -> None:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            _make_durable(pattern.url_patterns)
        elif not hasattr(pattern.callback, "writes"):
            pattern.callback = writes(pattern.callback)
