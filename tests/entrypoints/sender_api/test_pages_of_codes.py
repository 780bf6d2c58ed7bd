"""The pages about codes, as wholes: what happened, and what to do."""

import pytest
from django.test import Client

from tests.entrypoints.outline import said, written

SAME = ("/", ":", "_", "API", "v1", "UUID", "UTF-8", "RateLimit", "Retry-After", "TEST")
PROBLEM = written("""
nav aria-label=Where you are
  - [Sender API](/api/v1/docs)
  - [Codes](/api/v1/problems)
  - aria-current=page rate_limited
# rate_limited
## As the answer to a request
Status
  429
What happened
  Too many requests; this one has cost nothing.
What to do
  Wait as long as Retry-After says. The header RateLimit tells how many are
      left.
Retry-After
  1 second
[All codes](/api/v1/problems)
""")
OF_BOTH = written("""
nav aria-label=Where you are
  - [Sender API](/api/v1/docs)
  - [Codes](/api/v1/problems)
  - aria-current=page subject_missing
# subject_missing
## As the verdict on an item
What happened
  The letter has no subject.
What to do
  Give the letter a subject of at most 120 characters.
## As the answer to a request
Status
  422
What happened
  The letter has no subject.
What to do
  Give the letter a subject of at most 120 characters.
[All codes](/api/v1/problems)
""")
COLUMN = written("""
nav aria-label=Where you are
  - [Sender API](/api/v1/docs)
  - [Codes](/api/v1/problems)
  - aria-current=page column_missing
# column_missing
## As an error of items_invalid
What happened
  This column is required.
What to do
  Every file has at least the columns recipient and reference.
[All codes](/api/v1/problems)
""")


@pytest.fixture
def reader(db: None) -> Client:
    """A browser of its own: it keeps the language that it has chosen."""
    return Client()


def test_a_code_has_a_page_that_says_what_to_do(reader: Client) -> None:
    at = "/api/v1/problems"
    assert said(reader, f"{at}/rate_limited", same=SAME) == PROBLEM
    assert said(reader, f"{at}/subject_missing", same=SAME) == OF_BOTH
    assert said(reader, f"{at}/column_missing", same=SAME) == COLUMN


FRAME = written("""
title: Codes
[:mark: MyPost Sender API](/api/v1/docs)
POST /language
  <hidden next=/api/v1/problems> {:language: 日本語 language=ja lang=ja}
[Calls](/api/v1/docs)[Codes](/api/v1/problems)
""")
CODES = written("""
nav aria-label=Where you are
  - [Sender API](/api/v1/docs)
  - aria-current=page Codes
# Codes
What each code means, and what to do. A code never changes its meaning.
## Why an item is refused
These stand in verdicts and results. The request itself has succeeded: the item
    is decided, and this is its answer.
| Code | What happened | What to do
| [recipient_unknown](/api/v1/problems/recipient_unknown) | What happened: No
    member who chose this sender has this pseudonym. | What to do: The pseudonym
    is mistyped, or the member has left, or never chose you: we never say which.
    Send this one on paper.
| [topic_declined](/api/v1/problems/topic_declined) | What happened: The member
    does not want this topic. | What to do: Respect the member's choice. What
    must arrive goes on paper.
| [assurance_too_low](/api/v1/problems/assurance_too_low) | What happened: The
    member's identity is not proved well enough for this letter. | What to do:
    The letter, its topic or your contract demands a higher level. The member
    can raise theirs; until then send this one on paper.
| [reference_repeated](/api/v1/problems/reference_repeated) | What happened: A
    letter with this reference was accepted before. | What to do: If this is the
    same letter, it has arrived before. If it is another one, give it a
    reference of its own.
| [document_missing](/api/v1/problems/document_missing) | What happened: No
    document of this name was handed in. | What to do: Hand in the document
    under exactly the name that the letter gives it, or correct the name.
| [document_invalid](/api/v1/problems/document_invalid) | What happened: The
    document is not a readable PDF. | What to do: Make the PDF anew. The detail
    says what readers stumbled over.
| [document_too_large](/api/v1/problems/document_too_large) | What happened: The
    document is larger than allowed. | What to do: Make the PDF smaller, for
    instance its pictures, or divide it.
| [document_active_content](/api/v1/problems/document_active_content) | What
    happened: The document has active content. | What to do: Make the PDF
    without scripts, films, attachments and links into files; print it into a
    new PDF.
| [document_encrypted](/api/v1/problems/document_encrypted) | What happened: The
    document is encrypted. | What to do: Save the PDF without a password. We
    seal it for the member.
| [document_infected](/api/v1/problems/document_infected) | What happened: The
    document holds a known virus. | What to do: Check the computer that made the
    document, then make it anew.
| [contains_my_number](/api/v1/problems/contains_my_number) | What happened: The
    letter contains a My Number, which may not be kept here. | What to do: Take
    the twelve digits out. One in ten other twelve-digit numbers looks the same:
    write such a number in other groups.
| [subject_missing](/api/v1/problems/subject_missing) | What happened: The
    letter has no subject. | What to do: Give the letter a subject of at most
    120 characters.
| [field_invalid](/api/v1/problems/field_invalid) | What happened: A field is
    missing or wrong. | What to do: The result names the field and what is wrong
    with it.
| [mailbox_full](/api/v1/problems/mailbox_full) | What happened: The member's
    mailbox is full. | What to do: Send this one on paper, or again later.
| [sender_suspended](/api/v1/problems/sender_suspended) | What happened: The
    sender's contract is not in force. | What to do: Ask the operator about your
    contract. What was delivered before stays delivered.
## Why a request failed
These come with an HTTP status of 400 and more, and nothing was done.
| Code | Status | What happened | What to do
| [body_unreadable](/api/v1/problems/body_unreadable) | Status: 400 | What
    happened: The body of the request cannot be read. | What to do: Send JSON in
    UTF-8 that is complete, or multipart/form-data whose boundary is right.
| [unauthorized](/api/v1/problems/unauthorized) | Status: 401 | What happened:
    The API key is missing, unknown, expired or revoked. | What to do: Send
    “Authorization: Bearer” with a key that the console lists as usable, from an
    address that the key allows.
| [scope_missing](/api/v1/problems/scope_missing) | Status: 403 | What happened:
    The key may not do this. | What to do: Make a key that has the scope of this
    call. The scope stands beside each call.
| [sender_suspended](/api/v1/problems/sender_suspended) | Status: 403 | What
    happened: The sender's contract is not in force. | What to do: Ask the
    operator about your contract. What was delivered before stays delivered.
| [not_found](/api/v1/problems/not_found) | Status: 404 | What happened: There
    is no such thing here. | What to do: Compare the address with the list of
    calls.
| [letter_not_found](/api/v1/problems/letter_not_found) | Status: 404 | What
    happened: There is no such letter. | What to do: Check the identifier, and
    which key you use: a test key sees tests alone, a live key sees what is
    live.
| [consignment_not_found](/api/v1/problems/consignment_not_found) | Status: 404
    | What happened: There is no such consignment. | What to do: Check the
    identifier, and which key you use: a test key sees tests alone, a live key
    sees what is live.
| [receipt_absent](/api/v1/problems/receipt_absent) | Status: 404 | What
    happened: There is no receipt of a test. | What to do: A test leaves no
    evidence. Ask for the receipt of a live letter.
| [method_not_allowed](/api/v1/problems/method_not_allowed) | Status: 405 | What
    happened: This address does not take this method. | What to do: The header
    Allow names the methods that it takes.
| [consignment_closed](/api/v1/problems/consignment_closed) | Status: 409 | What
    happened: The consignment was submitted and takes no more. | What to do:
    Open another consignment for what is still to be sent.
| [items_missing](/api/v1/problems/items_missing) | Status: 409 | What happened:
    The consignment has no items yet. | What to do: Put the file of items in,
    then submit.
| [request_too_large](/api/v1/problems/request_too_large) | Status: 413 | What
    happened: The request is larger than allowed. | What to do: Put large
    documents into a consignment, one request each.
| [document_too_large](/api/v1/problems/document_too_large) | Status: 413 | What
    happened: The document is larger than allowed. | What to do: Make the PDF
    smaller, for instance its pictures, or divide it.
| [media_type_unsupported](/api/v1/problems/media_type_unsupported) | Status:
    415 | What happened: This media type is not taken here. | What to do: Send
    the header Content-Type that the call names.
| [digest_mismatch](/api/v1/problems/digest_mismatch) | Status: 422 | What
    happened: The bytes that arrived are not those that were sent. | What to do:
    Send them again. Nothing was kept.
| [field_invalid](/api/v1/problems/field_invalid) | Status: 422 | What happened:
    A field is missing or wrong. | What to do: The list errors names each field
    with its place and what is wrong there.
| [subject_missing](/api/v1/problems/subject_missing) | Status: 422 | What
    happened: The letter has no subject. | What to do: Give the letter a subject
    of at most 120 characters.
| [items_invalid](/api/v1/problems/items_invalid) | Status: 422 | What happened:
    The file of items cannot be read. | What to do: The detail and the list
    errors say what is wrong with the file or its head row.
| [topic_unknown](/api/v1/problems/topic_unknown) | Status: 422 | What happened:
    The sender has no such topic. | What to do: Use a topic's short name as the
    console shows it.
| [idempotency_key_reused](/api/v1/problems/idempotency_key_reused) | Status:
    422 | What happened: The idempotency key was used for another request. |
    What to do: Use a new key for a new request, and the same key only to repeat
    one.
| [rate_limited](/api/v1/problems/rate_limited) | Status: 429 | What happened:
    Too many requests; this one has cost nothing. | What to do: Wait as long as
    Retry-After says. The header RateLimit tells how many are left.
| [internal_error](/api/v1/problems/internal_error) | Status: 500 | What
    happened: Something failed on our side. | What to do: Send the same request
    again with the same idempotency key. If it stays, write to us.
| [receipt_not_ready](/api/v1/problems/receipt_not_ready) | Status: 503 | What
    happened: The log has not taken this letter in yet. | What to do: Ask again
    in a few seconds, as Retry-After says.
| [unavailable](/api/v1/problems/unavailable) | Status: 503 | What happened: The
    service cannot answer right now. | What to do: Send the same request again a
    little later, with the same idempotency key.
| [examiner_unavailable](/api/v1/problems/examiner_unavailable) | Status: 503 |
    What happened: Documents cannot be examined right now. | What to do: Send
    the same request again a little later, with the same idempotency key.
| [antivirus_unavailable](/api/v1/problems/antivirus_unavailable) | Status: 503
    | What happened: Documents cannot be examined right now. | What to do: Send
    the same request again a little later, with the same idempotency key.
## What is wrong with a head row
These stand in the errors of items_invalid, each with its column.
| Code | What happened | What to do
| [column_unknown](/api/v1/problems/column_unknown) | What happened: There is no
    such column. | What to do: Name the column as one of the fields of a letter,
    or take it out.
| [column_missing](/api/v1/problems/column_missing) | What happened: This column
    is required. | What to do: Every file has at least the columns recipient and
    reference.
| [column_repeated](/api/v1/problems/column_repeated) | What happened: This
    column stands there twice. | What to do: Take one of the two out; an English
    and a Japanese name may mean the same field.
""")


def test_the_list_of_codes(reader: Client) -> None:
    assert said(reader, "/api/v1/problems", within="header", same=SAME) == FRAME
    assert said(reader, "/api/v1/problems", same=SAME) == CODES
