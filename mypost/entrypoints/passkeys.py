"""Passkeys: allauth's ceremonies with our words, and the rule that staff must use one."""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm as AllauthSecondStep
from django import forms
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRedirect

from mypost.accounts.models import Account
from mypost.entrypoints.session_level import used_passkey

LONGEST_NAME = 60
# What the CBOR and JSON of a forged or truncated answer makes the library raise.
MALFORMED = (AttributeError, KeyError, IndexError, TypeError, ValueError, AssertionError)


class PasskeyAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """How we name ourselves and a new passkey."""

    def generate_authenticator_name(self, user: Account, type: Authenticator.Type) -> str:
        """Return the name that the form proposes: a number behind the first one's."""
        there = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)s") % {"number": there + 1}

    def _get_site_name(self) -> str:
        return "MyPost"


def _name_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Name of the passkey"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("So that you know it again, such as “my phone”."),
    )


def _or_refuse(clean: Callable[[], Any]) -> Any:
    """Return what clean returns; an answer that no authenticator gives is a wrong answer."""
    try:
        return clean()
    except ValidationError:
        raise
    except MALFORMED:
        raise ValidationError(
            _("Your device did not confirm it. Please try again."), code="passkey_malformed"
        ) from None


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey. Each one can sign in alone, and asks for finger, face or PIN."""

    name = _name_field()
    passwordless = forms.BooleanField(
        initial=True, widget=forms.CheckboxInput(attrs={"checked": True, "hidden": True})
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = _or_refuse(super().clean)
        return cleaned


class RenamePasskey(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    name = forms.CharField(label=gettext_lazy("Name of the passkey"), max_length=LONGEST_NAME)


class SecondStep(AllauthSecondStep):  # type: ignore[misc]
    """The passkey after the password."""

    def clean_credential(self) -> Authenticator:
        return _or_refuse(super().clean_credential)


class SignIn(LoginWebAuthnForm):  # type: ignore[misc]
    """The passkey alone."""

    def clean_credential(self) -> Authenticator:
        return _or_refuse(super().clean_credential)


class ConfirmAgain(ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """The passkey once more, before something that matters."""

    def clean_credential(self) -> Authenticator:
        return _or_refuse(super().clean_credential)


def has_passkey(account: Account) -> bool:
    """Say whether an account has a passkey."""
    own = Authenticator.objects.filter(user_id=account.pk)
    return bool(own.filter(type=Authenticator.Type.WEBAUTHN).exists())


def count_as_used(
    *, request: HttpRequest, user: Account, authenticator: Authenticator, **_: object
) -> None:
    """Let a new passkey count as used in this session (allauth's signal): it has just confirmed."""
    if authenticator.type == Authenticator.Type.WEBAUTHN:
        record_authentication(
            request, user, method="mfa", type=authenticator.type, reauthenticated=True
        )


def way_to_passkey(request: HttpRequest) -> HttpResponse | None:
    """Return where staff go before they come in: None once this session has used a passkey.

    Whoever has none registers one first. One-time codes and spare codes do not do here: a false
    page can ask for them. Source: NIST SP 800-63B-4 §3.2.5.
    """
    if used_passkey(request):
        return None
    assert request.user.is_authenticated
    known = has_passkey(request.user)
    return first_to("mfa_reauthenticate_webauthn" if known else "mfa_add_webauthn", request)


def first_to(page: str, request: HttpRequest) -> HttpResponse:
    """Send the browser to another page first, and from there back to this one."""
    # What was posted is gone by then, and its address may answer to nothing else.
    way_back = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    response = redirect_to_login(way_back, resolve_url(page))
    # A fragment has no room for that page: the browser goes there as a whole.
    return HttpResponseClientRedirect(response.url) if request.htmx else response  # type: ignore[attr-defined]


def sign_in_page(request: HttpRequest) -> HttpResponse:
    """Send the browser to sign in, and from there back to this page."""
    return first_to(settings.LOGIN_URL, request)
