"""The console's pages about a consignment on its way and delivered, as wholes."""

import pytest

from mypost.entrypoints.sender_web import consignments
from mypost.intake import delivery
from mypost.intake.commands import Origin
from mypost.intake.models import Item
from mypost.letters.commands import hand_over
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.subscriptions.models import Subscription
from tests.conftest import LATER
from tests.entrypoints.outline import said, written
from tests.entrypoints.sender_web.conftest import Deliver, Person
from tests.entrypoints.sender_web.test_pages_of_consignments import origin, submitted

__all__ = ["origin"]  # fixture
TOPICS = ("news", "tax", "仮名ID")
EXAMINATION = "The documents are being examined"
EXAMINED = written("""
nav aria-label=Where you are
  - [Consignments](/consignments)
  - aria-current=page C-1
# C-1
div hx-get=/consignments/RUNNING-1/progress
  ‹submitted ~info›
  0 / 2 letters
  <progress=0 max=2>
  [Show the newest numbers]()
  :drawing:
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
      2
  Submitted: 2
  Opened by members
    0
[:download: Download the results (CSV)](/consignments/RUNNING-1/results.csv)
## Facts
Topic
  —
Who handed it in
  市の職員
Begun
  @2026-11-22T10:00:00+09:00
Submitted at
  @2026-11-22T11:00:00+09:00
""")
HALF_DELIVERED = written("""
nav aria-label=Where you are
  - [Consignments](/consignments)
  - aria-current=page C-1
# C-1
div hx-get=/consignments/RUNNING-1/progress
  ‹being delivered ~info›
  1 / 2 letters
  <progress=1 max=2>
  [Show the newest numbers]()
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
      1
  Submitted: 2
  Opened by members
    0
  ## Refused letters
  Refused letters
  | Row | Pseudonym | Your reference | Place | Why it was refused
  | 1 | Pseudonym: x- | Your reference: [C-1-0](/letters/LETTER-1) | Place:
      仮名ID | Why it was refused: No member who chose this sender has this
      pseudonym. recipient_unknown
[:download: Download the results (CSV)](/consignments/RUNNING-1/results.csv)
## Facts
Topic
  —
Who handed it in
  市の職員
Begun
  @2026-11-22T10:00:00+09:00
Submitted at
  @2026-11-22T11:00:00+09:00
""")
RUNNING = written("""
title: Start
# Today's work
[:send: Write a letter](/letters/new) [:upload: Hand in a
    file](/consignments/new)
## Being delivered
div hx-get=/running
  1 / 2 letters
  <progress=1 max=2>
  [Follow : C-1](/consignments/RUNNING-1)
## Opened last
No letter has been opened yet.
## Figures
Members who chose you
  [0](/members)
Letters this month
  0
Of these opened
  0
### Limits
One document
  20 MB
Recipients of a letter written here
  1,000
Letters in one consignment
  1,000,000
""")


def test_one_on_its_way(console: Person, origin: Origin, settings: object) -> None:
    settings.CHUNK_SIZE = 1  # type: ignore[attr-defined]
    id = submitted(origin, "C-1", "x-", "y-")
    named: dict[object, str] = {id: "RUNNING-1"}
    assert said(console.http, f"/consignments/{id}", named) == EXAMINED
    labelled = f'for="decided">{EXAMINATION}</label>'
    assert labelled in console.get(f"/consignments/{id}")
    delivery.examine_consignment(id, at=LATER)
    delivery.deliver_chunk(id, 1, at=LATER)
    named[Item.objects.get().letter_id] = "LETTER-1"
    assert said(console.http, f"/consignments/{id}", named, same=TOPICS) == HALF_DELIVERED
    assert said(console.http, "/", named, same=("MB",)) == RUNNING


COMPLETED = written("""
nav aria-label=Where you are
  - [Consignments](/consignments)
  - aria-current=page C-1
# C-1
‹:check: completed ~success› @2026-11-22T11:00:00+09:00
:drawing:
div ~mailbox
  In the mailbox
    1
div ~paper
  On paper
    0
div ~refused
  Refused
    2
div ~pending
  Pending
    0
Submitted: 3
Opened by members
  1
## Refused letters
Refused letters
| Row | Pseudonym | Your reference | Place | Why it was refused
| 1 | Pseudonym: x- | Your reference: [C-1-0](/letters/LETTER-1) | Place: 仮名ID
    | Why it was refused: No member who chose this sender has this pseudonym.
    recipient_unknown
| 3 | Pseudonym: y- | Your reference: [C-1-2](/letters/LETTER-2) | Place: 仮名ID
    | Why it was refused: No member who chose this sender has this pseudonym.
    recipient_unknown
[:download: Download the results (CSV)](/consignments/DONE/results.csv)
## Facts
Topic
  tax
Who handed it in
  市の職員
Begun
  @2026-11-22T10:00:00+09:00
Submitted at
  @2026-11-22T11:00:00+09:00
""")
MANY = written("""
nav aria-label=Where you are
  - [Consignments](/consignments)
  - aria-current=page C-1
# C-1
‹:check: completed ~success› @2026-11-22T11:00:00+09:00
:drawing:
div ~mailbox
  In the mailbox
    1
div ~paper
  On paper
    0
div ~refused
  Refused
    2
div ~pending
  Pending
    0
Submitted: 3
Opened by members
  1
## Refused letters
Refused letters
| Row | Pseudonym | Your reference | Place | Why it was refused
| 1 | Pseudonym: x- | Your reference: [C-1-0](/letters/LETTER-1) | Place: 仮名ID
    | Why it was refused: No member who chose this sender has this pseudonym.
    recipient_unknown
The first 1 of 2 are shown. The download has all of them.
[:download: Download the results (CSV)](/consignments/DONE/results.csv)
## Facts
Topic
  tax
Who handed it in
  市の職員
Begun
  @2026-11-22T10:00:00+09:00
Submitted at
  @2026-11-22T11:00:00+09:00
""")


def test_one_that_is_delivered(
    console: Person, origin: Origin, deliver: Deliver, chosen: Subscription, hanako: Member,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    id = submitted(origin, "C-1", "x-", chosen.pseudonym, "y-", topic="tax")
    deliver(id)
    letter = Letter.objects.get()
    hand_over(letter.id, reader=hanako, aal=1, at=LATER)
    shown = console.http.get(f"/consignments/{id}").context["refusals"]
    named: dict[object, str] = {id: "DONE"}
    named |= {each["item"].letter_id: f"LETTER-{n}" for n, each in enumerate(shown, start=1)}
    assert said(console.http, f"/consignments/{id}", named, same=TOPICS) == COMPLETED
    monkeypatch.setattr(consignments, "REFUSED_SHOWN", 1)
    assert said(console.http, f"/consignments/{id}", named, same=TOPICS) == MANY
