"""What we tell django-allauth about signing in: who may sign up where, and what is asked."""

import logging
import time
from datetime import timedelta
from smtplib import SMTPException

import allauth.core.context
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.crypto import get_random_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mypost.accounts.models import Account
from mypost.common.clock import now
from mypost.entrypoints import sign_in_history
from mypost.entrypoints.passkeys import has_passkey
from mypost.operators.models import Operator
from mypost.senders.models import Staff

log = logging.getLogger("mypost.accounts")
WAY_BACK = timedelta(days=7)  # so long the old address can take the account back
NOTICES = ("account/email/email_", "account/email/new_", "account/email/password_", "mfa/email/")
CODES = ("account/email/email_confirmation", "account/email/password_reset_code")


class DoorAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Only the member's door takes sign-ups; staff and operators are let in by others."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.DOOR in ("member_web", "cli")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        """Mail a code or a notice; when the mail server is away, do not fail.

        For a code that is said, since the person waits for it.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            log.warning("no mail could be sent: %s", type(error).__name__)
            if not _is_notice(template_prefix):
                trouble = _(
                    "We cannot send mail right now. Please ask for a new code in a few minutes."
                )
                messages.error(allauth.core.context.request, trouble)

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner of an address that somebody wanted to sign up with it."""
        # A new account's password is hashed; without this the answer would come sooner.
        make_password(get_random_string(15))
        super().send_account_already_exists_mail(email)

    def authentication_failed(self, request: HttpRequest, **credentials: str) -> None:
        """Put a wrong password on record, for an address that nobody has too."""
        sign_in_history.note_wrong_password(request, credentials.get("email", ""))

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """Keep every confirmed address for a week after the main one changed.

        Whoever took an account over could otherwise remove the owner's way back at once.
        """
        changed_at = email_address.user.email_changed_at
        is_too_soon = changed_at is not None and now() < changed_at + WAY_BACK
        if email_address.verified and is_too_soon:
            return False
        return bool(super().can_delete_email(email_address))

    def get_reauthentication_methods(self, user: Account) -> list[dict[str, str]]:
        """Return how somebody confirms that it is they; staff with a passkey only by it.

        A stolen password with a one-time code must not add a passkey of its own.
        """
        methods: list[dict[str, str]] = super().get_reauthentication_methods(user)
        passkey = [each for each in methods if each["id"] == "mfa_reauthenticate:webauthn"]
        if passkey and (settings.DOOR in ("sender", "operator_web") or works_elsewhere(user)):
            return passkey
        # What is strongest is offered first.
        return passkey + [each for each in methods if each not in passkey]

    def is_reauthentication_required(self, *, app: str, **more: object) -> bool:
        """Ask nobody twice in a row: the first factor may be added right after signing in."""
        request = allauth.core.context.request
        if app == "allauth.mfa" and _signed_in_just_now(request) and not has_passkey(request.user):
            return False
        return bool(super().is_reauthentication_required(app=app, **more))

    def add_message(
        self, request: HttpRequest, level: int, *args: object, **kwargs: object
    ) -> None:
        # "You have signed in as …" says nothing that the page does not show.
        if level >= messages.WARNING:
            super().add_message(request, level, *args, **kwargs)


def _is_notice(template_prefix: str) -> bool:
    return template_prefix.startswith(NOTICES) and not template_prefix.startswith(CODES)


def works_elsewhere(account: Account) -> bool:
    """Say, at the member's door, whether an account is a sender's or the operator's staff."""
    staff = Staff.objects.filter(account=account.pk)
    operators = Operator.objects.filter(account=account.pk)
    return staff.exists() or operators.exists()


def _signed_in_just_now(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1].get("at", 0) < REAUTHENTICATION_TIMEOUT


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
