"""The evidence log in the back office."""

from django.test import Client
from pytest_django import Settings

from mypost.evidence.commands import integrate
from mypost.evidence.models import Checkpoint
from tests.conftest import NOW
from tests.entrypoints.operator_web.conftest import page
from tests.evidence.acts import grow_log, record


def test_an_empty_log_says_so(office: Client) -> None:
    assert "The log is empty." in page(office, "/evidence/")


def test_it_shows_the_newest_checkpoint_and_the_key(office: Client, settings: Settings) -> None:
    grow_log(2)
    grow_log(3)
    answer = office.get("/evidence/")
    newest = answer.context["checkpoints"][0]
    assert newest.size == 5
    text = answer.content.decode()
    assert newest.note in text
    assert settings.LOG_VERIFIER_KEY in text
    assert "http://localhost:8000/log/checkpoint" in text


def test_it_shows_the_twenty_newest_checkpoints(office: Client) -> None:
    Checkpoint.objects.bulk_create(
        Checkpoint(size=size, note=f"{size}", signed_at=NOW) for size in range(1, 22)
    )
    shown = office.get("/evidence/").context["checkpoints"]
    assert [checkpoint.size for checkpoint in shown] == list(range(21, 1, -1))


def test_it_counts_what_waits_for_the_log(office: Client) -> None:
    record(7)
    assert office.get("/evidence/").context["backlog"].lines == 7
    integrate(at=NOW)
    assert office.get("/evidence/").context["backlog"].lines == 0
