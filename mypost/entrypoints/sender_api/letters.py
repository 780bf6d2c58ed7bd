"""Letters: submit one, ask for its state, fetch its receipt."""

import hashlib
import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Router

from mypost.common.clock import now
from mypost.common.problems import Refusal
from mypost.common.transactions import reads, writes_in_steps
from mypost.entrypoints.sender_api.answers import (
    answer,
    idempotency_key,
    once,
    request_digest,
    respond,
)
from mypost.entrypoints.sender_api.auth import KeyRequest, KeyWith
from mypost.entrypoints.sender_api.schemas import LetterFields, LetterState, Verdict
from mypost.intake import commands as intake
from mypost.intake import queries
from mypost.intake.commands import GivenAnswer, HandedDocument
from mypost.intake.drafts import Reading, read_draft
from mypost.intake.errors import FieldError, FieldsInvalid
from mypost.intake.models import Item
from mypost.letters import queries as letters
from mypost.letters.errors import LetterNotFound
from mypost.letters.queries import LetterStory
from mypost.senders.models import Scope

router = Router(tags=["letters"])


class BodyUnreadable(Refusal):
    """The body of the request cannot be read."""

    code = "body_unreadable"


MULTIPART = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["letter"],
                    "properties": {
                        "letter": {"$ref": "#/components/schemas/LetterFields"},
                        "document": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": "PDF; the part's file name is the document's name.",
                        },
                    },
                },
                "encoding": {"letter": {"contentType": "application/json"}},
            }
        },
    }
}
assert LetterFields  # named by the schema above


@router.post(
    "/letters",
    auth=KeyWith(Scope.LETTERS_WRITE),
    response={201: Verdict},
    openapi_extra=MULTIPART,
    summary="Submit one letter",
)
@writes_in_steps
def submit_letter(request: KeyRequest) -> HttpResponse:
    """One letter, decided and delivered at once; the verdict is in the answer.

    Everything is durable when the answer is sent. Same `Idempotency-Key` and same letter: the
    same answer again.
    """
    documents = _documents(request)
    fields = _letter_part(request)
    parts = [_canonical(fields), *(_fingerprint(document) for document in documents)]
    key = idempotency_key(request)
    if key is not None:  # a repeated request costs no second examination
        digest = request_digest(request, parts)
        earlier = intake.earlier_answer(request.sender.id, key, digest)
        if earlier is not None:
            return respond(earlier)
    reading = _read(fields)

    def act() -> GivenAnswer:
        item = intake.submit_letter(request.origin, reading, documents, at=now())
        return answer(_verdict(item), 201)

    return once(request, parts, act)


def _documents(request: HttpRequest) -> list[HandedDocument]:
    files = request.FILES.getlist("document")
    documents = [HandedDocument(file.name or "", file.read()) for file in files]
    names = [document.name for document in documents]
    if len(set(names)) < len(names) or "" in names:
        detail = _("Each document needs a name of its own.")
        raise FieldsInvalid([FieldError("/documents", "field_invalid", detail)])
    return documents


def _letter_part(request: HttpRequest) -> dict[str, object]:
    part = request.POST.get("letter")
    file = request.FILES.get("letter")
    try:
        written = part if part is not None else file.read().decode() if file else ""
        fields = json.loads(written)
    except (ValueError, RecursionError):
        raise BodyUnreadable(_("The part “letter” is not a JSON object.")) from None
    if not isinstance(fields, dict):
        raise BodyUnreadable(_("The part “letter” is not a JSON object."))
    return fields


def _canonical(fields: dict[str, object]) -> bytes:
    return json.dumps(fields, sort_keys=True).encode()


def _fingerprint(document: HandedDocument) -> bytes:
    digest = hashlib.sha256(document.content).digest()
    return document.name.encode(errors="surrogatepass") + b"\x00" + digest


def _read(fields: dict[str, object]) -> Reading:
    reading = read_draft(fields)
    if reading.errors:
        raise FieldsInvalid(reading.errors)
    return reading


def _verdict(item: Item) -> Verdict:
    return Verdict(
        id=item.letter_id,
        number=item.number,
        state=item.state,
        code=item.code or None,
        place=item.place or None,
        detail=gettext(item.detail) if item.detail else None,
        reference=item.reference,
        accepted_at=item.decided_at,
    )


@router.get(
    "/letters/{uuid:letter_id}",
    auth=KeyWith(Scope.LETTERS_READ),
    response=LetterState,
    summary="A letter's state and times",
)
@reads
def letter_state(request: KeyRequest, letter_id: UUID) -> HttpResponse:
    """States and times of one of the sender's letters; never its content."""
    item = _own_item(request, letter_id)
    return respond(answer(_state(item, _story(item))))


def _own_item(request: KeyRequest, letter_id: UUID) -> Item:
    item = queries.item_of_letter(request.sender.id, letter_id)
    if item is None or item.consignment.live != request.key.live:
        raise LetterNotFound
    return item


def _story(item: Item) -> LetterStory | None:
    if item.state != Item.State.CONSIGNED or not item.consignment.live:
        return None
    return letters.story_for_sender(item.sender_id, item.letter_id)


def _state(item: Item, story: LetterStory | None) -> LetterState:
    opened = story is not None and story.letter.is_opened
    return LetterState(
        id=item.letter_id,
        number=item.number,
        state="opened" if opened else item.state,
        code=item.code or None,
        reference=item.reference,
        recipient=item.recipient,
        consignment=item.consignment_id,
        live=item.consignment.live,
        accepted_at=item.decided_at,
        consigned_at=story.letter.consigned_at if story else None,
        alerted_at=story.alerted_at if story else None,
        opened_at=story.letter.handed_over_at if story else None,
    )


@router.get(
    "/letters/{uuid:letter_id}/receipt",
    auth=KeyWith(Scope.LETTERS_READ),
    summary="The evidence bundle of a letter",
)
@reads
def letter_receipt(request: KeyRequest, letter_id: UUID) -> HttpResponse:
    """The letter's evidence with proofs, checked offline by tools/verify_receipt.py."""
    item = _own_item(request, letter_id)
    story = _story(item)
    if story is None:
        raise LetterNotFound
    return JsonResponse(letters.receipt_for_sender(story, reference=item.reference))
