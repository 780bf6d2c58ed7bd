"""Night work of alerts and notices. Each may run twice."""

from uuid import UUID

from procrastinate.contrib.django import app

from mypost.notifications import commands, notices


@app.task(name="notifications.send_alerts", queue="alerts")
def send_alerts(batch_id: str) -> None:
    """Send what one batch of letters owes its members."""
    commands.send(UUID(batch_id))


@app.task(name="notifications.send_notice", queue="alerts")
def send_notice(notice_id: str) -> None:
    """Tell one member that something about their account changed."""
    notices.send(UUID(notice_id))
