"""The console's pages on the way to sending, as wholes: what it says, who gets it."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest

from mypost.entrypoints.sender_web import writing
from mypost.senders.models import Sender
from mypost.subscriptions.models import Subscription
from tests.conftest import NOW
from tests.entrypoints.outline import said, written
from tests.entrypoints.sender_web.conftest import (
    BAD_PDF,
    Person,
    id_in,
    pdf,
    words,
    write_letter,
)
from tests.entrypoints.sender_web.test_members import let_choose

TOPICS = ("news", "tax")
UNITS = ("KB", "bytes", "バイト")
NEW_LETTER = written("""
nav aria-label=Steps
  Step 1 of 4
  - aria-current=step What
  - Who
  - Check
  - Send
# What the letter says
POST /letters/new enctype=multipart/form-data
  Members see this line in their list. At most 120 characters.
  Subject ※required: <text subject required describedby>
  At most 10,000 characters. Markdown: ## heading, - list, **bold**,
      [words](https://…).
  Text ※optional: <textarea body maxlength=10000 describedby>
  PDF, up to 20 MB each. You may choose several.
  div data-file-upload
    Documents ※optional: <file documents accept=.pdf,application/pdf multiple
        describedby>
  Members who declined a topic do not get its letters.
  Topic ※optional: <select topic describedby “no topic= selected; news=news;
      tax=tax;”>
  Members see the letter in their list of due dates.
  Due date ※optional: <date due describedby>
  Who may open it ※required: <select required_assurance “everybody who chose
      us=0 selected; level 1: who declared name and address=1; level 2: whose
      address was confirmed by post=2; level 3: whose identity was confirmed by
      card=3;”>
  Whoever signed in more simply confirms once more before the letter opens.
  How they must have signed in ※required: <select required_aal describedby “any
      sign-in=1 selected; with a passkey or a one-time code=2; with the My
      Number Card=3;”>
  Hide us as its sender until it opens: <checkbox confidential describedby>
  Lists and mails then say only that a letter waits.
  Language of the letter ※required: <select language “Japanese=ja selected;
      English=en;”>
  Your own number for this letter. It must be new. With several recipients it
      gets -1, -2 … behind it.
  Your reference ※required: <text reference=20261122-100000 maxlength=90
      required describedby>
  {Next: who gets it next=1}
""")
WRITTEN = written("""
nav aria-label=Steps
  Step 1 of 4
  - aria-current=step What
  - Who
  - Check
  - Send
# What the letter says
POST /letters/new/DRAFT/text enctype=multipart/form-data
  Members see this line in their list. At most 120 characters.
  Subject ※required: <text subject=防災訓練のお知らせ required describedby>
  At most 10,000 characters. Markdown: ## heading, - list, **bold**,
      [words](https://…).
  Text ※optional: <textarea body maxlength=10000 describedby “## 日時
      12月1日の**9時**です。”>
  Documents of this letter
  Documents of this letter
  | Name | Size | Remove
  | a-1.pdf | Size: 461 bytes | {Remove : a-1.pdf remove=a-1.pdf}
  | b-1.pdf | Size: 461 bytes | {Remove : b-1.pdf remove=b-1.pdf}
  PDF, up to 20 MB each. You may choose several.
  div data-file-upload
    Documents ※optional: <file documents accept=.pdf,application/pdf multiple
        describedby>
  Members who declined a topic do not get its letters.
  Topic ※optional: <select topic describedby “no topic=; news=news selected;
      tax=tax;”>
  Members see the letter in their list of due dates.
  Due date ※optional: <date due=2026-12-20 describedby>
  Who may open it ※required: <select required_assurance “everybody who chose
      us=0; level 1: who declared name and address=1; level 2: whose address was
      confirmed by post=2 selected; level 3: whose identity was confirmed by
      card=3;”>
  Whoever signed in more simply confirms once more before the letter opens.
  How they must have signed in ※required: <select required_aal describedby “any
      sign-in=1; with a passkey or a one-time code=2; with the My Number Card=3
      selected;”>
  Hide us as its sender until it opens: <checkbox confidential describedby
      checked>
  Lists and mails then say only that a letter waits.
  Language of the letter ※required: <select language “Japanese=ja; English=en
      selected;”>
  Your own number for this letter. It must be new. With several recipients it
      gets -1, -2 … behind it.
  Your reference ※required: <text reference=BOSAI-1 maxlength=90 required
      describedby>
  {Next: who gets it next=1}
POST /consignments/DRAFT/discard
  {Discard it data-confirm=Discard this with all its documents? Nothing has been
      sent. ~danger}
""")
WRONG = written("""
nav aria-label=Steps
  Step 1 of 4
  - aria-current=step What
  - Who
  - Check
  - Send
# What the letter says
POST /letters/new/DRAFT/text enctype=multipart/form-data
  div role=alert data-focus-first ~error
    :error Error:
    Please look at these points again. What you typed is still here.
    - [Subject](#id_subject): This field is required.
    - [Documents](#id_documents): -bad.pdf: The file is not a PDF: it does not
        begin as one. [document_invalid]
    - [Due date](#id_due): Enter a valid date.
  Members see this line in their list. At most 120 characters.
  Subject ※required: <text subject required aria-invalid=true describedby>
  - This field is required.
  At most 10,000 characters. Markdown: ## heading, - list, **bold**,
      [words](https://…).
  Text ※optional: <textarea body maxlength=10000 describedby “## 日時
      12月1日の**9時**です。”>
  PDF, up to 20 MB each. You may choose several.
  div data-file-upload
    Documents ※optional: <file documents accept=.pdf,application/pdf multiple
        aria-invalid=true describedby>
  - -bad.pdf: The file is not a PDF: it does not begin as one.
      [document_invalid]
  Members who declined a topic do not get its letters.
  Topic ※optional: <select topic describedby “no topic=; news=news selected;
      tax=tax;”>
  Members see the letter in their list of due dates.
  Due date ※optional: <date due=2026-02-30 aria-invalid=true describedby>
  - Enter a valid date.
  Who may open it ※required: <select required_assurance “everybody who chose
      us=0 selected; level 1: who declared name and address=1; level 2: whose
      address was confirmed by post=2; level 3: whose identity was confirmed by
      card=3;”>
  Whoever signed in more simply confirms once more before the letter opens.
  How they must have signed in ※required: <select required_aal describedby “any
      sign-in=1 selected; with a passkey or a one-time code=2; with the My
      Number Card=3;”>
  Hide us as its sender until it opens: <checkbox confidential describedby>
  Lists and mails then say only that a letter waits.
  Language of the letter ※required: <select language “Japanese=ja selected;
      English=en;”>
  Your own number for this letter. It must be new. With several recipients it
      gets -1, -2 … behind it.
  Your reference ※required: <text reference=BOSAI-1 maxlength=90 required
      describedby>
  {Next: who gets it next=1}
POST /consignments/DRAFT/discard
  {Discard it data-confirm=Discard this with all its documents? Nothing has been
      sent. ~danger}
""")


def test_what_a_letter_says(
    console: Person, chosen: Subscription, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "now", lambda: NOW)
    assert said(console.http, "/letters/new", same=TOPICS) == NEW_LETTER
    monkeypatch.undo()
    demands = {"required_assurance": "2", "required_aal": "3", "confidential": "on"}
    more: dict[str, Any] = {**demands, "due": "2026-12-20", "language": "en"}
    draft = write_letter(
        console, chosen.pseudonym, documents=[pdf("a-1.pdf"), pdf("b-1.pdf")], **more
    )
    at_text = f"/letters/new/{draft}/text"
    named: dict[object, str] = {draft: "DRAFT"}
    assert said(console.http, at_text, named, same=(*TOPICS, *UNITS)) == WRITTEN


def test_what_is_wrong_with_it(console: Person, draft: UUID) -> None:
    def wrong() -> Any:
        typed = words(subject="", due="2026-02-30", documents=pdf("-bad.pdf", BAD_PDF))
        return console.post(f"/letters/new/{draft}/text", **typed)

    assert said(console.http, wrong, {draft: "DRAFT"}, same=TOPICS) == WRONG


NOBODY = written("""
nav aria-label=Steps
  Step 2 of 4
  - ~done :check done: What
  - aria-current=step Who
  - Check
  - Send
# Who gets the letter
POST /letters/new/DRAFT/recipients
  { find=1 hidden}
  At most 1,000. For more, hand in a file as a consignment.
  Pseudonyms, one a line: <textarea recipients spellcheck=false autocomplete=off
      describedby>
  {Next: check check=1} [Back to the text](/letters/new/DRAFT/text)
  ## Or choose from the members who chose you
  Part of a pseudonym: <text words maxlength=24>
  <hidden after>
  {:search: Search find=1}
  Nobody has chosen you yet.
  Members find you in their list of senders.
POST /consignments/DRAFT/discard
  {Discard it data-confirm=Discard this with all its documents? Nothing has been
      sent. ~danger}
""")
MEMBERS = written("""
nav aria-label=Steps
  Step 2 of 4
  - ~done :check done: What
  - aria-current=step Who
  - Check
  - Send
# Who gets the letter
POST /letters/new/DRAFT/recipients
  { find=1 hidden}
  At most 1,000. For more, hand in a file as a consignment.
  Pseudonyms, one a line: <textarea recipients spellcheck=false autocomplete=off
      describedby “NAME-2”>
  {Next: check check=1} [Back to the text](/letters/new/DRAFT/text)
  ## Or choose from the members who chose you
  Part of a pseudonym: <text words maxlength=24>
  <hidden after=NAME-1>
  {:search: Search find=1}
  Members who chose you
  | Pseudonym | Since
  | NAME-2 ‹:check: chosen ~success› | Since: @2026-11-22
  | NAME-3: <checkbox ticked=NAME-3> | Since: @2026-11-22
  {:plus: Add the ticked ones add=1} {Next page next=NAME-3} {First page
      first=1}
POST /consignments/DRAFT/discard
  {Discard it data-confirm=Discard this with all its documents? Nothing has been
      sent. ~danger}
""")
NO_RECIPIENT = written("""
nav aria-label=Steps
  Step 2 of 4
  - ~done :check done: What
  - aria-current=step Who
  - Check
  - Send
# Who gets the letter
POST /letters/new/DRAFT/recipients
  { find=1 hidden}
  div role=alert data-focus-first ~error
    :error Error:
    Please look at these points again. What you typed is still here.
    - [Pseudonyms, one a line](#id_recipients): Choose at least one member.
  At most 1,000. For more, hand in a file as a consignment.
  Pseudonyms, one a line: <textarea recipients spellcheck=false autocomplete=off
      aria-invalid=true describedby>
  - Choose at least one member.
  {Next: check check=1} [Back to the text](/letters/new/DRAFT/text)
  ## Or choose from the members who chose you
  Part of a pseudonym: <text words maxlength=24>
  <hidden after>
  {:search: Search find=1}
  Members who chose you
  | Pseudonym | Since
  | NAME-1: <checkbox ticked=NAME-1> | Since: @2026-11-22
  | NAME-2 ‹:check: chosen ~success› | Since: @2026-11-22
  | NAME-3: <checkbox ticked=NAME-3> | Since: @2026-11-22
  | NAME-4: <checkbox ticked=NAME-4> | Since: @2026-11-22
  {:plus: Add the ticked ones add=1}
POST /consignments/DRAFT/discard
  {Discard it data-confirm=Discard this with all its documents? Nothing has been
      sent. ~danger}
""")
NOT_FOUND = written("""
nav aria-label=Steps
  Step 2 of 4
  - ~done :check done: What
  - aria-current=step Who
  - Check
  - Send
# Who gets the letter
POST /letters/new/DRAFT/recipients
  { find=1 hidden}
  At most 1,000. For more, hand in a file as a consignment.
  Pseudonyms, one a line: <textarea recipients spellcheck=false autocomplete=off
      describedby “NAME-2”>
  {Next: check check=1} [Back to the text](/letters/new/DRAFT/text)
  ## Or choose from the members who chose you
  Part of a pseudonym: <text words=uu- maxlength=24>
  <hidden after>
  {:search: Search find=1}
  No pseudonym holds these characters.
POST /consignments/DRAFT/discard
  {Discard it data-confirm=Discard this with all its documents? Nothing has been
      sent. ~danger}
""")


def test_who_gets_it(console: Person, city: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "ON_A_PAGE", 2)
    draft = id_in(console.posted("/letters/new", **words()))
    at_recipients = f"/letters/new/{draft}/recipients"
    named: dict[object, str] = {draft: "DRAFT"}
    assert said(console.http, at_recipients, named) == NOBODY
    let_choose(city, 4)
    names = sorted(Subscription.objects.values_list("pseudonym", flat=True))
    named |= {name: f"NAME-{n}" for n, name in enumerate(names, start=1)}
    console.posted(at_recipients, recipients=names[1], find="1")
    assert said(console.http, f"{at_recipients}?after={names[0]}", named) == MEMBERS
    assert said(console.http, f"{at_recipients}?words=uu-", named) == NOT_FOUND  # no U in Crockford
    nobody = {"recipients": "", "check": "1"}
    monkeypatch.setattr(writing, "ON_A_PAGE", 9)
    checked = partial(console.post, at_recipients, **nobody)
    assert said(console.http, checked, named) == NO_RECIPIENT
