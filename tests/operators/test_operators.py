"""Letting somebody into the back office."""

import pytest

from mypost.operators import commands
from mypost.operators.models import Operator
from tests.conftest import LATER, make_account


@pytest.mark.django_db
def test_whoever_is_let_in_is_an_operator_from_then_on() -> None:
    account = make_account("ops@example.jp", "運営")
    made = commands.add_operator(account, at=LATER)
    assert Operator.objects.values().get() == {
        "id": made.id, "account_id": account.id, "since": LATER,
    }  # fmt: skip
    assert account.operator == made
