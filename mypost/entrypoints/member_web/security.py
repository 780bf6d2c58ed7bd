"""How the member signs in, where they are signed in, and who has tried to."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mypost.accounts import queries as accounts
from mypost.common.transactions import reads
from mypost.entrypoints.member_web.auth import MemberRequest, members_only
from mypost.entrypoints.session_level import method_of, session_aal

AT_ONCE = 30  # tries that one page shows


@require_safe
@reads
@members_only
def security(request: MemberRequest) -> HttpResponse:
    """Show the ways to sign in, and the history of signing in, the newest try first."""
    factors = Authenticator.objects.filter(user=request.user).values_list("type", flat=True)
    shown = {
        "place": "me",
        "aal": session_aal(request),
        "method": method_of(request).label,
        "passkeys": list(factors).count(Authenticator.Type.WEBAUTHN),
        "has_app": Authenticator.Type.TOTP in factors,
        "sessions": UserSession.objects.filter(user=request.user).count(),
        "tries": accounts.last_sign_ins(request.user, limit=AT_ONCE),
    }
    return render(request, "member_web/security/security.html", shown)
