"""Who the bench writes to, and what: one sender, as many members as a figure needs, one paper."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from uuid import uuid4

import httpx
from django.db import transaction

from mypost.accounts.models import Account
from mypost.common.clock import new_id, now
from mypost.intake.commands import Origin
from mypost.kernel import sealing
from mypost.kernel.pseudonyms import make_pseudonym
from mypost.kernel.typesetting import typeset
from mypost.members.models import Member
from mypost.senders import commands as senders
from mypost.senders.models import Scope, Sender, Staff
from mypost.subscriptions.models import Subscription
from mypost.vault import custodian
from mypost.vault.commands import KEY_VERSION
from mypost.vault.models import MailboxKey
from sandbox import demo

PAPER = "入学通知書.pdf"  # one page, sixty kilobytes: a notice with a table, as a city sends it
NO_PASSWORD = "!"  # noqa: S105  Django's mark of an account that cannot sign in by one
BODY = "添付の通知書をご確認ください。\n\n" + "期日までに、同封の書類をご提出ください。" * 12


@dataclass(frozen=True)
class Correspondent:
    """A member of the bench's sender. pseudonym: how the sender knows them."""

    member: Member
    pseudonym: str


@cache
def paper() -> bytes:
    """Return the PDF that every letter carries."""
    letters = demo.load(date(2026, 11, 22)).letters
    found = next(paper for letter in letters for paper in letter.documents if paper.name == PAPER)
    return typeset(found.template, found.data, at=now())


@transaction.atomic
def origin() -> Origin:
    """Return the bench's sender, under contract, with the person who works for it."""
    staff = Staff.objects.filter(sender__name="Bench").select_related("sender").first()
    if staff is None:
        account = Account.objects.create(email="bench@example.jp")
        staff = senders.add_staff(_new_sender(), account, Staff.Role.ADMINISTRATOR, at=now())
    return Origin(staff.sender, live=True, staff=staff)


def _new_sender() -> Sender:
    sender = Sender(kind=Sender.Kind.COMPANY, code="8380001999103", name="Bench")
    senders.apply_for_contract(sender, at=now())
    state = Sender.ContractState.ACTIVE
    return senders.move_contract(sender.id, state, reason="bench", at=now())


@contextmanager
def api(address: str) -> Iterator[httpx.Client]:
    """Yield a connection to the sender's door that is kept open, with a key of the sender."""
    staff = origin().staff
    assert staff is not None
    scopes = [Scope.LETTERS_WRITE, Scope.LETTERS_READ]
    _, secret = senders.make_api_key(staff, name="bench", live=True, scopes=scopes, at=now())
    headers = {"Authorization": f"Bearer {secret}"}
    with httpx.Client(base_url=f"{address}/api/v1", headers=headers, timeout=60) as client:
        yield client


@transaction.atomic
def make_members(count: int) -> list[Correspondent]:
    """Make members with mailboxes of their own, all of whom have chosen the sender.

    Written in bulk: the rooms' commands make one member at a time, and hash a password for each.
    """
    at, sender = now(), origin().sender
    accounts = Account.objects.bulk_create(
        Account(email=f"{uuid4()}@example.jp", password=NO_PASSWORD) for _ in range(count)
    )
    members = Member.objects.bulk_create(
        Member(id=new_id(at), account=account, mailbox_id=new_id(at), joined_at=at)
        for account in accounts
    )
    MailboxKey.objects.bulk_create(_key(member) for member in members)
    subscriptions = Subscription.objects.bulk_create(
        Subscription(
            mailbox_id=member.mailbox_id, id=new_id(at), sender=sender, started_at=at,
            pseudonym=make_pseudonym(os.urandom(16)),
        )
        for member in members
    )  # fmt: skip
    return [
        Correspondent(member, subscription.pseudonym)
        for member, subscription in zip(members, subscriptions, strict=True)
    ]


def _key(member: Member) -> MailboxKey:
    private, public = sealing.generate_key_pair()
    wrapped = custodian.wrap_private_key(private, context=member.mailbox_id.bytes)
    return MailboxKey(
        mailbox_id=member.mailbox_id, version=KEY_VERSION, public_key=public,
        wrapped_private_key=wrapped, created_at=member.joined_at,
    )  # fmt: skip


def letter(to: Correspondent, reference: str) -> dict[str, object]:
    """Return a letter's fields as a sender writes them."""
    return {
        "recipient": to.pseudonym,
        "reference": reference,
        "subject": "令和9年度 小学校入学のお知らせ",
        "body": BODY,
        "documents": [PAPER],
    }
