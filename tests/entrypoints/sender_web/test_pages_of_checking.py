"""The console's pages of the check before sending, as wholes."""

from typing import Any
from uuid import UUID

import pytest

from mypost.intake import preview
from mypost.senders.models import Sender
from mypost.subscriptions.models import Subscription
from tests.entrypoints.outline import said, written
from tests.entrypoints.sender_web.conftest import BAD_PDF, GOOD_PDF, Person, pdf, write_letter
from tests.entrypoints.sender_web.test_handing_in import HEAD, hand_in
from tests.scanner import NO_HELP, Scanner

SAME = ("news", "tax", "KB", "bytes", "バイト", "仮名ID")
ONE_LETTER = written("""
title: Check
nav aria-label=Steps
  Step 3 of 4
  - ~done :check done: What
  - ~done :check done: Who
  - aria-current=step Check
  - Send
# Check before sending
BOSAI-1
Letters
  1
Your reference
  BOSAI-1
## Documents
Documents and what the examination says
| Name | Pages | Size | Examination
| a-1.pdf | Pages: 2 | Size: 461 bytes | Examination: ‹:check: good ~success›
| b-1.pdf | Pages: 2 | Size: 461 bytes | Examination: ‹:check: good ~success›
## As the member will see it
### 防災訓練のお知らせ lang=ja
Sender
  みなと市
Topic
  news
To be done by
  @2026-12-20
Who may open it
  :drawing3: Level 3 identity confirmed by card
How they must have signed in
  with a passkey or a one-time code
Sender
  hidden until it opens
div lang=ja
  ## 日時
  12月1日の9時です。
:document:
### a-1.pdf 2 pages・461 bytes
:document:
### b-1.pdf 2 pages・461 bytes
## Send
POST /consignments/DRAFT/send
  {:send: Send 1 letter}
[Change the recipients](/letters/new/DRAFT/recipients) [Change the
    text](/letters/new/DRAFT/text)
POST /consignments/DRAFT/discard
  {Discard it data-confirm=Discard this with all its documents? Nothing has been
      sent. ~danger}
""")
SEVERAL = written("""
title: Check
nav aria-label=Steps
  Step 3 of 4
  - ~done :check done: What
  - ~done :check done: Who
  - aria-current=step Check
  - Send
# Check before sending
BOSAI-1
div role=status ~warning
  :warning Attention:
  1 can be sent, 1 would be refused.
  You can correct them first, or send the others.
Letters
  2
Your reference
  BOSAI-1-1 … -2
## What would be refused
Letters that would be refused
| Row | Column | What stands there | Why it would be refused
| 2 | Column: Pseudonym | What stands there: ZZ-ZZ | Why it would be refused: No
    member who chose this sender has this pseudonym. recipient_unknown
## As the member will see it
### 防災訓練のお知らせ lang=ja
Sender
  みなと市
div lang=ja
  ## 日時
  12月1日の9時です。
## Send
POST /consignments/DRAFT/send
  {:send: Send 1 letter}
[Change the recipients](/letters/new/DRAFT/recipients) [Change the
    text](/letters/new/DRAFT/text)
POST /consignments/DRAFT/discard
  {Discard it data-confirm=Discard this with all its documents? Nothing has been
      sent. ~danger}
""")
NOT_SENDABLE = written("""
title: Check
nav aria-label=Steps
  Step 3 of 4
  - ~done :check done: What
  - ~done :check done: Who
  - aria-current=step Check
  - Send
# Check before sending
BOSAI-1
div role=alert ~error
  :error Error:
  No letter could be delivered as it is.
  Everything is kept. Please look at the points below.
Letters
  1
Your reference
  BOSAI-1
## What would be refused
Letters that would be refused
| Row | Column | What stands there | Why it would be refused
| 1 | Column: Pseudonym | What stands there: ZZ-ZZ | Why it would be refused: No
    member who chose this sender has this pseudonym. recipient_unknown
## As the member will see it
### 防災訓練のお知らせ lang=ja
Sender
  みなと市
div lang=ja
  ## 日時
  12月1日の9時です。
## Send
[Change the recipients](/letters/new/DRAFT/recipients) [Change the
    text](/letters/new/DRAFT/text)
POST /consignments/DRAFT/discard
  {Discard it data-confirm=Discard this with all its documents? Nothing has been
      sent. ~danger}
""")
FILE = written("""
title: Check
nav aria-label=Steps
  Step 2 of 3
  - ~done :check done: Files
  - aria-current=step Check
  - Send
# Check before sending
秋の便り
div role=status ~warning
  :warning Attention:
  1 can be sent, 2 would be refused.
  You can correct them first, or send the others.
Letters
  3
Topic
  tax
## What would be refused
Letters that would be refused
| Row | Column | What stands there | Why it would be refused
| 2 | Column: 件名 | What stands there: — | Why it would be refused: This field
    is required. subject_missing
| 3 | Column: 仮名ID | What stands there: ZZ-ZZ | Why it would be refused: No
    member who chose this sender has this pseudonym. recipient_unknown
Rows are counted from the first one below the head row.
## Documents
Documents and what the examination says
| Name | Pages | Size | Examination
| a-1.pdf | Pages: 2 | Size: 461 bytes | Examination: ‹:check: good ~success›
| b-1.pdf | Pages: — | Size: 15 bytes | Examination: The file is not a PDF: it
    does not begin as one. document_invalid
## Columns as we understand them
Columns of your file
| In your file | Taken for
| 仮名ID | Pseudonym
| 整理番号 | Your reference
| 件名 | Subject
| 本文 | Text
| 書類 | Documents
## The first letters, as their members will see them
details open
  ▸ 1. NAME-1 A-1
  ### 件名 lang=ja
  Sender
    みなと市
  Topic
    tax
  Who may open it
    :drawing2: Level 2 address confirmed by post
  div lang=ja
    本文
  :document:
  ### a-1.pdf 2 pages・461 bytes
▸ 3. ZZ-ZZ A-3 ‹would be refused ~error›
### 件名 lang=ja
Sender
  みなと市
:document:
### b-1.pdf 15 bytes
## Send
POST /consignments/DRAFT/send
  {:send: Send 1 letter}
POST /consignments/DRAFT/discard
  {Discard it data-confirm=Discard this with all its documents? Nothing has been
      sent. ~danger}
## Replace or add files
A file of letters replaces the one that is here. A document replaces the one of
    the same name.
POST /consignments/DRAFT/files enctype=multipart/form-data
  CSV with a head row, or NDJSON. Columns: recipient (仮名ID), reference
      (整理番号), subject (件名), body (本文), documents (書類), due (期限) …
  div data-file-upload
    File of letters: <file items accept=.csv,.ndjson,.jsonl,text/csv
        describedby>
  PDF, up to 20 MB each. The file of letters names them.
  div data-file-upload
    Documents: <file documents accept=.pdf,application/pdf multiple describedby>
  {:upload: Hand in these files}
""")


def test_the_check_of_a_letter(console: Person, chosen: Subscription) -> None:
    demands = {"required_assurance": "3", "required_aal": "2", "confidential": "on"}
    papers = [pdf("a-1.pdf"), pdf("b-1.pdf")]
    more: dict[str, Any] = {**demands, "due": "2026-12-20", "documents": papers}
    draft = write_letter(console, chosen.pseudonym, **more)
    named: dict[object, str] = {draft: "DRAFT", chosen.pseudonym: "NAME-1"}
    at_check = f"/consignments/{draft}/check"
    assert said(console.http, at_check, named, same=SAME) == ONE_LETTER


def test_the_check_of_a_letter_to_several(console: Person, chosen: Subscription) -> None:
    draft = write_letter(console, chosen.pseudonym, "ZZ-ZZ", topic="")
    named: dict[object, str] = {draft: "DRAFT", chosen.pseudonym: "NAME-1"}
    assert said(console.http, f"/consignments/{draft}/check", named) == SEVERAL


def test_the_check_of_what_reaches_nobody(console: Person, city: Sender) -> None:
    draft = write_letter(console, "ZZ-ZZ", topic="")
    assert said(console.http, f"/consignments/{draft}/check", {draft: "DRAFT"}) == NOT_SENDABLE


def a_file(console: Person, chosen: Subscription) -> UUID:
    rows = [
        f"{chosen.pseudonym},A-1,件名,**本文**,a-1.pdf",
        "ZZ-ZZ,A-2,,,",
        "ZZ-ZZ,A-3,件名,,b-1.pdf",
    ]
    papers = [pdf("a-1.pdf", GOOD_PDF), pdf("b-1.pdf", BAD_PDF)]
    return hand_in(console, "\n".join([HEAD, *rows]), topic="tax", documents=papers)


def test_the_check_of_a_file(console: Person, chosen: Subscription) -> None:
    consignment = a_file(console, chosen)
    named: dict[object, str] = {consignment: "DRAFT", chosen.pseudonym: "NAME-1"}
    at_check = f"/consignments/{consignment}/check"
    assert said(console.http, at_check, named, same=SAME) == FILE


def test_the_check_of_more_than_is_checked_or_told(
    console: Person, chosen: Subscription, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "MOST_CHECKED", 3)
    monkeypatch.setattr(preview, "MOST_TROUBLES", 1)
    rows = "ZZ-ZZ,A-1,s\n" * 3 + f"{chosen.pseudonym},A-4,s\n"
    consignment = hand_in(console, f"recipient,reference,subject\n{rows}")
    console.http.cookies["mypost_language"] = "en"
    page = console.get(f"/consignments/{consignment}/check")
    assert "The first 3 of 4 letters were checked." in page
    assert "The first 1 of 3 are shown." in page


TRY_AGAIN = written("""
title: Please try again
# Documents cannot be examined right now
What you handed in is kept. Please try again in a minute.
[Try again](/consignments/DRAFT/check)
Code: antivirus_unavailable
""")


def test_documents_that_cannot_be_examined_now(
    console: Person, chosen: Subscription, scanner: Scanner
) -> None:
    consignment = a_file(console, chosen)
    scanner.is_no_help(NO_HELP[0])
    at_check = f"/consignments/{consignment}/check"
    assert said(console.http, at_check, {consignment: "DRAFT"}) == TRY_AGAIN
