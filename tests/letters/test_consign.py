"""Putting letters into mailboxes: rows, envelopes, evidence and alerts, in one go."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from mypost.evidence.models import Line
from mypost.kernel.evidence_entry import commitment, read_entry
from mypost.letters import commands
from mypost.letters.commands import NewLetter
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.notifications.models import Alert
from mypost.senders.models import Sender, Topic
from mypost.vault import commands as vault
from mypost.vault.envelope import Document, EnvelopeContent
from mypost.vault.models import MailboxKey
from tests.conftest import LATER

CONSIGNMENT, BATCH = UUID(int=0xC0), UUID(int=0xBA)
PAPERS = tuple(
    Document(f"{n}.pdf", "application/pdf", 100 + n, n, bytes([n]) * 32, UUID(int=n), bytes(32))
    for n in (1, 2)
)
CONTENT = EnvelopeContent("件名", "本文", "ja", "R-7", PAPERS)


def new_letter(owner: Member, **more: object) -> NewLetter:
    key = MailboxKey.objects.get(mailbox_id=owner.mailbox_id)
    plain = NewLetter(
        id=uuid4(), mailbox_id=owner.mailbox_id, public_key=bytes(key.public_key),
        recipient="AAAA", content=CONTENT, topic_id=None, required_assurance=0, required_aal=1,
        confidential=False, due=None,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


def consign(sender: Sender, *letters: NewLetter) -> dict[UUID, str]:
    return commands.consign(
        letters, sender_id=sender.id, consignment_id=CONSIGNMENT, batch_id=BATCH, at=LATER
    )


def test_a_letter_lies_there_as_it_was_accepted(hanako: Member, city: Sender) -> None:
    tax = Topic.objects.get(sender=city, slug="tax")
    demands = {"required_assurance": 2, "required_aal": 3, "confidential": True}
    new = new_letter(hanako, topic_id=tax.id, due=date(2026, 12, 25), **demands)
    numbers = consign(city, new)
    assert Letter.objects.values().get() == {
        "mailbox_id": hanako.mailbox_id, "id": new.id, "number": numbers[new.id],
        "sender_id": city.id, "topic_id": tax.id, "consignment_id": CONSIGNMENT,
        "state": "consigned", "documents": 2, "due": date(2026, 12, 25), "consigned_at": LATER,
        "handed_over_at": None, **demands,
    }  # fmt: skip
    assert vault.open_envelope(hanako.mailbox_id, new.id) == CONTENT


def test_its_evidence_commits_to_what_was_sent_and_by_whom(hanako: Member, city: Sender) -> None:
    new = new_letter(hanako)
    consign(city, new)
    line = Line.objects.get(subject_id=new.id)
    assert (line.event, line.at, line.sender_id) == ("ContentConsignment", LATER, city.id)
    assert line.mailbox_id == hanako.mailbox_id
    # What tools/verify_receipt.py compares: digests as canonical JSON, subject, empty line, body.
    assert read_entry(line.entry.encode()).facts == {
        fact: commitment(bytes(line.salt), fact, value)
        for fact, value in {
            "sender": str(city.id), "recipient": "AAAA", "reference": "R-7",
            "documents": f'["{"01" * 32}","{"02" * 32}"]', "text": "件名\n\n本文",
        }.items()
    }  # fmt: skip


def test_each_of_many_is_its_own_mailboxs_with_its_own_number(
    hanako: Member, taro: Member, city: Sender
) -> None:
    new = [new_letter(owner, confidential=owner == taro) for owner in (hanako, taro, hanako)]
    numbers = consign(city, *new)
    assert len(set(numbers.values())) == 3
    rows = Letter.objects.values_list("id", "mailbox_id", "number", "confidential")
    assert set(rows) == {(n.id, n.mailbox_id, numbers[n.id], n.confidential) for n in new}
    alerts = Alert.objects.values_list(
        "letter_id", "mailbox_id", "confidential", "sender_id", "batch_id", "due_at", "state"
    )
    assert set(alerts) == {
        (n.id, n.mailbox_id, n.confidential, city.id, BATCH, LATER, "waiting") for n in new
    }
    jobs = ProcrastinateJob.objects.filter(task_name="notifications.send_alerts")
    assert [job.args for job in jobs] == [{"batch_id": str(BATCH)}]


@pytest.mark.django_db
def test_no_letters_owe_nothing() -> None:
    nobody = Sender(id=uuid4())
    assert consign(nobody) == {}
    assert not ProcrastinateJob.objects.exists()
