"""The reference of the API, as a page: the guide, and three of its calls."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.test import Client

from tests.entrypoints.outline import said, written
from tests.entrypoints.sender_api.test_pages_of_codes import SAME, reader

__all__ = ["reader"]  # fixture
WORDS = (
    *SAME,
    "PUT",
    "GET",
    "POST",
    "DocumentTaken",
    "NewConsignment",
    "ConsignmentState",
    "open |",
    "ItemPage",
    "ItemResult",
    "consigned |",
)
CONTENTS = written("""
title: Sender API
Guide
- [First steps](#start)
- [Keys](#keys)
- [Sending again](#again)
- [Errors](#errors)
- [Pages and limits](#pages)
Letters
- [Submit one letter](#submit_letter)
- [A letter's state and times](#letter_state)
- [The receipt of a letter](#letter_receipt)
Consignments
- [Open a consignment](#open_consignment)
- [Put in one document](#put_document)
- [Put in the addressees](#put_items)
- [Submit the consignment](#submit)
- [The ledger of a consignment](#consignment_state)
- [The result of each item](#consignment_items)
Events
- [The event feed](#events)
""")
GUIDE = written("""
## First steps
Make a test key in the console, under Developers, and put it in place of
    mp_test_… here. A test key runs everything and delivers nothing.
JSON is in UTF-8, times are RFC 3339 in UTC, identifiers are UUIDv7, and unknown
    fields are refused. [The same description for programs (OpenAPI
    3.1)](/api/v1/openapi.json)
export MYPOST_KEY=mp_test_… curl -H "Authorization: Bearer $MYPOST_KEY" \\ -F
    'letter={"recipient": "TEST-DELIVERED", "reference": "first", "subject":
    "お知らせ"}' \\ http://localhost:8001/api/v1/letters
{:copy: ‹Copy aria-live=polite› type=button data-copy=#first-letter
    data-copied=Copied hidden}
## Keys
Every call carries the header Authorization with “Bearer” and a key. A key
    belongs to one sender. It has scopes, and may have an end and a list of
    addresses from which alone it works. It is shown once.
mp_live_…
  Delivers. It sees what is live.
mp_test_…
  Runs everything and delivers nothing: no letter, no evidence, no mail. It sees
      tests alone.
TEST-DELIVERED…
  A recipient for test keys whose letter is accepted.
TEST-REFUSED-TOPIC_DECLINED
  A recipient for test keys whose letter is refused with the code that follows.
      [All codes](/api/v1/problems#refusals)
## Sending again
Every call that creates something takes the header Idempotency-Key with 1 to 255
    visible ASCII characters of your choice. When an answer got lost, send the
    same request with the same key: you get the same status and the identical
    body again, and nothing happens twice, not even when fifty arrive at once.
    The same key with another request is refused. A request that was refused
    leaves its key free. Answers are kept for 30 days.
## Errors
Whatever goes wrong is told as a problem document (RFC 9457) in Japanese or
    English, as Accept-Language asks. Its code never changes; errors names each
    wrong field with a pointer. After 429 and 503 the header Retry-After says
    how many seconds to wait. What belongs to another sender is answered like
    what does not exist. [All codes](/api/v1/problems)
{ "type": "/api/v1/problems/field_invalid", "code": "field_invalid", "status":
    422, "title": "A field is missing or wrong.", "detail": "A field is missing
    or wrong.", "instance": "/api/v1/letters", "errors": [ { "pointer":
    "/subject", "code": "field_invalid", "detail": "At most 120 characters are
    allowed." } ] }
{:copy: ‹Copy aria-live=polite› type=button data-copy=#a-problem
    data-copied=Copied hidden}
## Pages and limits
Lists come in pages of at most 1,000. Pass next on as after. A key may make
    1,000 calls at once, and 200 a second. Every answer tells in the header
    RateLimit how many are left; a call beyond the limit is answered with 429
    and has cost nothing.
""")
PUT_DOCUMENT = written("""
### Put in one document
‹PUT ~filled› /api/v1/consignments/{consignment_id}/documents/{name} Scope
    letters:write
One PDF. The same name again replaces it. The header Repr-Digest with sha-256 is
    checked when it is sent.
curl -H "Authorization: Bearer $MYPOST_KEY" \\ -H "Content-Type: application/pdf"
    -T notice.pdf \\
    http://localhost:8001/api/v1/consignments/019a0b0c-7d3e-7f00-8000-2a5d9c31e7f4/documents/notice.pdf
{:copy: ‹Copy aria-live=polite› type=button data-copy=#put_document-sample
    data-copied=Copied hidden}
#### Parameters
| Name | What it takes | What it is
| consignment_id ‹required ~info› | UUID | The consignment's identifier.
| name ‹required ~info› | text | The document's name, as items will ask for it.
| Repr-Digest | text | The digest of the bytes you mean to send.
#### Body application/pdf
▸ Answer 200 application/json
DocumentTaken
| Name | What it takes | What it is
| name | text | The name by which items ask for it.
| size | whole number | Its size in bytes.
#### Problems
- [401 unauthorized](/api/v1/problems/unauthorized)
- [403 scope_missing](/api/v1/problems/scope_missing)
- [404 consignment_not_found](/api/v1/problems/consignment_not_found)
- [409 consignment_closed](/api/v1/problems/consignment_closed)
- [413 document_too_large](/api/v1/problems/document_too_large)
- [415 media_type_unsupported](/api/v1/problems/media_type_unsupported)
- [422 digest_mismatch](/api/v1/problems/digest_mismatch)
- [422 field_invalid](/api/v1/problems/field_invalid)
- [429 rate_limited](/api/v1/problems/rate_limited)
- [500 internal_error](/api/v1/problems/internal_error)
- [503 unavailable](/api/v1/problems/unavailable)
""")
OPENING = written("""
### Open a consignment
‹POST ~filled› /api/v1/consignments Scope letters:write
A consignment takes documents and items until it is submitted.
curl -H "Authorization: Bearer $MYPOST_KEY" \\ -H "Idempotency-Key: tax-2026" \\
    --json '{"reference": "tax-2026", "topic": "tax"}' \\
    http://localhost:8001/api/v1/consignments
{:copy: ‹Copy aria-live=polite› type=button data-copy=#open_consignment-sample
    data-copied=Copied hidden}
#### Parameters
| Name | What it takes | What it is
| Idempotency-Key | text | Makes it safe to send the same request again.
#### Body application/json
NewConsignment
| Name | What it takes | What it is
| reference ‹required ~info› | text, at most 100 characters | Your own name for
    the consignment.
| topic | text, at most 50 characters | The topic of every item that names none
    itself.
▸ Answer 201 application/json
ConsignmentState
| Name | What it takes | What it is
| id | UUID | The consignment's identifier.
| reference | text | Your own name for the consignment.
| state | open | submitted | delivering | completed | Open for documents and
    items, submitted, being delivered, or completed.
| live | true or false | False for a test.
| submitted | whole number | All items: the sum of the next four, always.
| in_mailbox | whole number | Items delivered to a mailbox.
| on_paper | whole number | Items that go by paper.
| refused | whole number | Items refused, each with a code.
| pending | whole number | Items not decided yet.
| recalled | whole number | Delivered letters that you took back.
| opened | whole number | Delivered letters that were opened.
#### Problems
- [400 body_unreadable](/api/v1/problems/body_unreadable)
- [401 unauthorized](/api/v1/problems/unauthorized)
- [403 scope_missing](/api/v1/problems/scope_missing)
- [403 sender_suspended](/api/v1/problems/sender_suspended)
- [413 request_too_large](/api/v1/problems/request_too_large)
- [415 media_type_unsupported](/api/v1/problems/media_type_unsupported)
- [422 field_invalid](/api/v1/problems/field_invalid)
- [422 topic_unknown](/api/v1/problems/topic_unknown)
- [422 idempotency_key_reused](/api/v1/problems/idempotency_key_reused)
- [429 rate_limited](/api/v1/problems/rate_limited)
- [500 internal_error](/api/v1/problems/internal_error)
- [503 unavailable](/api/v1/problems/unavailable)
""")
ITEMS = written("""
### The result of each item
‹GET ~filled› /api/v1/consignments/{consignment_id}/items Scope letters:read
Pages in the order of your file; or, with “Accept: text/csv”, all at once in
    your own columns, followed by result, code and letter_id. What is sealed
    stays empty. Read it once the consignment is completed.
curl -H "Authorization: Bearer $MYPOST_KEY" \\ -H "Accept: text/csv" \\
    http://localhost:8001/api/v1/consignments/019a0b0c-7d3e-7f00-8000-2a5d9c31e7f4/items
{:copy: ‹Copy aria-live=polite› type=button data-copy=#consignment_items-sample
    data-copied=Copied hidden}
#### Parameters
| Name | What it takes | What it is
| consignment_id ‹required ~info› | UUID | The consignment's identifier.
| after | text | A cursor: what follows it is told.
| limit | whole number | How many at most, up to 1,000.
▸ Answer 200 application/json text/csv
ItemPage
| Name | What it takes | What it is
| items | list of ItemResult | Results, in the order of your file.
| next | text | Pass it on as “after”. Left out when there was nothing more.
ItemResult
| Name | What it takes | What it is
| position | whole number | Its place in your file, 1 for the first item.
| recipient | text | The recipient as you wrote it.
| reference | text | Your own name for the letter.
| result | consigned | paper | refused | In the mailbox, on paper, or refused.
| code | text | Why it was refused.
| place | text | The field or document at fault.
| detail | text | One sentence about it.
| letter_id | UUID | The letter's identifier.
#### Problems
- [401 unauthorized](/api/v1/problems/unauthorized)
- [403 scope_missing](/api/v1/problems/scope_missing)
- [404 consignment_not_found](/api/v1/problems/consignment_not_found)
- [422 field_invalid](/api/v1/problems/field_invalid)
- [429 rate_limited](/api/v1/problems/rate_limited)
- [500 internal_error](/api/v1/problems/internal_error)
- [503 unavailable](/api/v1/problems/unavailable)
""")


def part_of_the_reference(reader: Client, begin: str, end: str) -> Callable[[], Any]:
    """The asking for the reference, of which one part is looked at: the whole is very long."""

    def ask() -> Any:
        html = reader.get("/api/v1/docs").content.decode()
        language = re.findall("<html lang=.*?>", html)[0]
        part = html[html.index(begin) :]
        part = part[: part.index(end)] + end
        return SimpleNamespace(status_code=200, content=f"{language}{part}</html>".encode())

    return ask


def call(reader: Client, name: str) -> Callable[[], Any]:
    return part_of_the_reference(reader, f'<article class="call flow" id="{name}">', "</article>")


def test_the_reference_explains_itself_and_each_call(reader: Client) -> None:
    assert said(reader, "/api/v1/docs", within="contents", same=SAME) == CONTENTS
    guide = part_of_the_reference(reader, '<div class="flow">\n  <h2 id="start">', "</p>\n</div>\n")
    assert said(reader, guide, within="html", same=SAME) == GUIDE
    assert said(reader, call(reader, "put_document"), within="article", same=WORDS) == PUT_DOCUMENT
    assert said(reader, call(reader, "open_consignment"), within="article", same=WORDS) == OPENING
    assert said(reader, call(reader, "consignment_items"), within="article", same=WORDS) == ITEMS
