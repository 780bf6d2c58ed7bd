"""The back office's pages about the ledger, as wholes."""

import pytest
from django.test import Client

from mypost.entrypoints.operator_web import paging
from mypost.intake import commands as intake
from mypost.intake.commands import Origin
from mypost.intake.models import Consignment
from mypost.letters.commands import hand_over
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.senders import commands as senders
from mypost.senders.models import Scope, Staff
from tests.conftest import LATER, NOW, SendLetter
from tests.entrypoints.outline import said, written

NO_LEDGER = written("""
# Ledger
## All live letters
div ~mailbox
  In the mailbox
    0
div ~paper
  On paper
    0
div ~refused
  Refused
    0
div ~pending
  Pending
    0
Submitted: 0
div hx-get=/ledger/check/
  [Check the ledger now](/ledger/check/)
## Consignments, newest first
No consignments here.
The first one appears when a sender hands in a letter.
""")
LEDGER = written("""
# Ledger
## All live letters
:drawing:
div ~mailbox
  In the mailbox
    1
div ~paper
  On paper
    0
div ~refused
  Refused
    1
div ~pending
  Pending
    0
Submitted: 2
div hx-get=/ledger/check/
  [Check the ledger now](/ledger/check/)
## Consignments, newest first
Consignments of all senders
| Consignment | Sender | State | Submitted | In the mailbox | On paper | Refused
    | Pending
| [@2026-11-22T11:00:00+09:00 consignment](/ledger/NEWEST/) | Sender: みなと市 |
    State: ‹open ~info› | Submitted: 0 | In the mailbox: 0 | On paper: 0 |
    Refused: 0 | Pending: 0
nav aria-label=Pages of the list
  [Older:chevron-right:](?before=NEWEST)
""")


def test_an_empty_ledger(office: Client) -> None:
    assert said(office, "/ledger/") == NO_LEDGER


@pytest.fixture
def consigned(send_letter: SendLetter, clerk: Staff) -> list[Consignment]:
    """A letter, a refused one, a test; and what a program has only begun."""
    sent = [
        send_letter(reference="R-1"), send_letter(reference="R-2", subject=""),
        send_letter(reference="R-3", live=False),
    ]  # fmt: skip
    key, _secret = senders.make_api_key(
        clerk, name="k", live=True, scopes=[Scope.LETTERS_WRITE], at=NOW
    )
    origin = Origin(clerk.sender, live=True, key=key)
    begun = intake.open_consignment(origin, reference="C", topic="tax", at=LATER)
    return [*(item.consignment for item in sent), begun]


def named_in(consigned: list[Consignment]) -> dict[object, str]:
    named: dict[object, str] = {
        one.id: f"CONSIGNMENT-{number}" for number, one in enumerate(consigned, start=1)
    }
    return {**named, consigned[0].sender_id: "CITY"}


def test_the_ledger(
    office: Client, consigned: list[Consignment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "SIZE", 1)
    named = named_in(consigned)
    assert said(office, "/ledger/", {**named, max(c.id for c in consigned): "NEWEST"}) == LEDGER


DELIVERED = written("""
title: Consignment
nav aria-label=Where you are
  - [Ledger](/ledger/)
  - aria-current=page Consignment
# Consignment of みなと市
:drawing:
div ~mailbox
  In the mailbox
    1
div ~paper
  On paper
    0
div ~refused
  Refused
    0
div ~pending
  Pending
    0
Submitted: 1
## Facts
State
  ‹:check: completed ~success›
Sender
  [みなと市](/senders/CITY/)
Kind
  single letter
Topic
  —
Handed in by
  a person, in the console
Begun
  @2026-11-22T10:00:00+09:00
Submitted at
  @2026-11-22T10:00:00+09:00
Completed at
  @2026-11-22T10:00:00+09:00
Opened by members
  1
Number for enquiries
  CONSIGNMENT-1
""")
REFUSED = written("""
title: Consignment
nav aria-label=Where you are
  - [Ledger](/ledger/)
  - aria-current=page Consignment
# Consignment of みなと市
:drawing:
div ~mailbox
  In the mailbox
    0
div ~paper
  On paper
    0
div ~refused
  Refused
    1
div ~pending
  Pending
    0
Submitted: 1
## Facts
State
  ‹:check: completed ~success›
Sender
  [みなと市](/senders/CITY/)
Kind
  single letter
Topic
  —
Handed in by
  a person, in the console
Begun
  @2026-11-22T10:00:00+09:00
Submitted at
  @2026-11-22T10:00:00+09:00
Completed at
  @2026-11-22T10:00:00+09:00
Opened by members
  0
Number for enquiries
  CONSIGNMENT-2
## Why items were refused
Refused items by code
| Code | Items
| subject_missing | 1
""")
REHEARSED = written("""
title: Consignment
nav aria-label=Where you are
  - [Ledger](/ledger/)
  - aria-current=page Consignment
# Consignment of みなと市
:drawing:
div ~mailbox
  In the mailbox
    1
div ~paper
  On paper
    0
div ~refused
  Refused
    0
div ~pending
  Pending
    0
Submitted: 1
## Facts
State
  ‹:check: completed ~success› ‹test only ~filled›
Sender
  [みなと市](/senders/CITY/)
Kind
  single letter
Topic
  —
Handed in by
  a person, in the console
Begun
  @2026-11-22T10:00:00+09:00
Submitted at
  @2026-11-22T10:00:00+09:00
Completed at
  @2026-11-22T10:00:00+09:00
Opened by members
  0
Number for enquiries
  CONSIGNMENT-3
""")
BEGUN = written("""
title: Consignment
nav aria-label=Where you are
  - [Ledger](/ledger/)
  - aria-current=page Consignment
# Consignment of みなと市
div ~mailbox
  In the mailbox
    0
div ~paper
  On paper
    0
div ~refused
  Refused
    0
div ~pending
  Pending
    0
Submitted: 0
## Facts
State
  ‹open ~info›
Sender
  [みなと市](/senders/CITY/)
Kind
  consignment
Topic
  tax
Handed in by
  a program, with an API key
Begun
  @2026-11-22T11:00:00+09:00
Submitted at
  —
Completed at
  —
Opened by members
  0
Number for enquiries
  CONSIGNMENT-4
""")


def test_a_consignments_page(office: Client, consigned: list[Consignment], hanako: Member) -> None:
    named = named_in(consigned)
    delivered, refused, rehearsed, begun = (f"/ledger/{one.id}/" for one in consigned)
    hand_over(Letter.objects.get().id, reader=hanako, aal=1, at=LATER)
    assert said(office, delivered, named) == DELIVERED
    assert said(office, refused, named) == REFUSED
    assert said(office, rehearsed, named) == REHEARSED
    assert said(office, begun, named, same=("tax",)) == BEGUN


WHOLE = written("""
nav aria-label=Where you are
  - [Ledger](/ledger/)
  - aria-current=page Check of the ledger
# Check of the ledger
div role=status ~success
  :success Done:
  The ledger is whole.
  Every item is in exactly one place, and every act is proved.
▸ The rules, one by one
What must not be, and how often it is
| What must not be | Found
| consignments whose ledger does not balance | 0
| consignments whose items are not what the ledger says | 0
| accepted items of live consignments without their letter | 0
| letters without an accepted item | 0
| letters without an envelope | 0
| letters whose consignment is not proved once | 0
| opened letters whose opening is not proved once | 0
| letters that owe no alert | 0
| references held by more than one letter | 0
""")
BROKEN = written("""
nav aria-label=Where you are
  - [Ledger](/ledger/)
  - aria-current=page Check of the ledger
# Check of the ledger
div role=alert ~error
  :error Error:
  The ledger is not whole.
  Nothing was changed by looking. The rules that are broken stand below, with
      how often.
details open
  ▸ The rules, one by one
  What must not be, and how often it is
  | What must not be | Found
  | consignments whose ledger does not balance | 0
  | consignments whose items are not what the ledger says | 1
  | accepted items of live consignments without their letter | 0
  | letters without an accepted item | 0
  | letters without an envelope | 0
  | letters whose consignment is not proved once | 0
  | opened letters whose opening is not proved once | 0
  | letters that owe no alert | 0
  | references held by more than one letter | 0
""")


def test_the_check_of_the_ledger(office: Client, consigned: list[Consignment]) -> None:
    assert said(office, "/ledger/check/") == WHOLE
    Consignment.objects.filter(id=consigned[0].id).update(in_mailbox=0, refused=1)
    assert said(office, "/ledger/check/") == BROKEN
