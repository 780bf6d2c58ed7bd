"""Consignments: open one, put documents and items in, submit, follow, fetch the results."""

import base64
import binascii
import re
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Router

from mypost.common.clock import now
from mypost.common.problems import Refusal
from mypost.common.transactions import reads, writes, writes_in_steps
from mypost.entrypoints.sender_api.answers import answer, cursor, once, respond
from mypost.entrypoints.sender_api.auth import KeyRequest, KeyWith
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
from mypost.intake.commands import GivenAnswer
from mypost.intake.errors import (
    ConsignmentNotFound,
    DocumentTooLarge,
    FieldError,
    FieldsInvalid,
    ItemsInvalid,
)
from mypost.intake.items_file import CSV, NDJSON
from mypost.intake.models import Consignment, Item
from mypost.letters import queries as letters
from mypost.senders.models import Scope

router = Router(tags=["consignments"])
MOST_ON_A_PAGE = 1_000
FORMS = {"text/csv": CSV, "application/x-ndjson": NDJSON}
DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/=]{44}):")


class MediaTypeUnsupported(Refusal):
    """This media type is not taken here."""

    code = "media_type_unsupported"


def _raw_body(*media_types: str) -> dict[str, object]:
    binary = {"schema": {"type": "string", "format": "binary"}}
    content = dict.fromkeys(media_types, binary)
    return {"requestBody": {"required": True, "content": content}}


@router.post(
    "/consignments",
    auth=KeyWith(Scope.LETTERS_WRITE),
    response={201: ConsignmentState},
    summary="Open a consignment",
)
@writes
def open_consignment(request: KeyRequest, body: NewConsignment) -> HttpResponse:
    """A consignment that takes documents and items until it is submitted."""

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
    auth=KeyWith(Scope.LETTERS_WRITE),
    response=DocumentTaken,
    openapi_extra=_raw_body("application/pdf"),
    summary="Put in one document",
)
@writes
def put_document(request: KeyRequest, consignment_id: UUID, name: str) -> HttpResponse:
    """One PDF. The same name again replaces it. `Repr-Digest` is checked when sent."""
    _media_type(request, "application/pdf")
    if len(name) > 200 or not name.isprintable():
        detail = "At most 200 printable characters are allowed."
        raise FieldsInvalid([FieldError("/name", "field_invalid", detail)])
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
    auth=KeyWith(Scope.LETTERS_WRITE),
    response=ConsignmentState,
    openapi_extra=_raw_body("text/csv", "application/x-ndjson"),
    summary="Put in the addressees",
)
@writes
def put_items(request: KeyRequest, consignment_id: UUID) -> HttpResponse:
    """CSV (UTF-8, with or without BOM, or CP932; head row) or NDJSON. Replaces what was there."""
    form = FORMS[_media_type(request, *FORMS)]
    _of_this_mode(request, consignment_id)
    try:
        content = _body(request, most=settings.LARGEST_ITEMS_FILE)
    except RequestDataTooBig:
        raise ItemsInvalid("The file is larger than allowed.") from None
    consignment = intake.put_items(
        request.sender.id, consignment_id, content, form=form, at=now()
    )
    return respond(answer(_state(consignment)))


@router.post(
    "/consignments/{uuid:consignment_id}/submit",
    auth=KeyWith(Scope.LETTERS_WRITE),
    response={202: ConsignmentState},
    summary="Submit the consignment",
)
@writes
def submit(request: KeyRequest, consignment_id: UUID, body: Submission) -> HttpResponse:
    """Hand the consignment over to examination and delivery."""
    _of_this_mode(request, consignment_id)

    def act() -> GivenAnswer:
        consignment = intake.submit(request.sender.id, consignment_id, at=now())
        return answer(_state(consignment), 202)

    return once(request, [body.model_dump_json().encode()], act)


@router.get(
    "/consignments/{uuid:consignment_id}",
    auth=KeyWith(Scope.LETTERS_READ),
    response=ConsignmentState,
    summary="The ledger of a consignment",
)
@reads
def consignment_state(request: KeyRequest, consignment_id: UUID) -> HttpResponse:
    """Counts: submitted = in_mailbox + on_paper + refused + pending, always."""
    return respond(answer(_state(_of_this_mode(request, consignment_id))))


@router.get(
    "/consignments/{uuid:consignment_id}/items",
    auth=KeyWith(Scope.LETTERS_READ),
    response=ItemPage,
    summary="The result of each item",
)
@reads
def consignment_items(
    request: KeyRequest, consignment_id: UUID, after: str = "", limit: int = 100
) -> HttpResponse | StreamingHttpResponse:
    """JSON pages in the order of the sender's file, or all at once with `Accept: text/csv`."""
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
    """Return what Repr-Digest says of the body. Source: RFC 9530."""
    header = request.headers.get("Repr-Digest")
    if header is None:
        return None
    found = DIGEST.search(header)
    try:
        return base64.b64decode(found.group(1), validate=True) if found else b""
    except binascii.Error:
        return b""
