"""Night work of proofs. Each may run twice."""

from procrastinate.contrib.django import app

from mypost.common.clock import now
from mypost.proofing import passcodes


@app.periodic(cron="23 * * * *")
@app.task(name="proofing.void_expired_passcodes", queue="alerts")
def void_expired_passcodes(timestamp: int) -> None:
    """Every hour, make codes void whose thirty days are over."""
    passcodes.void_expired(at=now())
