"""The back office's pages about work and jobs, as wholes."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from mypost.entrypoints.operator_web import health, jobs
from mypost.evidence.models import Checkpoint
from mypost.intake import commands as intake
from mypost.intake.commands import Origin
from mypost.notifications.models import Alert
from mypost.senders.models import Staff
from tests.conftest import LATER, NOW, SendLetter
from tests.entrypoints.operator_web.test_jobs import enqueue, set_status
from tests.entrypoints.outline import said, written

MINUTE = timedelta(minutes=1)
TASKS = ("notifications", "alerts")


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.fixture(autouse=True)
def _at_a_fixed_time(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    run("DELETE FROM procrastinate_jobs")
    for page in (health, jobs):
        monkeypatch.setattr(page, "now", lambda: LATER)


# The first page

WELL = written("""
# Health
div hx-get=/
  As of @2026-11-22T11:00:00+09:00
  What waits, what is late, what has failed
  | What is watched | State | Waiting | Late | Failed | Waiting since
  | [Letters to be decided](/ledger/) | State: ‹:check: well ~success› |
      Waiting: 0 | Late: — | Failed: — | Waiting since: —
  | Alerts by mail | State: ‹:check: well ~success› | Waiting: 0 | Late: 0 |
      Failed: 0 | Waiting since: —
  | [Jobs](/jobs/) | State: ‹:check: well ~success› | Waiting: 0 | Late: — |
      Failed: 0 | Waiting since: —
  | [Evidence for the log](/evidence/) | State: ‹:check: well ~success› |
      Waiting: 0 | Late: — | Failed: — | Waiting since: —
  Alerts count as late after five minutes, and as failed when they were given up
      within the last seven days.
  ## Evidence log
  Lines in the log
    0
  Last signed
    —
  Recorded, not yet in the log
    0
  ## Jobs by queue
  No jobs.
  Jobs that succeed are forgotten; nothing waits and nothing has failed.
## Ledger
div hx-get=/ledger/check/
  [Check the ledger now](/ledger/check/)
""")
BUSY = written("""
# Health
div hx-get=/
  As of @2026-11-22T11:00:00+09:00
  What waits, what is late, what has failed
  | What is watched | State | Waiting | Late | Failed | Waiting since
  | [Letters to be decided](/ledger/) | State: ‹at work ~info› | Waiting: 2 |
      Late: — | Failed: — | Waiting since: —
  | Alerts by mail | State: ‹at work ~info› | Waiting: 1 | Late: 0 | Failed: 0 |
      Waiting since: —
  | [Jobs](/jobs/) | State: ‹at work ~info› | Waiting: 1 | Late: — | Failed: 0 |
      Waiting since: @2026-11-22T10:55:00+09:00
  | [Evidence for the log](/evidence/) | State: ‹at work ~info› | Waiting: 8 |
      Late: — | Failed: — | Waiting since: @2026-11-22T10:59:00+09:00
  Alerts count as late after five minutes, and as failed when they were given up
      within the last seven days.
  ## Evidence log
  Lines in the log
    0
  Last signed
    —
  Recorded, not yet in the log
    8
  ## Jobs by queue
  Jobs by queue and task
  | Task | Queue | Waiting | Running | Failed | Ended | Waiting since
  | notifications.send_alerts | Queue: alerts | Waiting: 1 | Running: 1 |
      Failed: 0 | Ended: 0 | Waiting since: @2026-11-22T10:55:00+09:00
## Ledger
div hx-get=/ledger/check/
  [Check the ledger now](/ledger/check/)
""")
BAD = written("""
# Health
div hx-get=/
  As of @2026-11-22T11:00:00+09:00
  What waits, what is late, what has failed
  | What is watched | State | Waiting | Late | Failed | Waiting since
  | [Letters to be decided](/ledger/) | State: ‹at work ~info› | Waiting: 2 |
      Late: — | Failed: — | Waiting since: —
  | Alerts by mail | State: ‹:warning: look here ~warning› | Waiting: 1 | Late:
      1 | Failed: 0 | Waiting since: —
  | [Jobs](/jobs/) | State: ‹:warning: look here ~warning› | Waiting: 0 | Late:
      — | Failed: 1 | Waiting since: —
  | [Evidence for the log](/evidence/) | State: ‹:warning: look here ~warning› |
      Waiting: 8 | Late: — | Failed: — | Waiting since:
      @2026-11-22T10:58:00+09:00
  Alerts count as late after five minutes, and as failed when they were given up
      within the last seven days.
  ## Evidence log
  Lines in the log
    1,234
  Last signed
    @2026-11-22T10:00:00+09:00
  Recorded, not yet in the log
    8
  ## Jobs by queue
  Jobs by queue and task
  | Task | Queue | Waiting | Running | Failed | Ended | Waiting since
  | notifications.send_alerts | Queue: alerts | Waiting: 0 | Running: 1 |
      Failed: 1 | Ended: 0 | Waiting since: —
## Ledger
div hx-get=/ledger/check/
  [Check the ledger now](/ledger/check/)
""")


def test_an_idle_house(office: Client) -> None:
    assert said(office, "/") == WELL


@pytest.fixture
def at_work(send_letter: SendLetter, clerk: Staff) -> None:
    """A letter whose alert waits, a consignment, a job that runs, lines for the log."""
    send_letter()
    origin = Origin(clerk.sender, live=True, staff=clerk)
    waiting = intake.open_consignment(origin, reference="C", at=NOW)
    rows = b"recipient,reference\nx,1\ny,2\n"
    intake.put_items(clerk.sender_id, waiting.id, rows, form="csv", at=NOW)
    run("DELETE FROM procrastinate_jobs")
    set_status(enqueue(), "doing")
    Alert.objects.update(due_at=LATER - MINUTE)


def test_a_house_at_work(office: Client, at_work: None) -> None:
    enqueue()
    run("UPDATE procrastinate_events SET at = %s", LATER - 5 * MINUTE)
    run("UPDATE evidence_line SET recorded_at = %s", LATER - MINUTE)
    assert said(office, "/", same=TASKS) == BUSY


def test_a_house_in_trouble(office: Client, at_work: None) -> None:
    run("UPDATE evidence_line SET recorded_at = %s", LATER - 2 * MINUTE)
    Alert.objects.update(attempts=1)
    failed = enqueue()
    set_status(failed, "doing", "failed")
    Checkpoint.objects.create(size=1_234, note="-", signed_at=NOW)
    assert said(office, "/", same=TASKS) == BAD


# Jobs

NO_JOBS = written("""
# Jobs
No jobs.
Jobs that succeed are forgotten; nothing waits and nothing has failed.
""")
JOBS = written("""
# Jobs
Jobs by queue and task
| Task | Queue | Waiting | Running | Failed | Ended | Waiting since
| notifications.send_alerts | Queue: alerts | Waiting: 1 | Running: 0 | Failed:
    2 | Ended: 1 | Waiting since: @2026-11-22T10:00:00+09:00
## Given up
These jobs failed at every try. Each may run twice without harm: once the cause
    is gone, put it back.
Jobs that were given up, the latest first
| Job | Task | Queue | Tries | Failed at | Act
| JOB-2
  Task: notifications.send_alerts
  Queue: alerts
  Tries: 3
  Failed at: @2026-11-22T10:00:00+09:00
  POST /jobs/JOB-2/retry/
    {Put job JOB-2 back}
| JOB-1
  Task: notifications.send_alerts
  Queue: alerts
  Tries: 0
  Failed at: —
  POST /jobs/JOB-1/retry/
    {Put job JOB-1 back}
""")


def test_no_jobs(office: Client) -> None:
    assert said(office, "/jobs/") == NO_JOBS


def test_jobs(office: Client) -> None:
    enqueue()
    failed = [enqueue(), enqueue()]
    for job_id in failed:
        set_status(job_id, "doing", "failed")
    run("UPDATE procrastinate_events SET at = %s", NOW)
    run("DELETE FROM procrastinate_events WHERE job_id = %s AND type = 'failed'", failed[0])
    run("UPDATE procrastinate_jobs SET attempts = 3 WHERE id = %s", failed[1])
    set_status(enqueue(), "cancelled")
    named: dict[object, str] = {f'"row">{failed[0]}<': '"row">JOB-1<'}
    named |= {f'"row">{failed[1]}<': '"row">JOB-2<'}
    named |= {f"/jobs/{failed[0]}/": "/jobs/JOB-1/", f"/jobs/{failed[1]}/": "/jobs/JOB-2/"}
    named |= {f"job {failed[0]} back": "job JOB-1 back", f"job {failed[1]} back": "job JOB-2 back"}
    assert said(office, "/jobs/", named, same=TASKS) == JOBS
