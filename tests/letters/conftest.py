"""Letters put into a mailbox past intake, each with its own demands."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from mypost.common.clock import new_id
from mypost.letters import commands
from mypost.letters.commands import NewLetter
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.senders.models import Sender
from mypost.vault.envelope import EnvelopeContent
from mypost.vault.models import MailboxKey
from tests.conftest import NOW

Consign = Callable[..., Letter]


@pytest.fixture
def consign(city: Sender) -> Consign:
    """Put one letter of the city into a mailbox; its demands and its time may be given."""

    def put(
        owner: Member, subject: str = "お知らせ", *, at: datetime = NOW, **demands: Any
    ) -> Letter:
        key = MailboxKey.objects.get(mailbox_id=owner.mailbox_id)
        plain = NewLetter(
            id=new_id(NOW), mailbox_id=owner.mailbox_id, public_key=bytes(key.public_key),
            recipient="", content=EnvelopeContent(subject, "", "ja", ""), topic_id=None,
            required_assurance=0, required_aal=1, confidential=False, due=None,
        )  # fmt: skip
        new = replace(plain, **demands)
        commands.consign([new], sender_id=city.id, consignment_id=uuid4(), batch_id=uuid4(), at=at)
        return Letter.objects.get(id=new.id)

    return put


def merge(first: Member, second: Member) -> Member:
    """Let the first member read what the second held, as merging does."""
    first.merged_mailboxes = [*first.merged_mailboxes, *second.mailboxes]
    first.save(update_fields=["merged_mailboxes"])
    Member.objects.filter(id=second.id).update(merged_into=first)
    return first
