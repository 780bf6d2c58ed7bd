"""What is kept of signing in, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest

from mypost.accounts.commands import forget_old_sign_ins, note_sign_in
from mypost.accounts.models import SignIn
from tests.conftest import NOW


@pytest.mark.django_db
def test_a_sign_in_is_kept_for_a_year_of_365_days() -> None:
    note_sign_in(None, SignIn.Method.PASSWORD, succeeded=False, browser="", network="", at=NOW)
    a_year = datetime(2027, 11, 22, 1, 0, tzinfo=UTC)  # 2027 has 365 days
    assert forget_old_sign_ins(at=a_year) == 0
    assert forget_old_sign_ins(at=a_year + timedelta(milliseconds=1)) == 1
    assert not SignIn.objects.exists()
