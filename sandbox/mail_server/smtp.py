"""The counter where mail is handed in, and the addresses that act badly on purpose."""

import asyncio
from collections import Counter
from datetime import UTC, datetime

from aiosmtpd.smtp import SMTP, Envelope, Session

from .folder import MailFolder

_TRIES_REFUSED = 2


class Clerk:
    """Answers aiosmtpd. What stands before `@` or `+` decides: bounce, later, slow, or all well.

    `bounce` is refused for ever, `later` twice an address and then taken, `slow` after a wait.
    """

    def __init__(self, folder: MailFolder, *, slow_seconds: float) -> None:
        self._folder = folder
        self._slow_seconds = slow_seconds
        self._tries: Counter[str] = Counter()

    async def handle_RCPT(  # noqa: N802 # aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse one recipient. Source: RFC 5321 §4.2.3; RFC 3463 for x.y.z codes."""
        behaviour = _behaviour(address)
        if behaviour == "bounce":
            return "550 5.1.1 No such mailbox"
        if behaviour == "later" and self._comes_too_early(address):
            return "451 4.2.1 Mailbox is busy, try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 # aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail, and only then say so. Source: RFC 5321 §4.2.5."""
        if any(_behaviour(address) == "slow" for address in envelope.rcpt_tos):
            await asyncio.sleep(self._slow_seconds)
        assert isinstance(envelope.content, bytes)
        recipients = [str(address) for address in envelope.rcpt_tos]
        mail = self._folder.keep(envelope.content, recipients=recipients, at=datetime.now(UTC))
        return f"250 2.0.0 Kept as {mail.id}"

    def _comes_too_early(self, address: str) -> bool:
        self._tries[address] += 1
        return self._tries[address] <= _TRIES_REFUSED


def _behaviour(address: str) -> str:
    return address.lower().partition("@")[0].partition("+")[0]
