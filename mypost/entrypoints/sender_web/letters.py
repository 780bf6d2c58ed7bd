"""Letters that were sent: their states and times, never their content."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from mypost.common.transactions import reads
from mypost.entrypoints.sender_web.auth import StaffRequest, staff_data_only, staff_only
from mypost.entrypoints.sender_web.forms import LetterSearch
from mypost.entrypoints.sender_web.previews import place_in_words
from mypost.evidence.errors import ReceiptNotReady
from mypost.intake import queries
from mypost.intake.models import Item
from mypost.letters import queries as letters
from mypost.letters.errors import LetterNotFound
from mypost.letters.queries import LetterStory

ON_A_PAGE = 25
LOG_WAIT = 3  # seconds; the log takes new lines in about once a second


@staff_only
@require_safe
@reads
def list_letters(request: StaffRequest) -> HttpResponse:
    """List letters, newest first, or those that a caller may mean."""
    search = LetterSearch(request.GET)
    status = 200 if search.is_valid() else 422
    words, before = search.cleaned_data.get("words", ""), search.cleaned_data.get("before")
    found = queries.find_items(request.sender.id, words, before=before, limit=ON_A_PAGE + 1)
    page = found[:ON_A_PAGE]
    sent = letters.letters_sent(request.sender.id, [item.letter_id for item in page])
    older = urlencode({"words": words, "before": page[-1].letter_id if page else ""})
    facts = {
        "place": "letters",
        "search": search,
        "words": words,
        "rows": [{"item": item, "letter": sent.get(item.letter_id)} for item in page],
        "newer_url": f"?{urlencode({'words': words})}" if before else "",
        "older_url": f"?{older}" if len(found) > ON_A_PAGE else "",
    }
    return render(request, "sender_web/letters/list.html", facts, status=status)


@staff_only
@require_safe
@reads
def show_letter(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Show one letter's states and times."""
    item = _item_of(request, letter_id)
    facts = {
        "place": "letters",
        "item": item,
        "story": _story_of(item),
        "at_fault": place_in_words(item.consignment, item.place),
    }
    return render(request, "sender_web/letters/letter.html", facts)


@staff_data_only
@require_safe
@reads
def receipt(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Give the evidence of a delivered letter, which verifies without us."""
    item = _item_of(request, letter_id)
    story = _story_of(item)
    if story is None:
        raise LetterNotFound
    try:
        bundle = letters.receipt_for_sender(story, reference=item.reference)
    except ReceiptNotReady:
        return _receipt_not_ready(request, item)
    response = JsonResponse(bundle, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="receipt-{item.number}.json"'
    return response


def _receipt_not_ready(request: StaffRequest, item: Item) -> HttpResponse:
    facts = {"place": "letters", "item": item}
    response = render(request, "sender_web/letters/receipt_not_ready.html", facts, status=503)
    response["Retry-After"] = str(LOG_WAIT)
    return response


def _item_of(request: StaffRequest, letter_id: UUID) -> Item:
    item = queries.item_of_letter(request.sender.id, letter_id)
    if item is None:
        raise LetterNotFound
    return item


def _story_of(item: Item) -> LetterStory | None:
    """Return the story of a delivered letter; a refused or a test one has none."""
    if item.state != Item.State.CONSIGNED or not item.consignment.live:
        return None
    return letters.story_for_sender(item.sender_id, item.letter_id)
