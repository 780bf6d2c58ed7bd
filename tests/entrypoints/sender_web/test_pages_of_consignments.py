"""The console's pages about consignments, as wholes."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from mypost.entrypoints.sender_web import members
from mypost.intake import commands as intake
from mypost.intake.commands import Origin
from mypost.letters.commands import hand_over
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.senders import commands as senders
from mypost.senders.models import Scope, Sender, Staff
from mypost.subscriptions.models import Subscription
from tests.conftest import LATER, NOW
from tests.entrypoints.outline import said, written
from tests.entrypoints.sender_web.conftest import Deliver, Person, csv
from tests.entrypoints.sender_web.test_members import let_choose

SECOND = timedelta(seconds=1)
TOPICS = ("news", "tax", "仮名ID")
NOTHING = written("""
# Consignments
What you handed in together, newest first. Letters that your programs send one
    by one stand under Letters.
[:upload: Hand in a file](/consignments/new) [:send: Write a
    letter](/letters/new)
Nothing has been handed in yet.
Write one letter, or hand in a file with many.
""")
NEW = written("""
nav aria-label=Where you are
  - [Consignments](/consignments)
  - aria-current=page Hand in a file
nav aria-label=Steps
  Step 1 of 3
  - aria-current=step Files
  - Check
  - Send
# Hand in a file
One row is one letter. You see what would be refused before anything is sent.
POST /consignments/new enctype=multipart/form-data
  Name of the consignment ※required: <text reference maxlength=90 required>
  For letters whose row names none.
  Topic: <select topic describedby “no topic= selected; news=news; tax=tax;”>
  CSV with a head row, or NDJSON. Columns: recipient (仮名ID), reference
      (整理番号), subject (件名), body (本文), documents (書類), due (期限) …
  div data-file-upload
    File of letters ※required: <file items accept=.csv,.ndjson,.jsonl,text/csv
        required describedby>
  PDF, up to 20 MB each. The file of letters names them.
  div data-file-upload
    Documents: <file documents accept=.pdf,application/pdf multiple describedby>
  {Next: check}
""")
NEW_WRONG = written("""
nav aria-label=Where you are
  - [Consignments](/consignments)
  - aria-current=page Hand in a file
nav aria-label=Steps
  Step 1 of 3
  - aria-current=step Files
  - Check
  - Send
# Hand in a file
One row is one letter. You see what would be refused before anything is sent.
Nothing was handed in yet. Your browser asks you to choose the files again.
POST /consignments/new enctype=multipart/form-data
  div role=alert data-focus-first ~error
    :error Error:
    Please look at these points again. What you typed is still here.
    - [Name of the consignment](#id_reference): This field is required.
    - [File of letters](#id_items): 色-: There is no such column.
        [column_unknown]
    - [File of letters](#id_items): recipient: This column is required.
        [column_missing]
    - [File of letters](#id_items): reference: This column is required.
        [column_missing]
  Name of the consignment ※required: <text reference maxlength=90 required
      aria-invalid=true describedby>
  - This field is required.
  For letters whose row names none.
  Topic: <select topic describedby “no topic=; news=news; tax=tax selected;”>
  CSV with a head row, or NDJSON. Columns: recipient (仮名ID), reference
      (整理番号), subject (件名), body (本文), documents (書類), due (期限) …
  div data-file-upload
    File of letters ※required: <file items accept=.csv,.ndjson,.jsonl,text/csv
        required aria-invalid=true describedby>
  - 色-: There is no such column. [column_unknown]
  - recipient: This column is required. [column_missing]
  - reference: This column is required. [column_missing]
  PDF, up to 20 MB each. The file of letters names them.
  div data-file-upload
    Documents: <file documents accept=.pdf,application/pdf multiple describedby>
  {Next: check}
""")


def test_before_anything_is_handed_in(console: Person) -> None:
    assert said(console.http, "/consignments") == NOTHING
    assert said(console.http, "/consignments/new", same=TOPICS) == NEW

    def wrong() -> object:
        return console.post("/consignments/new", reference="", topic="tax", items=csv("色-\n"))

    assert said(console.http, wrong, same=TOPICS) == NEW_WRONG  # type: ignore[arg-type]


def opened(
    origin: Origin, reference: str, *recipients: str, topic: str = "", at: datetime = NOW
) -> UUID:
    """A consignment with a letter to each."""
    id = intake.open_consignment(origin, reference=reference, topic=topic, at=at).id
    rows = "".join(f"{name},{reference}-{n},件名\n" for n, name in enumerate(recipients))
    content = f"仮名ID,整理番号,件名\n{rows}".encode()
    intake.put_items(origin.sender.id, id, content, form="csv", at=at)
    return id


def submitted(
    origin: Origin, reference: str, *recipients: str, topic: str = "", at: datetime = NOW
) -> UUID:
    id = opened(origin, reference, *recipients, topic=topic, at=at)
    intake.submit(origin.sender.id, id, at=LATER)
    return id


@pytest.fixture
def origin(clerk: Staff) -> Origin:
    return Origin(clerk.sender, live=True, staff=clerk)


DRAFT = written("""
nav aria-label=Where you are
  - [Consignments](/consignments)
  - aria-current=page C-1
# C-1
open
This has not been sent yet.
[Go on](/consignments/DRAFT/check)
POST /consignments/DRAFT/discard
  {Discard it data-confirm=Discard this with all its documents? Nothing has been
      sent. ~danger}
## Facts
Topic
  tax
Who handed it in
  市の職員
Begun
  @2026-11-22T10:00:00+09:00
""")
OF_A_PROGRAM = written("""
nav aria-label=Where you are
  - [Consignments](/consignments)
  - aria-current=page C-2
# C-2
open ‹test ~filled›
One of your programs is handing this in. It has not been sent yet.
## Facts
Topic
  —
Who handed it in
  the key “税務”
Begun
  @2026-11-22T10:00:00+09:00
""")


def test_one_that_is_not_sent_yet(console: Person, origin: Origin, clerk: Staff) -> None:
    draft = opened(origin, "C-1", "x", topic="tax")
    assert said(console.http, f"/consignments/{draft}", {draft: "DRAFT"}, same=TOPICS) == DRAFT
    key, _secret = senders.make_api_key(
        clerk, name="税務", live=False, scopes=[Scope.LETTERS_WRITE], at=NOW
    )
    of_a_program = opened(Origin(clerk.sender, live=False, key=key), "C-2", "x")
    named: dict[object, str] = {of_a_program: "DRAFT"}
    assert said(console.http, f"/consignments/{of_a_program}", named) == OF_A_PROGRAM


LIST = written("""
# Consignments
What you handed in together, newest first. Letters that your programs send one
    by one stand under Letters.
[:upload: Hand in a file](/consignments/new) [:send: Write a
    letter](/letters/new)
Consignments
| Name | State | Submitted | In the mailbox | Refused | Opened | Begun
| [CONSIGNMENT-4](/consignments/CONSIGNMENT-4) | State: open | Submitted: 1 | In
    the mailbox: 0 | Refused: 0 | Opened: 0 | Begun: @2026-11-22T11:00:00+09:00
| [C-3](/consignments/CONSIGNMENT-3) | State: open ‹test ~filled› | Submitted: 1
    | In the mailbox: 0 | Refused: 0 | Opened: 0 | Begun:
    @2026-11-22T10:00:02+09:00
| [C-2](/consignments/CONSIGNMENT-2) | State: ‹:check: completed ~success› |
    Submitted: 2 | In the mailbox: 1 | Refused: 1 | Opened: 1 | Begun:
    @2026-11-22T10:00:01+09:00
| [C-1](/consignments/CONSIGNMENT-1) | State: ‹submitted ~info› | Submitted: 1 |
    In the mailbox: 0 | Refused: 0 | Opened: 0 | Begun:
    @2026-11-22T10:00:00+09:00
""")


def test_the_list(
    console: Person, origin: Origin, deliver: Deliver, chosen: Subscription, hanako: Member
) -> None:
    rehearsing = Origin(origin.sender, live=False, staff=origin.staff)
    made = [
        submitted(origin, "C-1", "x"),
        submitted(origin, "C-2", chosen.pseudonym, "y", at=NOW + SECOND),
        opened(rehearsing, "C-3", "x", at=NOW + 2 * SECOND),
        opened(origin, "", "x", at=LATER),
    ]
    deliver(made[1])
    hand_over(Letter.objects.get().id, reader=hanako, aal=1, at=LATER)
    named: dict[object, str] = {id: f"CONSIGNMENT-{n}" for n, id in enumerate(made, start=1)}
    assert said(console.http, "/consignments", named) == LIST


MEMBERS_PAGE = written("""
title: Members
# Members who chose you
3 members have chosen you. You know each by a pseudonym (仮名ID) that no other
    sender has.
[:download: Download all (CSV)](/members.csv)
GET /members role=search
  Part of a pseudonym: <text words maxlength=24>
  {:search: Search}
Members who chose you
| Pseudonym | Since | Letters
| NAME-2 | Since: @2026-11-22 | Letters: [Show : NAME-2](/letters?words=NAME-2)
nav aria-label=Pages of the list
  [First page](?words=) [Next page](?words=&after=NAME-2)
""")


def test_a_page_of_members(console: Person, city: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "ON_A_PAGE", 1)
    let_choose(city, 3)
    names = sorted(Subscription.objects.values_list("pseudonym", flat=True))
    named: dict[object, str] = {name: f"NAME-{n}" for n, name in enumerate(names, start=1)}
    assert said(console.http, f"/members?after={names[0]}", named) == MEMBERS_PAGE
