"""Signing in, the same way at each door, with django-allauth behind it."""

from collections.abc import Sequence

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, include, path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mypost.accounts.models import Account
from mypost.common.transactions import writes


class DoorAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Only the member's door takes sign-ups; staff and operators are let in by others."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.DOOR in ("member_web", "cli")

    def add_message(
        self, request: HttpRequest, level: int, *args: object, **kwargs: object
    ) -> None:
        # "You have signed in as …" says nothing that the page does not show.
        if level >= messages.WARNING:
            super().add_message(request, level, *args, **kwargs)


class NameForm(forms.Form):
    """What signing up asks beyond e-mail and password."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        help_text=_("As you would like us to address you. You can change it later."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email", "password1")

    def signup(self, request: HttpRequest, user: Account) -> None:
        """Keep the name, and the language of the page as the account's own."""
        user.name = self.cleaned_data["name"]
        user.language = get_language() or settings.LANGUAGE_CODE
        user.save(update_fields=["name", "language"])


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


def account_urls() -> list[URLPattern | URLResolver]:
    """Return allauth's pages, each in one durable transaction, and the language switch."""
    inside = include("allauth.urls")
    _make_durable(inside[0].urlpatterns)
    return [
        path("account/", inside),
        path("language", set_language, name="set_language"),
    ]


def _make_durable(patterns: Sequence[URLPattern | URLResolver]) -> None:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            _make_durable(pattern.url_patterns)
        elif not hasattr(pattern.callback, "writes"):
            pattern.callback = writes(pattern.callback)
