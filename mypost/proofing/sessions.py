"""Ending what somebody has open, when a card or an account must not count any more."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from mypost.accounts.models import Account


def end_sessions(account: Account) -> None:
    """Sign an account out everywhere. It may sign in again if it still can."""
    sessions = UserSession.objects.filter(user_id=account.pk)
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    sessions.delete()
