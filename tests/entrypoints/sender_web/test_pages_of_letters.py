"""The console's pages about what was sent, as wholes."""

from datetime import UTC, datetime, timedelta

import pytest

from mypost.entrypoints.sender_web import letters, start
from mypost.evidence import commands as evidence
from mypost.intake.models import Item
from mypost.letters.commands import hand_over
from mypost.members.models import Member
from mypost.notifications.models import Alert
from mypost.subscriptions.models import Subscription
from tests.conftest import LATER, NOW, SendLetter
from tests.entrypoints.outline import said, written
from tests.entrypoints.sender_web.conftest import Person

HOUR = timedelta(hours=1)
UNITS = ("MB",)
NO_LETTERS = written("""
# Letters
GET /letters role=search
  Letter number, your reference or a pseudonym: <text words maxlength=100>
  {:search: Search}
No letters yet.
Letters appear here as soon as they are decided.
""")
LETTERS = written("""
# Letters
GET /letters role=search
  Letter number, your reference or a pseudonym: <text words=R-1 maxlength=100>
  {:search: Search} [Show all](/letters)
Letters, newest first
| Letter number | Your reference | Pseudonym | State | Decided at
| [NUMBER-1](/letters/LETTER-1) | Your reference: R-1 | Pseudonym: NAME-1 |
    State: ‹:check: opened ~success› | Decided at: @2026-11-22T10:00:00+09:00
""")
NOT_FOUND = written("""
# Letters
GET /letters role=search
  Letter number, your reference or a pseudonym: <text words=nothing-
      maxlength=100>
  {:search: Search} [Show all](/letters)
No letter of yours matches this.
Please type the whole number, reference or pseudonym.
""")
START = written("""
title: Start
# Today's work
[:send: Write a letter](/letters/new) [:upload: Hand in a
    file](/consignments/new)
## Being delivered
Nothing is on its way. Everything that was handed in is decided. [All
    consignments](/consignments)
## Opened last
Letters that were opened last
| Your reference | Letter number | Opened
| [R-2](/letters/LETTER-2) | Letter number: NUMBER-2 | Opened:
    @2026-11-22T12:00:00+09:00
| [R-1](/letters/LETTER-1) | Letter number: NUMBER-1 | Opened:
    @2026-11-22T11:00:00+09:00
## Figures
Members who chose you
  [1](/members)
Letters this month
  3
Of these opened
  2 (67 %)
### Limits
One document
  20 MB
Recipients of a letter written here
  1,000
Letters in one consignment
  1,000,000
""")
NOTHING_YET = written("""
title: Start
# Today's work
[:send: Write a letter](/letters/new) [:upload: Hand in a
    file](/consignments/new)
## Being delivered
Nothing is on its way. Everything that was handed in is decided. [All
    consignments](/consignments)
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


@pytest.fixture(autouse=True)
def _in_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "now", lambda: datetime(2026, 11, 24, tzinfo=UTC))


def test_before_anything_was_sent(console: Person) -> None:
    assert said(console.http, "/", same=UNITS) == NOTHING_YET
    assert said(console.http, "/letters") == NO_LETTERS


@pytest.fixture
def sent(send_letter: SendLetter, hanako: Member) -> list[Item]:
    """One opened, one opened that demanded much, one unread; one refused, and one test."""
    much = {"required_assurance": 2, "required_aal": 2, "confidential": True}
    items = [
        send_letter(reference="R-1"), send_letter(reference="R-2", **much),
        send_letter(reference="R-3", required_aal=3),
        send_letter(reference="R-4", recipient="x-y"),
        send_letter(reference="R-5", live=False, recipient="TEST-DELIVERED"),
    ]  # fmt: skip
    hand_over(items[0].letter_id, reader=hanako, aal=1, at=LATER)
    hand_over(items[1].letter_id, reader=hanako, aal=2, at=LATER + HOUR)
    evidence.integrate(at=LATER)
    return items


@pytest.fixture
def named(sent: list[Item], chosen: Subscription) -> dict[object, str]:
    names: dict[object, str] = {chosen.pseudonym: "NAME-1"}
    for number, item in enumerate(sent, start=1):
        names |= {
            item.letter_id: f"LETTER-{number}", item.number: f"NUMBER-{number}",
            item.consignment_id: f"CONSIGNMENT-{number}",
        }  # fmt: skip
    return names


def test_the_first_page(console: Person, named: dict[object, str]) -> None:
    assert said(console.http, "/", named, same=UNITS) == START


def test_the_list_of_letters(
    console: Person, named: dict[object, str], sent: list[Item], chosen: Subscription
) -> None:
    assert said(console.http, "/letters?words=R-1", named) == LETTERS
    assert said(console.http, "/letters?words=R-3", named) == UNREAD
    assert said(console.http, "/letters?words=R-5", named) == A_TEST
    assert said(console.http, "/letters?words=x-y", named) == REFUSED
    assert said(console.http, "/letters?words=nothing-", named) == NOT_FOUND
    too_long = f"/letters?words={'x' * 101}"
    assert said(console.http, too_long, {"x" * 101: "TOO-LONG"}, within="form") == WORDS_TOO_LONG


def test_a_page_of_the_list(
    console: Person, send_letter: SendLetter, chosen: Subscription, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "ON_A_PAGE", 1)
    sent = sorted((send_letter(reference=f"R-{n}") for n in range(3)), key=lambda i: i.letter_id)
    place = {"before": str(sent[2].letter_id)}
    named: dict[object, str] = {sent[2].letter_id: "LETTER-3", sent[1].letter_id: "LETTER-2"}
    named |= {sent[1].number: "NUMBER-2", chosen.pseudonym: "NAME-1", sent[1].reference: "R-2"}
    assert said(console.http, lambda: console.http.get("/letters", place), named) == PAGE


UNREAD = written("""
# Letters
GET /letters role=search
  Letter number, your reference or a pseudonym: <text words=R-3 maxlength=100>
  {:search: Search} [Show all](/letters)
Letters, newest first
| Letter number | Your reference | Pseudonym | State | Decided at
| [NUMBER-3](/letters/LETTER-3) | Your reference: R-3 | Pseudonym: NAME-1 |
    State: ‹in the mailbox ~info› | Decided at: @2026-11-22T10:00:00+09:00
""")
WORDS_TOO_LONG = written("""
title: Letters
<hidden next=/letters?words=TOO-LONG> {:language: 日本語 language=ja lang=ja}
""")
PAGE = written("""
# Letters
GET /letters role=search
  Letter number, your reference or a pseudonym: <text words maxlength=100>
  {:search: Search}
Letters, newest first
| Letter number | Your reference | Pseudonym | State | Decided at
| [NUMBER-2](/letters/LETTER-2) | Your reference: R-2 | Pseudonym: NAME-1 |
    State: ‹in the mailbox ~info› | Decided at: @2026-11-22T10:00:00+09:00
nav aria-label=Pages of the list
  [:chevron-left: Newer](?words=)
      [Older:chevron-right:](?words=&before=LETTER-2)
""")
A_TEST = written("""
# Letters
GET /letters role=search
  Letter number, your reference or a pseudonym: <text words=R-5 maxlength=100>
  {:search: Search} [Show all](/letters)
Letters, newest first
| Letter number | Your reference | Pseudonym | State | Decided at
| [NUMBER-5](/letters/LETTER-5) | Your reference: R-5 | Pseudonym:
    TEST-DELIVERED | State: ‹test: not delivered ~filled› | Decided at:
    @2026-11-22T10:00:00+09:00
""")
REFUSED = written("""
# Letters
GET /letters role=search
  Letter number, your reference or a pseudonym: <text words=x-y maxlength=100>
  {:search: Search} [Show all](/letters)
Letters, newest first
| Letter number | Your reference | Pseudonym | State | Decided at
| [NUMBER-4](/letters/LETTER-4) | Your reference: R-4 | Pseudonym: x-y | State:
    ‹refused ~error› | Decided at: @2026-11-22T10:00:00+09:00
""")
OPENED_LETTER = written("""
title: NUMBER-1
nav aria-label=Where you are
  - [Letters](/letters)
  - aria-current=page NUMBER-1
# Letter NUMBER-1
‹:check: opened ~success›
Your reference
  R-1
Pseudonym
  NAME-1
Consignment
  [R-1](/consignments/CONSIGNMENT-1)
## What happened to it
Accepted
  @2026-11-22T10:00:00+09:00
Put into the mailbox
  @2026-11-22T10:00:00+09:00
Alert sent
  @2026-11-22T10:30:00+09:00
Opened
  @2026-11-22T11:00:00+09:00
## Receipt
The receipt proves these times with our public log. Anybody can check it without
    us.
[:download: Download the receipt](/letters/LETTER-1/receipt)
What the letter says is sealed for its member. It cannot be shown here.
""")
DEMANDING_LETTER = written("""
title: NUMBER-2
nav aria-label=Where you are
  - [Letters](/letters)
  - aria-current=page NUMBER-2
# Letter NUMBER-2
‹:check: opened ~success›
Your reference
  R-2
Pseudonym
  NAME-1
Consignment
  [R-2](/consignments/CONSIGNMENT-2)
Who may open it
  :drawing2: Level 2 address confirmed by post
How they must have signed in
  with a passkey or a one-time code
Sender
  hidden until it opens
## What happened to it
Accepted
  @2026-11-22T10:00:00+09:00
Put into the mailbox
  @2026-11-22T10:00:00+09:00
Alert sent
  not yet
Opened
  @2026-11-22T12:00:00+09:00
## Receipt
The receipt proves these times with our public log. Anybody can check it without
    us.
[:download: Download the receipt](/letters/LETTER-2/receipt)
What the letter says is sealed for its member. It cannot be shown here.
""")
UNREAD_LETTER = written("""
title: NUMBER-3
nav aria-label=Where you are
  - [Letters](/letters)
  - aria-current=page NUMBER-3
# Letter NUMBER-3
‹in the mailbox ~info›
Your reference
  R-3
Pseudonym
  NAME-1
Consignment
  [R-3](/consignments/CONSIGNMENT-3)
How they must have signed in
  with the My Number Card
## What happened to it
Accepted
  @2026-11-22T10:00:00+09:00
Put into the mailbox
  @2026-11-22T10:00:00+09:00
Alert sent
  not yet
Opened
  not yet
## Receipt
The receipt proves these times with our public log. Anybody can check it without
    us.
[:download: Download the receipt](/letters/LETTER-3/receipt)
What the letter says is sealed for its member. It cannot be shown here.
""")
REFUSED_LETTER = written("""
title: NUMBER-4
nav aria-label=Where you are
  - [Letters](/letters)
  - aria-current=page NUMBER-4
# Letter NUMBER-4
‹refused ~error›
div role=alert ~error
  :error Error:
  This letter was refused. Nothing was delivered.
  No member who chose this sender has this pseudonym.
  Code: recipient_unknown
Your reference
  R-4
Pseudonym
  x-y
Consignment
  [R-4](/consignments/CONSIGNMENT-4)
Place
  Pseudonym
## What happened to it
Refused
  @2026-11-22T10:00:00+09:00
What the letter says is sealed for its member. It cannot be shown here.
""")
TEST_LETTER = written("""
title: NUMBER-5
nav aria-label=Where you are
  - [Letters](/letters)
  - aria-current=page NUMBER-5
# Letter NUMBER-5
‹test: not delivered ~filled›
Your reference
  R-5
Pseudonym
  TEST-DELIVERED
Consignment
  [R-5](/consignments/CONSIGNMENT-5)
## What happened to it
Accepted
  @2026-11-22T10:00:00+09:00
What the letter says is sealed for its member. It cannot be shown here.
""")


def test_a_letters_page(console: Person, named: dict[object, str], sent: list[Item]) -> None:
    Alert.objects.filter(letter_id=sent[0].letter_id).update(
        state=Alert.State.SENT, sent_at=NOW + HOUR / 2
    )
    opened, demanding, unread, refused, test = (f"/letters/{item.letter_id}" for item in sent)
    assert said(console.http, opened, named) == OPENED_LETTER
    assert said(console.http, demanding, named) == DEMANDING_LETTER
    assert said(console.http, unread, named) == UNREAD_LETTER
    assert said(console.http, refused, named) == REFUSED_LETTER
    assert said(console.http, test, named) == TEST_LETTER


NOT_READY = written("""
title: The receipt is not ready
# The receipt is not ready yet
Our public log takes this letter in within a few seconds. Then the receipt can
    be made.
[Try again](/letters/LETTER-1/receipt) [Back to the letter](/letters/LETTER-1)
Code: receipt_not_ready
""")


def test_a_receipt_that_is_not_ready(console: Person, send_letter: SendLetter) -> None:
    item = send_letter()
    at_receipt = f"/letters/{item.letter_id}/receipt"
    assert said(console.http, at_receipt, {item.letter_id: "LETTER-1"}) == NOT_READY
