"""Writing one letter: what it says, then who gets it. The check and the sending follow."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from mypost.common.clock import now
from mypost.common.transactions import writes, writes_in_steps
from mypost.entrypoints.sender_web import composition
from mypost.entrypoints.sender_web.auth import StaffRequest, origin_of, staff_only
from mypost.entrypoints.sender_web.composition import Composition
from mypost.entrypoints.sender_web.forms import (
    LetterForm,
    MemberSearch,
    RecipientsForm,
    new_reference,
    words_of,
)
from mypost.entrypoints.sender_web.steps import LETTER_STEPS
from mypost.intake.errors import SenderSuspended
from mypost.intake.models import Consignment
from mypost.subscriptions.queries import relations_of

ON_A_PAGE = 20


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
@writes_in_steps
def new_letter(request: StaffRequest) -> HttpResponse:
    """Begin a letter. What is posted goes into a consignment of its own at once."""
    if not request.sender.may_send:
        raise SenderSuspended
    if request.method == "POST":
        return _take_text(request, None, Composition())
    suggested = {"reference": new_reference(now()), "language": "ja"}
    form = LetterForm(initial=suggested, sender=request.sender)
    return _show_text(request, form, None)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
@writes_in_steps
def text(request: StaffRequest, consignment_id: UUID) -> HttpResponse:
    """Change what a letter says."""
    draft = composition.draft_of(request.sender.id, consignment_id)
    letter = composition.read_composition(draft)
    if letter is None:
        return redirect("sender_web:check", consignment_id)
    if request.method == "POST":
        return _take_text(request, draft, letter)
    written = {**words_of(letter), "reference": draft.reference}
    form = LetterForm(initial=written, sender=request.sender, kept=_document_names(draft))
    return _show_text(request, form, draft)


def _take_text(
    request: StaffRequest, draft: Consignment | None, letter: Composition
) -> HttpResponse:
    """Keep what is good of what was posted, and go on to the recipients if all of it is."""
    removed = request.POST.get("remove", "")
    kept = [name for name in _document_names(draft) if name != removed]
    form = LetterForm(request.POST, request.FILES, sender=request.sender, kept=kept)
    is_complete = form.is_valid()
    if is_complete or form.good_documents or removed:
        draft = _keep(request, form, draft, letter if is_complete else None, removed=removed)
    if draft and is_complete and not removed:
        return redirect("sender_web:recipients", draft.id)
    return _show_text(request, form, draft, status=200 if is_complete else 422)


def _keep(
    request: StaffRequest,
    form: LetterForm,
    draft: Consignment | None,
    letter: Composition | None,
    *,
    removed: str,
) -> Consignment:
    draft_id = composition.keep(
        origin_of(request),
        draft.id if draft else None,
        Composition(form.words(), letter.recipients) if letter else None,
        added=form.good_documents,
        removed=removed,
        reference=form.cleaned_data.get("reference", ""),
        at=now(),
    )
    return composition.draft_of(request.sender.id, draft_id)


def _show_text(
    request: StaffRequest, form: LetterForm, draft: Consignment | None, *, status: int = 200
) -> HttpResponse:
    documents = draft.documents.order_by("object_id") if draft else []
    facts = {"form": form, "draft": draft, "documents": documents}
    page = "sender_web/writing/text.html"
    return render(request, page, {**facts, **_step(1)}, status=status)


def _document_names(draft: Consignment | None) -> list[str]:
    """Return the names of the documents that a letter has, in the order they were added."""
    if draft is None:
        return []
    return list(draft.documents.order_by("object_id").values_list("name", flat=True))


def _step(current: int) -> dict[str, object]:
    return {"place": "new_letter", "steps": LETTER_STEPS, "current": current}


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
@writes
def recipients(request: StaffRequest, consignment_id: UUID) -> HttpResponse:
    """Choose who gets the letter: from the list of members, or as pasted pseudonyms."""
    draft = composition.draft_of(request.sender.id, consignment_id)
    letter = composition.read_composition(draft)
    if letter is None or not letter.words:
        return redirect("sender_web:check" if letter is None else "sender_web:text", draft.id)
    if request.method == "POST":
        return _take_recipients(request, draft, letter)
    form = RecipientsForm(initial={"recipients": "\n".join(letter.recipients)})
    return _show_recipients(request, form, draft, letter)


def _take_recipients(
    request: StaffRequest, draft: Consignment, letter: Composition
) -> HttpResponse:
    """Keep the recipients; go on to the check, or to where in the list the press leads."""
    form = RecipientsForm(request.POST)
    if not form.is_valid():
        return _show_recipients(request, form, draft, letter, status=422)
    chosen = Composition(letter.words, form.cleaned_data["recipients"])
    composition.write(request.sender.id, draft.id, chosen, reference=draft.reference, at=now())
    if "check" in request.POST:
        return redirect("sender_web:check", draft.id)
    return redirect(f"{reverse('sender_web:recipients', args=[draft.id])}?{_place(request)}")


def _place(request: StaffRequest) -> str:
    """Return where in the list of members the pressed button leads."""
    asked = request.POST
    stays = asked.get("after", "") if "add" in asked else ""
    search = MemberSearch({"words": asked.get("words"), "after": asked.get("next", stays)})
    return urlencode(search.cleaned_data) if search.is_valid() else ""


def _show_recipients(
    request: StaffRequest,
    form: RecipientsForm,
    draft: Consignment,
    letter: Composition,
    *,
    status: int = 200,
) -> HttpResponse:
    search = MemberSearch(request.GET)
    search.is_valid()
    asked = search.cleaned_data
    found = relations_of(
        request.sender.id,
        part=asked.get("words", ""),
        after=asked.get("after", ""),
        limit=ON_A_PAGE + 1,
    )
    facts = {
        "form": form,
        "search": search,
        "draft": draft,
        "members": found[:ON_A_PAGE],
        "is_later": bool(asked.get("after")),
        "next": found[ON_A_PAGE - 1].pseudonym if len(found) > ON_A_PAGE else "",
        "chosen": set(letter.recipients),
    }
    page = "sender_web/writing/recipients.html"
    return render(request, page, {**facts, **_step(2)}, status=status)
