"""Night work of consignments. Each may run twice; each is retried when it fails by the way."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from mypost.common.clock import now
from mypost.intake import delivery

AGAIN = RetryStrategy(max_attempts=20, exponential_wait=2)


@app.task(name="intake.examine_consignment", queue="delivery", retry=AGAIN)
def examine_consignment(consignment_id: str) -> None:
    """Examine documents and cut the items into chunks."""
    delivery.examine_consignment(UUID(consignment_id), at=now())


@app.task(name="intake.deliver_chunk", queue="delivery", retry=AGAIN)
def deliver_chunk(consignment_id: str, number: int) -> None:
    """Decide and deliver one chunk."""
    delivery.deliver_chunk(UUID(consignment_id), number, at=now())
