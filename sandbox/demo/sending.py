"""The demo's letters go the way of every letter: one by one, and the newsletter together."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from mypost.intake import commands as intake
from mypost.intake import delivery
from mypost.intake.commands import HandedDocument, Origin
from mypost.intake.drafts import read_draft
from mypost.intake.items_file import NDJSON
from mypost.intake.models import Chunk
from mypost.kernel.typesetting import typeset
from mypost.letters import commands as letters
from mypost.members.models import Member
from mypost.senders.models import Sender, Staff
from mypost.subscriptions.queries import pseudonyms_of
from sandbox.demo.world import Letter

READ_AFTER = timedelta(days=12)  # letters older than this have been opened
NOBODY = "0123-4567-89AB-CDEF-GHJK"  # the right form, and nobody's: one row is refused


def is_newsletter(letter: Letter) -> bool:
    """Say whether a letter is the same for everybody."""
    return any(paper.template == "newsletter" for paper in letter.documents)


@dataclass(frozen=True)
class Sending:
    """Sends in the name of the demo's senders. The people are found by the demo's keys."""

    senders: Mapping[str, Sender]
    staff: Mapping[str, Staff]
    members: Mapping[str, Member]
    now: datetime

    def send(self, told: Letter) -> None:
        """Send one letter, and let its reader open it when it is old enough."""
        sent_at, member = self._sent_at(told), self.members[told.member]
        reading = read_draft(self._fields(told))
        item = intake.submit_letter(self._origin(told), reading, _papers(told, sent_at), at=sent_at)
        if item.code:
            raise RuntimeError(f"{told.reference}: {item.code} {item.place} {item.detail}")
        if self.now - sent_at > READ_AFTER:
            letters.hand_over(item.letter_id, reader=member, aal=1, at=sent_at + timedelta(hours=9))

    def send_together(self, told: Sequence[Letter]) -> None:
        """Send one consignment, and do its night work at once."""
        first, sender_id = told[0], self.senders[told[0].sender].id
        sent_at = self._sent_at(first)
        consignment = intake.open_consignment(
            self._origin(first), reference=first.subject, topic=first.topic, at=sent_at
        )
        for paper in _papers(first, sent_at):
            intake.put_document(
                sender_id, consignment.id, paper.name, paper.content, sha256=None, at=sent_at
            )
        rows = [self._fields(one) for one in told]
        rows.append({**rows[0], "recipient": NOBODY, "reference": f"{first.reference}-x"})
        items = "\n".join(json.dumps(row) for row in rows).encode()
        intake.put_items(sender_id, consignment.id, items, form=NDJSON, at=sent_at)
        intake.submit(sender_id, consignment.id, at=sent_at)
        delivery.examine_consignment(consignment.id, at=sent_at)
        for chunk in Chunk.objects.filter(consignment=consignment):
            delivery.deliver_chunk(consignment.id, chunk.number, at=sent_at)

    def _origin(self, told: Letter) -> Origin:
        return Origin(self.senders[told.sender], live=True, staff=self.staff[told.sender])

    def _sent_at(self, told: Letter) -> datetime:
        return min(_morning_of(told.sent_on), self.now)

    def _fields(self, told: Letter) -> dict[str, object]:
        sender, member = self.senders[told.sender], self.members[told.member]
        recipient = pseudonyms_of(sender.id, [member.mailbox_id])[member.mailbox_id]
        return {
            "recipient": recipient,
            "reference": told.reference,
            "subject": told.subject,
            "body": told.body,
            "language": told.language,
            "topic": told.topic,
            "documents": [paper.name for paper in told.documents],
            "required_assurance": told.required_assurance,
            "due": told.due.isoformat() if told.due else None,
        }


def _papers(told: Letter, at: datetime) -> list[HandedDocument]:
    return [
        HandedDocument(paper.name, typeset(paper.template, paper.data, at=at))
        for paper in told.documents
    ]


def _morning_of(day: date) -> datetime:
    return datetime.combine(day, time(0, 30), tzinfo=UTC)  # half past nine in Japan
