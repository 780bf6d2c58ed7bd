"""What we tell django-allauth about signing in: who may sign up where, and what is asked."""

import logging
from smtplib import SMTPException

import allauth.core.context
from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mypost.accounts.models import Account

log = logging.getLogger("mypost.accounts")


class DoorAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Only the member's door takes sign-ups; staff and operators are let in by others."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.DOOR in ("member_web", "cli")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        """Mail a code; when the mail server is away, say so instead of failing."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            log.warning("no mail could be sent: %s", type(error).__name__)
            trouble = _(
                "We cannot send mail right now. Please ask for a new code in a few minutes."
            )
            messages.error(allauth.core.context.request, trouble)

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
