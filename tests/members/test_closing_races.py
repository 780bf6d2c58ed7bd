"""Closing a mailbox while its member, or another worker, does something about it."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from time import monotonic, sleep
from typing import TypeVar

import pytest
from django.db import connection, transaction

from mypost.members.closing import ask_to_close, close_due, take_back
from mypost.members.models import Member
from mypost.vault.models import MailboxKey
from tests.conftest import NOW
from tests.members.test_closing import events_of

T = TypeVar("T")
pytestmark = pytest.mark.django_db(transaction=True)

DUE = NOW + timedelta(days=30)


@pytest.fixture
def leaving(jiro: Member) -> Member:
    """Jiro asked to close his mailbox thirty days ago."""
    ask_to_close(jiro, at=NOW)
    return jiro


def meeting(first: Callable[[], object], second: Callable[[], T]) -> T:
    """Do the first act, commit it when the second waits for it, and return what that one says."""
    with ThreadPoolExecutor(1) as others:
        with transaction.atomic():
            first()
            saying = others.submit(_in_its_own_connection, second)
            _wait_until_it_waits(saying)
        return saying.result(timeout=20)


def _in_its_own_connection(act: Callable[[], T]) -> T:
    try:
        return act()
    finally:
        connection.close()


def _wait_until_it_waits(other: Future[T]) -> None:
    end = monotonic() + 20
    with connection.cursor() as cursor:
        while not other.done() and monotonic() < end:  # done already: it did not wait at all
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            sleep(0.005)


def has_its_keys(member: Member) -> bool:
    return MailboxKey.objects.filter(mailbox_id=member.mailbox_id).exists()


def test_a_wish_taken_back_after_the_worker_has_chosen_whom_to_close_is_heard(
    leaving: Member, caplog: pytest.LogCaptureFixture
) -> None:
    closed = meeting(lambda: take_back(leaving, at=DUE), lambda: close_due(at=DUE))
    leaving.refresh_from_db()
    assert (closed, leaving.closing_at, leaving.closed_at) == (0, None, None)
    assert has_its_keys(leaving)
    assert leaving.account.email == "jiro@example.jp"
    assert caplog.text == ""  # it was seen in time, not only refused by the database
    assert events_of(leaving) == [("MailboxClosing", "asked"), ("MailboxClosing", "taken_back")]


def test_a_wish_taken_back_and_told_anew_has_its_thirty_days_again(
    leaving: Member, caplog: pytest.LogCaptureFixture
) -> None:
    def changes_his_mind_twice() -> None:
        take_back(leaving, at=DUE)
        ask_to_close(leaving, at=DUE)

    assert meeting(changes_his_mind_twice, lambda: close_due(at=DUE)) == 0
    assert (has_its_keys(leaving), caplog.text) == (True, "")
    assert close_due(at=DUE + timedelta(days=29, hours=23)) == 0
    assert close_due(at=DUE + timedelta(days=30)) == 1


def test_what_the_worker_has_closed_is_not_taken_back(leaving: Member) -> None:
    meeting(lambda: close_due(at=DUE), lambda: take_back(leaving, at=DUE))
    leaving.refresh_from_db()
    assert (leaving.closing_at, leaving.closed_at) == (DUE, DUE)
    assert events_of(leaving) == [("MailboxClosing", "asked"), ("MailboxClosed", "asked")]
    assert not has_its_keys(leaving)


def test_two_workers_close_it_once(leaving: Member) -> None:
    assert meeting(lambda: close_due(at=DUE), lambda: close_due(at=DUE)) == 0
    assert events_of(leaving) == [("MailboxClosing", "asked"), ("MailboxClosed", "asked")]
