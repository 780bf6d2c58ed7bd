"""Night work of proofs. Each may run twice."""

from uuid import UUID

from procrastinate.contrib.django import app

from mypost.common.clock import now
from mypost.proofing import challenges, passcodes, watch


@app.periodic(cron="23 * * * *")
@app.task(name="proofing.void_expired_passcodes", queue="alerts")
def void_expired_passcodes(timestamp: int) -> None:
    """Every hour, make codes void whose thirty days are over."""
    passcodes.void_expired(at=now())


@app.periodic(cron="41 * * * *")
@app.task(name="proofing.watch_cards", queue="delivery")
def watch_cards(timestamp: int) -> None:
    """Every hour, see which cards have not been asked after for a day; forget old challenges."""
    watch.begin(at=now())
    challenges.forget_old(at=now())


@app.task(name="proofing.ask_after_cards", queue="delivery")
def ask_after_cards(card_ids: list[str]) -> None:
    """Ask whether these cards still count."""
    watch.ask_after([UUID(card_id) for card_id in card_ids], at=now())
