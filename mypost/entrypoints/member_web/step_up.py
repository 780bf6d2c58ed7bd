"""Where a member signs in once more, and more strongly, without leaving what they were doing."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.urls import reverse
from django.utils.http import urlencode

from mypost.entrypoints.member_web.auth import MemberRequest

Type = Authenticator.Type


def step_up_url(request: MemberRequest, aal: int) -> str:
    """Return the page that raises this session to an AAL of 2 or 3 and comes back here.

    A member without a second factor is led to where they add one.
    Source: NIST SP 800-63B-4 §2.
    """
    return f"{reverse(_page_for(request, aal))}?{urlencode({'next': request.path})}"


def _page_for(request: MemberRequest, aal: int) -> str:
    if aal == 3:
        return "card_step_up"
    if is_mfa_enabled(request.user, types=[Type.WEBAUTHN]):
        return "mfa_reauthenticate_webauthn"
    if is_mfa_enabled(request.user, types=[Type.TOTP]):
        return "mfa_reauthenticate"
    return "mfa_add_webauthn"
