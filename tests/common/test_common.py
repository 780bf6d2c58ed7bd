"""What every room leans on: time and identifiers, refusals, views that say whether they write."""

import os
import signal
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection
from pytest_django import Settings

from mypost.accounts.models import Account
from mypost.common import clock
from mypost.common.failpoints import FailpointReached, failpoint
from mypost.common.problems import Refusal
from mypost.common.transactions import reads, writes, writes_in_steps
from tests.conftest import LATER, NOW, PASSWORD


def test_now_is_now_in_utc() -> None:
    before = datetime.now(UTC)
    now = clock.now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)


def test_identifiers_sort_by_their_time() -> None:
    earlier, later = clock.new_id(NOW), clock.new_id(LATER)
    assert earlier < later
    assert earlier.version == later.version == 7


# Refusals


class Closed(Refusal):
    """The gate is closed.

    More for whoever reads the code.
    """

    code = "closed"


class Nameless(Refusal):
    code = "nameless"


Nameless.__doc__ = None


def test_a_refusal_says_one_sentence() -> None:
    assert Closed().detail == str(Closed()) == "The gate is closed."
    assert Closed("The gate is closed until 8.").detail == "The gate is closed until 8."
    assert Nameless().detail == "nameless"


def test_a_refusal_is_for_good_unless_it_says_otherwise() -> None:
    assert Closed.permanent
    assert (Refusal.code, Closed.code) == ("refused", "closed")


# Views


def write() -> str:
    Account.objects.create_user("somebody@example.jp", PASSWORD)
    return "written"


def write_and_fail() -> None:
    write()
    raise ZeroDivisionError


def test_a_view_says_whether_it_writes() -> None:
    views = [decorate(write) for decorate in (writes, writes_in_steps, reads)]
    assert [view.writes for view in views] == [True, True, False]  # type: ignore[attr-defined]
    assert {view.__name__ for view in views} == {"write"}


@pytest.mark.django_db(transaction=True)
def test_a_view_that_writes_is_one_transaction() -> None:
    with pytest.raises(ZeroDivisionError):
        writes(write_and_fail)()
    assert not Account.objects.exists()
    assert writes(write)() == "written"
    assert Account.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_database_lets_a_view_that_reads_write_nothing() -> None:
    with pytest.raises(DatabaseError, match="read-only transaction"):
        reads(write)()
    assert reads(Account.objects.count)() == 0
    assert writes(write)() == "written"  # the next one may


@pytest.mark.django_db(transaction=True)
def test_a_view_that_writes_in_steps_holds_no_transaction_open() -> None:
    assert writes_in_steps(lambda: connection.in_atomic_block)() is False
    with pytest.raises(ZeroDivisionError):
        writes_in_steps(write_and_fail)()
    assert Account.objects.count() == 1


# Failpoints


def test_a_failpoint_fails_where_it_was_asked_to_and_nowhere_else(settings: Settings) -> None:
    failpoint("here")  # nobody asked
    settings.FAILPOINT = "here:raise"
    failpoint("there")
    failpoint("her")
    with pytest.raises(FailpointReached, match="here"):
        failpoint("here")


def test_a_failpoint_can_end_a_process_as_kill_9_does(settings: Settings) -> None:
    settings.FAILPOINT = "here:exit"
    if (child := os.fork()) == 0:
        try:
            failpoint("here")
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL


def test_a_failpoint_can_stop_a_process_for_an_hour(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    settings.FAILPOINT = "here:sleep"
    with pytest.raises(FailpointReached):
        failpoint("here")
    assert slept == [3600]
