"""Two operators, or a button pressed twice, at the same moment."""

from typing import Any

import pytest

from mypost.common.clock import now
from mypost.entrypoints.operator_web import queue
from tests.entrypoints.operator_web.test_jobs import enqueue, set_status, status_of
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_failed_job_goes_back_to_its_queue_once() -> None:
    job_id = enqueue()
    set_status(job_id, "doing", "failed")

    def retry() -> Any:
        try:
            return queue.retry(job_id, at=now())
        except queue.JobNotFailed:
            return "not failed"

    assert at_once(retry, retry) == [None, "not failed"]
    assert status_of(job_id) == "todo"
