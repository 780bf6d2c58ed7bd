"""What may be done with the operator's staff."""

from datetime import datetime

from mypost.accounts.models import Account
from mypost.common.clock import new_id
from mypost.operators.models import Operator


def add_operator(account: Account, *, at: datetime) -> Operator:
    """Let a person work in the back office; signing in there needs a second factor."""
    return Operator.objects.create(id=new_id(at), account=account, since=at)
