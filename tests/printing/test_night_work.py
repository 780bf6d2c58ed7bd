"""The night watch keeps paper going: asked for, composed, handed over, heard of."""

import asyncio

import pytest
from procrastinate.contrib.django import app

from mypost.entrypoints import worker
from mypost.entrypoints.worker import watch
from mypost.proofing.models import PasscodeRequest
from tests.printing.conftest import TODAY, Outside, piece_of


@pytest.mark.django_db(transaction=True)  # the watch works in threads
def test_one_beat_composes_hands_over_and_hears_that_it_is_printed(
    outside: Outside, asked: PasscodeRequest
) -> None:
    _log, paper, _hourly = worker.works_by_watch(app)
    asyncio.run(watch.beat(paper, clock=lambda: TODAY))
    assert piece_of(asked).state == "printed"
    outside.carry()
    asyncio.run(watch.beat(paper, clock=lambda: TODAY))
    assert piece_of(asked).state == "printed"
