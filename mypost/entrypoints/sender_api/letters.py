"""Letters: submit one, ask for its state, fetch its receipt."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Router

from mypost.common.clock import now
from mypost.common.transactions import reads, writes_in_steps
from mypost.entrypoints.sender_api.answers import answer, earlier, once, respond
from mypost.entrypoints.sender_api.auth import KeyRequest
from mypost.entrypoints.sender_api.errors import ReceiptAbsent
from mypost.entrypoints.sender_api.letter_parts import letter_parts
from mypost.entrypoints.sender_api.openapi import BINARY, IDEMPOTENCY_KEY, described
from mypost.entrypoints.sender_api.schemas import LetterState, Verdict
from mypost.intake import commands as intake
from mypost.intake import queries
from mypost.intake.answers import GivenAnswer
from mypost.intake.models import Item
from mypost.letters import queries as letters
from mypost.letters.errors import LetterNotFound
from mypost.letters.queries import LetterStory
from mypost.senders.models import Scope

router = Router(tags=["letters"])

MULTIPART = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "required": ["letter"],
            "properties": {
                "letter": {"$ref": "#/components/schemas/LetterFields"},
                "document": {"type": "array", "items": BINARY["schema"]},
            },
            "additionalProperties": False,
        },
        "encoding": {"letter": {"contentType": "application/json"}},
    }
}
SUBMIT_LETTER = """\
  -H "Idempotency-Key: tax-2026-0001" \\
  -F 'letter={"recipient": "TEST-DELIVERED",
    "reference": "tax-2026-0001", "topic": "tax",
    "subject": "固定資産税のお知らせ"}' \\
  -F "document=@notice.pdf;type=application/pdf" \\
  {base}/letters"""


@router.post(
    "/letters",
    response={201: Verdict},
    summary=_("Submit one letter"),
    description=_(
        "One letter, decided and delivered at once: the verdict is in the answer, and everything"
        " is durable when the answer is sent. Each part “document” is a PDF, and its file name is"
        " the document's name."
    ),
    **described(
        Scope.LETTERS_WRITE,
        problems=[
            "body_unreadable",
            "request_too_large",
            "media_type_unsupported",
            "field_invalid",
            "subject_missing",
            "idempotency_key_reused",
            "examiner_unavailable",
            "antivirus_unavailable",
        ],
        headers=[IDEMPOTENCY_KEY],
        body=MULTIPART,
        sample=SUBMIT_LETTER,
    ),
)
@writes_in_steps
def submit_letter(request: KeyRequest) -> HttpResponse:
    parts = letter_parts(request)
    prints = parts.fingerprints()
    given = earlier(request, prints)  # a repeated request costs no second examination
    if given is not None:
        return respond(given)
    reading = parts.read()

    def act() -> GivenAnswer:
        item = intake.submit_letter(request.origin, reading, parts.documents, at=now())
        return answer(_verdict(item), 201)

    return once(request, prints, act)


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
    response=LetterState,
    summary=_("A letter's state and times"),
    description=_("States and times of one of your letters; never its content."),
    **described(
        Scope.LETTERS_READ,
        problems=["letter_not_found"],
        sample="  {base}/letters/019a0b0c-7d3e-7f00-8000-2a5d9c31e7f4",
    ),
)
@reads
def letter_state(request: KeyRequest, letter_id: UUID) -> HttpResponse:
    item = _own_item(request, letter_id)
    return respond(answer(_state(item, _story(item))))


def _own_item(request: KeyRequest, letter_id: UUID) -> Item:
    """Return the item of a letter of this sender; a test key sees tests alone."""
    item = queries.item_of_letter(request.sender.id, letter_id)
    if item is None or item.consignment.live != request.key.live:
        raise LetterNotFound
    return item


def _story(item: Item) -> LetterStory | None:
    if item.state != Item.State.CONSIGNED or not item.consignment.live:
        return None
    return letters.story_for_sender(item.sender_id, item.letter_id)


def _state(item: Item, story: LetterStory | None) -> LetterState:
    letter = story.letter if story else None
    opened = letter is not None and letter.is_opened
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
        consigned_at=letter.consigned_at if letter else None,
        alerted_at=story.alerted_at if story else None,
        opened_at=letter.handed_over_at if letter else None,
        required_assurance=letter.required_assurance if letter else None,
        required_aal=letter.required_aal if letter else None,
        confidential=letter.confidential if letter else None,
    )


@router.get(
    "/letters/{uuid:letter_id}/receipt",
    response=dict,
    summary=_("The receipt of a letter"),
    description=_(
        "The letter's evidence with proofs, also of a refusal. It is checked without us and without"
        " a network by tools/verify_receipt.py."
    ),
    **described(
        Scope.LETTERS_READ,
        problems=["letter_not_found", "receipt_absent", "receipt_not_ready"],
        sample="  {base}/letters/019a0b0c-7d3e-7f00-8000-2a5d9c31e7f4/receipt",
    ),
)
@reads
def letter_receipt(request: KeyRequest, letter_id: UUID) -> HttpResponse:
    item = _own_item(request, letter_id)
    if not item.consignment.live:
        raise ReceiptAbsent
    story = _story(item)
    if story is None:
        return JsonResponse(queries.receipt_of_refusal(item))
    return JsonResponse(letters.receipt_for_sender(story, reference=item.reference))
