"""Everything the back office does, its own PostgreSQL role may do."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from mypost.letters.models import Letter
from mypost.senders.models import Sender
from tests.entrypoints.operator_web.conftest import page
from tests.entrypoints.operator_web.test_jobs import enqueue, set_status
from tests.entrypoints.operator_web.test_senders import BILLS, GAS


@pytest.fixture
def in_role(office: Client, letter: Letter) -> Iterator[Client]:
    """The operator's browser, at a door whose process is the role of the back office."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE mypost_operator_web")
        yield office
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize(
    "path", ["", "senders/", "senders/new/", "ledger/", "ledger/check/", "jobs/", "evidence/"]
)
def test_it_may_look_at_every_page(in_role: Client, path: str) -> None:
    page(in_role, f"/{path}")


def test_it_may_look_at_one_sender_and_one_consignment(in_role: Client, letter: Letter) -> None:
    page(in_role, f"/senders/{letter.sender_id}/")
    page(in_role, f"/ledger/{letter.consignment_id}/")


def test_it_may_take_in_a_sender_give_it_a_topic_and_approve_it(in_role: Client) -> None:
    at = in_role.post("/senders/new/", GAS)["Location"]
    in_role.post(f"{at}topics/new/", BILLS)
    in_role.post(f"{at}contract/active/", {"reason": "complete"})
    gas = Sender.objects.get(code=GAS["code"])
    assert (gas.contract_state, gas.topics.count()) == ("active", 1)


@pytest.fixture
def given_up(db: None) -> int:
    """A job that another door enqueued, and the worker could not do."""
    job_id = enqueue()
    set_status(job_id, "doing", "failed")
    return job_id


def test_it_may_put_a_job_back(given_up: int, in_role: Client) -> None:
    assert in_role.post(f"/jobs/{given_up}/retry/").status_code == 302
