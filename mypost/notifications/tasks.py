"""Night work of alerts. Each may run twice."""

from uuid import UUID

from procrastinate.contrib.django import app

from mypost.notifications import commands


@app.task(name="notifications.send_alerts", queue="alerts")
def send_alerts(batch_id: str) -> None:
    """Send what one batch of letters owes its members."""
    commands.send(UUID(batch_id))
