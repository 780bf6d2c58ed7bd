"""A session gets another key whenever its person proves once more who they are."""

from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from mypost.accounts.models import Account


def change_key(*, request: HttpRequest, user: Account, **_: object) -> None:
    """Give a signed-in session another key, so that a copy of its cookie does not grow with it.

    Signing in changes the key by itself. The list of sessions follows. Receives allauth's signal.
    """
    if not request.user.is_authenticated or request.user.pk != user.pk:
        return
    before = request.session.session_key
    request.session.cycle_key()
    listed = UserSession.objects.filter(session_key=before)
    listed.update(session_key=request.session.session_key)
