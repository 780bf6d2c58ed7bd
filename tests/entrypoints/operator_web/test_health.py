"""The first page: whether everything is well."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from mypost.common.clock import now
from mypost.evidence.commands import integrate
from mypost.letters.models import Letter
from mypost.notifications.models import Alert
from mypost.notifications.queries import AlertCounts, count_alerts
from tests.conftest import NOW
from tests.entrypoints.operator_web.conftest import page


@pytest.fixture(autouse=True)
def _empty_queue(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def test_an_idle_house_is_well(office: Client) -> None:
    text = page(office, "/")
    assert text.count("well</span>") == 4
    assert "look here" not in text


def test_it_tells_how_far_the_log_has_come(office: Client, letter: Letter) -> None:
    taken_in = integrate(at=NOW)
    context = office.get("/").context
    assert context["head"].size == taken_in
    assert context["backlog"].lines == 0


def test_lines_that_wait_a_minute_for_the_log_call_for_a_look(
    office: Client, letter: Letter
) -> None:
    for seconds, is_late in ((0, False), (40, False), (70, True)):
        with connection.cursor() as cursor:
            recorded_at = now() - timedelta(seconds=seconds)
            cursor.execute("UPDATE evidence_line SET recorded_at = %s", [recorded_at])
        assert office.get("/").context["log_is_late"] is is_late


def test_an_alert_that_has_not_left_is_late_after_five_minutes(letter: Letter) -> None:
    minute = timedelta(minutes=1)
    assert count_alerts(at=NOW + 4 * minute) == AlertCounts(waiting=1, late=0, failed=0)
    assert count_alerts(at=NOW + 5 * minute) == AlertCounts(waiting=1, late=1, failed=0)


def test_an_alert_that_was_put_off_is_late_at_once(letter: Letter) -> None:
    Alert.objects.update(attempts=1, due_at=NOW + timedelta(hours=1))
    assert count_alerts(at=NOW) == AlertCounts(waiting=1, late=1, failed=0)


def test_a_failed_alert_is_told_for_a_week(letter: Letter) -> None:
    Alert.objects.update(state=Alert.State.FAILED)
    assert count_alerts(at=NOW + timedelta(days=6)) == AlertCounts(waiting=0, late=0, failed=1)
    assert count_alerts(at=NOW + timedelta(days=8)) == AlertCounts(waiting=0, late=0, failed=0)


def test_a_job_that_waits_for_more_than_five_minutes_calls_for_a_look(
    office: Client, letter: Letter
) -> None:
    for minutes, is_bad in ((0, False), (4, False), (6, True)):
        with connection.cursor() as cursor:
            deferred_at = now() - timedelta(minutes=minutes)
            cursor.execute("UPDATE procrastinate_events SET at = %s", [deferred_at])
        assert office.get("/").context["jobs_are_bad"] is is_bad


def test_it_names_no_member_and_no_letter(office: Client, letter: Letter) -> None:
    text = page(office, "/")
    for secret in (letter.number, str(letter.id), str(letter.mailbox_id), "花子"):
        assert secret not in text
