"""The platform's JSON: read strictly, and never read as good when it says something else."""

import json
from datetime import timedelta

import pytest
from pytest_django import Settings

from mypost.common.clock import now
from mypost.verification.verdicts import Outcome
from tests.verification.conftest import CardOffice, prove
from tests.verification.publisher import Publisher

GOOD = {"state": "good", "reason": "", "cause": "", "revoked_at": None, "person": "p1"}


def told(**changes: object) -> bytes:
    return json.dumps({**GOOD, "checked_at": now().isoformat(), **changes}).encode()


@pytest.fixture
def platform(asking_platform: CardOffice, publisher: Publisher, settings: Settings) -> Publisher:
    settings.JPKI_REVOCATION_URL = publisher.address
    return publisher


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{", id="cut short"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'"good"', id="a word"),
        pytest.param(b"[" * 100_000, id="too much"),
        pytest.param(b"[" * 50_000, id="nested without end"),
        pytest.param(b"\xff", id="not UTF-8"),
        pytest.param(told(state="fine"), id="another state"),
        pytest.param(told(state=None), id="no state"),
        pytest.param(told(checked_at="yesterday"), id="no time"),
        pytest.param(told(checked_at="2026-11-22T00:00:00"), id="a time without a zone"),
        pytest.param(told(checked_at=(now() - timedelta(days=2)).isoformat()), id="an old word"),
        pytest.param(told(checked_at=(now() + timedelta(days=2)).isoformat()), id="of the future"),
        pytest.param(told(person=7), id="a person that is a number"),
        pytest.param(told(person="p" * 101), id="a person without end"),
        pytest.param(told(state="revoked"), id="revoked, nobody knows when"),
    ],
)
def test_an_answer_of_another_form_proves_nothing(
    platform: Publisher, asking_platform: CardOffice, content: bytes
) -> None:
    platform.answer = lambda path: content
    verdict = prove(asking_platform.card().sign_certificate)
    assert verdict.outcome is Outcome.INDETERMINATE
    assert verdict.reasons == ("revocation_unknown",)


def test_a_reason_that_came_after_our_version_is_a_revocation_still(
    platform: Publisher, asking_platform: CardOffice
) -> None:
    platform.answer = lambda path: told(
        state="revoked", reason="went_to_mars", cause="rocket", revoked_at=now().isoformat()
    )
    status = prove(asking_platform.card().sign_certificate).status
    assert status is not None
    assert (status.state, status.reason, status.cause) == ("revoked", "unspecified", "")


def test_the_longest_person_is_a_hundred_characters(
    platform: Publisher, asking_platform: CardOffice
) -> None:
    platform.answer = lambda path: told(person="p" * 100)
    assert prove(asking_platform.card().sign_certificate).person == "p" * 100


def test_a_word_more_does_not_disturb(platform: Publisher, asking_platform: CardOffice) -> None:
    platform.answer = lambda path: told(colour="blue")
    assert prove(asking_platform.card().sign_certificate).outcome is Outcome.VALID
