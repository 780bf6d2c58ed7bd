"""Consignments: open one, put documents and items in, submit, follow, fetch the results."""

import base64
import binascii
import re
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Router

from mypost.common.clock import now
from mypost.common.transactions import reads, writes
from mypost.entrypoints.sender_api.answers import answer, cursor, once, respond
from mypost.entrypoints.sender_api.auth import KeyRequest
from mypost.entrypoints.sender_api.errors import MediaTypeUnsupported
from mypost.entrypoints.sender_api.openapi import BINARY, IDEMPOTENCY_KEY, described
from mypost.entrypoints.sender_api.schemas import (
    ConsignmentState,
    DocumentTaken,
    ItemPage,
    ItemResult,
    NewConsignment,
    Submission,
)
from mypost.intake import commands as intake
from mypost.intake import queries, results
from mypost.intake.answers import GivenAnswer
from mypost.intake.errors import ConsignmentNotFound, DocumentTooLarge, ItemsInvalid
from mypost.intake.items_file import CSV, NDJSON
from mypost.intake.models import Consignment, Item
from mypost.letters import queries as letters
from mypost.senders.models import Scope

router = Router(tags=["consignments"])
MOST_ON_A_PAGE = 1_000
FORMS = {"text/csv": CSV, "application/x-ndjson": NDJSON}
SHA256 = "sha-256="
DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/=]{44}):")
REPR_DIGEST = {
    "in": "header",
    "name": "Repr-Digest",
    "required": False,
    "schema": {"type": "string"},
    "example": "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:",
}
JSON_BODY = ["body_unreadable", "media_type_unsupported", "request_too_large", "field_invalid"]
EXAMPLE = "{base}/consignments/019a0b0c-7d3e-7f00-8000-2a5d9c31e7f4"


@router.post(
    "/consignments",
    response={201: ConsignmentState},
    summary=_("Open a consignment"),
    description=_("A consignment takes documents and items until it is submitted."),
    **described(
        Scope.LETTERS_WRITE,
        problems=[*JSON_BODY, "topic_unknown", "sender_suspended", "idempotency_key_reused"],
        headers=[IDEMPOTENCY_KEY],
        sample="""\
  -H "Idempotency-Key: tax-2026" \\
  --json '{"reference": "tax-2026", "topic": "tax"}' \\
  {base}/consignments""",
    ),
)
@writes
def open_consignment(request: KeyRequest, body: NewConsignment) -> HttpResponse:
    def act() -> GivenAnswer:
        consignment = intake.open_consignment(
            request.origin, reference=body.reference, topic=body.topic, at=now()
        )
        return answer(_state(consignment), 201)

    return once(request, [body.model_dump_json().encode()], act)


def _state(consignment: Consignment) -> ConsignmentState:
    return ConsignmentState(
        id=consignment.id,
        reference=consignment.reference,
        state=consignment.state,
        live=consignment.live,
        submitted=consignment.submitted,
        in_mailbox=consignment.in_mailbox,
        on_paper=consignment.on_paper,
        refused=consignment.refused,
        pending=consignment.pending,
        recalled=0,
        opened=letters.count_opened([consignment.id]).get(consignment.id, 0),
    )


@router.put(
    "/consignments/{uuid:consignment_id}/documents/{name}",
    response=DocumentTaken,
    summary=_("Put in one document"),
    description=_(
        "One PDF. The same name again replaces it. The header Repr-Digest with sha-256 is checked"
        " when it is sent."
    ),
    **described(
        Scope.LETTERS_WRITE,
        problems=[
            "consignment_not_found",
            "consignment_closed",
            "document_too_large",
            "media_type_unsupported",
            "digest_mismatch",
            "field_invalid",
        ],
        headers=[REPR_DIGEST],
        body={"application/pdf": BINARY},
        sample=f"""\
  -H "Content-Type: application/pdf" -T notice.pdf \\
  {EXAMPLE}/documents/notice.pdf""",
    ),
)
@writes
def put_document(request: KeyRequest, consignment_id: UUID, name: str) -> HttpResponse:
    _media_type(request, "application/pdf")
    _of_this_mode(request, consignment_id)
    try:
        content = _body(request, most=settings.LARGEST_DOCUMENT)
    except RequestDataTooBig:
        raise DocumentTooLarge from None
    document = intake.put_document(
        request.sender.id, consignment_id, name, content, sha256=_digest(request), at=now()
    )
    return respond(answer(DocumentTaken(name=document.name, size=document.size)))


@router.put(
    "/consignments/{uuid:consignment_id}/items",
    response=ConsignmentState,
    summary=_("Put in the addressees"),
    description=_(
        "One letter a row of CSV (UTF-8, with or without byte order mark, or CP932) whose head row"
        " names the fields in English or Japanese, or one a line of NDJSON. Several documents stand"
        " in one cell, divided by semicolons. A second file replaces the first. A wrong head row is"
        " refused now; a wrong row is refused later, by itself."
    ),
    **described(
        Scope.LETTERS_WRITE,
        problems=[
            "consignment_not_found",
            "consignment_closed",
            "media_type_unsupported",
            "items_invalid",
        ],
        body={"text/csv": BINARY, "application/x-ndjson": BINARY},
        sample=f"""\
  -H "Content-Type: text/csv" -T items.csv \\
  {EXAMPLE}/items""",
    ),
)
@writes
def put_items(request: KeyRequest, consignment_id: UUID) -> HttpResponse:
    form = FORMS[_media_type(request, *FORMS)]
    _of_this_mode(request, consignment_id)
    try:
        content = _body(request, most=settings.LARGEST_ITEMS_FILE)
    except RequestDataTooBig:
        raise ItemsInvalid("The file is larger than allowed.") from None
    consignment = intake.put_items(request.sender.id, consignment_id, content, form=form, at=now())
    return respond(answer(_state(consignment)))


@router.post(
    "/consignments/{uuid:consignment_id}/submit",
    response={202: ConsignmentState},
    summary=_("Submit the consignment"),
    description=_(
        "Hands the consignment over to examination and delivery; from here on it takes nothing"
        " more. Follow its ledger, or wait for the event consignment.completed."
    ),
    **described(
        Scope.LETTERS_WRITE,
        problems=[
            *JSON_BODY,
            "consignment_not_found",
            "consignment_closed",
            "items_missing",
            "sender_suspended",
            "idempotency_key_reused",
        ],
        headers=[IDEMPOTENCY_KEY],
        sample=f"""\
  --json '{{"mode": "send", "release": "all"}}' \\
  {EXAMPLE}/submit""",
    ),
)
@writes
def submit(request: KeyRequest, consignment_id: UUID, body: Submission) -> HttpResponse:
    _of_this_mode(request, consignment_id)

    def act() -> GivenAnswer:
        consignment = intake.submit(request.sender.id, consignment_id, at=now())
        return answer(_state(consignment), 202)

    return once(request, [body.model_dump_json().encode()], act)


@router.get(
    "/consignments/{uuid:consignment_id}",
    response=ConsignmentState,
    summary=_("The ledger of a consignment"),
    description=_("Every item is in exactly one place, at every moment."),
    **described(Scope.LETTERS_READ, problems=["consignment_not_found"], sample=f"  {EXAMPLE}"),
)
@reads
def consignment_state(request: KeyRequest, consignment_id: UUID) -> HttpResponse:
    return respond(answer(_state(_of_this_mode(request, consignment_id))))


@router.get(
    "/consignments/{uuid:consignment_id}/items",
    response=ItemPage,
    summary=_("The result of each item"),
    description=_(
        "Pages in the order of your file; or, with “Accept: text/csv”, all at once in your own"
        " columns, followed by result, code and letter_id. What is sealed stays empty. Read it"
        " once the consignment is completed."
    ),
    **described(
        Scope.LETTERS_READ,
        problems=["consignment_not_found", "field_invalid"],
        answers={200: {"text/csv": BINARY}},
        sample=f"""\
  -H "Accept: text/csv" \\
  {EXAMPLE}/items""",
    ),
)
@reads
def consignment_items(
    request: KeyRequest, consignment_id: UUID, after: str = "", limit: int = 100
) -> HttpResponse | StreamingHttpResponse:
    consignment = _of_this_mode(request, consignment_id)
    if request.get_preferred_type(["application/json", "text/csv"]) == "text/csv":
        return _csv(consignment)
    page = queries.items_of(
        consignment, after=cursor(after, first=0), limit=min(max(limit, 1), MOST_ON_A_PAGE)
    )
    following = str(page[-1].position) if page else None
    return respond(answer(ItemPage(items=[_result(item) for item in page], next=following)))


def _csv(consignment: Consignment) -> StreamingHttpResponse:
    lines = results.csv_lines(consignment)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="results-{consignment.id}.csv"'
    return response


def _result(item: Item) -> ItemResult:
    return ItemResult(
        position=item.position,
        recipient=item.recipient,
        reference=item.reference,
        result=item.state,
        code=item.code or None,
        place=item.place or None,
        detail=gettext(item.detail) if item.detail else None,
        letter_id=item.letter_id,
    )


def _of_this_mode(request: KeyRequest, consignment_id: UUID) -> Consignment:
    """Return the sender's consignment; a test key sees test consignments alone."""
    consignment = queries.consignment_of(request.sender.id, consignment_id)
    if consignment.live != request.key.live:
        raise ConsignmentNotFound
    return consignment


def _media_type(request: HttpRequest, *taken: str) -> str:
    media_type = (request.content_type or "").lower()
    if media_type not in taken:
        raise MediaTypeUnsupported
    return media_type


def _body(request: HttpRequest, *, most: int) -> bytes:
    # Not request.body: that has one limit for everything. One byte more tells "too large".
    content = request.read(most + 1)
    if len(content) > most:
        raise RequestDataTooBig
    return content


def _digest(request: HttpRequest) -> bytes | None:
    """Return what Repr-Digest says of the body, None when it does not say it in SHA-256.

    What cannot be read as a digest equals none. Source: RFC 9530 §3.
    """
    header = request.headers.get("Repr-Digest", "")
    if SHA256 not in header:
        return None
    found = DIGEST.search(header)
    try:
        return base64.b64decode(found.group(1), validate=True) if found else b""
    except binascii.Error:
        return b""
