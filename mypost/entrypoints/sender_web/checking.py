"""The last look before sending: what the letters will be, and what would be refused."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mypost.common.clock import now
from mypost.common.transactions import reads, writes
from mypost.entrypoints.sender_web.auth import StaffRequest, staff_only
from mypost.entrypoints.sender_web.composition import draft_of, read_composition
from mypost.entrypoints.sender_web.forms import FilesForm, MoreFilesForm
from mypost.entrypoints.sender_web.previews import columns_of, placed_troubles, shown_letters
from mypost.entrypoints.sender_web.steps import FILE_STEPS, LETTER_STEPS
from mypost.intake import commands as intake
from mypost.intake.errors import ItemsMissing
from mypost.intake.preview import preview

LETTERS_SHOWN = 10


@staff_only
@require_safe
@reads
def check(request: StaffRequest, consignment_id: UUID) -> HttpResponse:
    """Show an open consignment as it would be delivered now."""
    return _show(request, consignment_id, MoreFilesForm())


def _show(
    request: StaffRequest, consignment_id: UUID, form: MoreFilesForm, *, status: int = 200
) -> HttpResponse:
    draft_of(request.sender.id, consignment_id)
    seen = preview(request.sender.id, consignment_id, limit=LETTERS_SHOWN)
    letter = read_composition(seen.consignment)
    if letter is not None and not letter.recipients:
        return redirect("sender_web:recipients", consignment_id)
    facts = {
        "preview": seen,
        "draft": seen.consignment,
        "letters": shown_letters(seen),
        "columns": columns_of(seen.consignment),
        "form": form,
        "is_composed": letter is not None,
        "troubles": placed_troubles(seen),
        "steps": LETTER_STEPS if letter is not None else FILE_STEPS,
        "current": 3 if letter is not None else 2,
        "place": "new_letter" if letter is not None else "consignments",
    }
    return render(request, "sender_web/checking/check.html", facts, status=status)


@staff_only
@require_POST
@writes
def add_files(request: StaffRequest, consignment_id: UUID) -> HttpResponse:
    """Add files to an open consignment; one of the same name, and the items, are replaced."""
    draft_of(request.sender.id, consignment_id)
    form = MoreFilesForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, consignment_id, form, status=422)
    put_files(request.sender.id, consignment_id, form)
    return redirect("sender_web:check", consignment_id)


def put_files(sender_id: UUID, consignment_id: UUID, form: FilesForm) -> None:
    """Put a form's good files into an open consignment. Raises as intake's commands do."""
    items, documents, at = form.cleaned_data["items"], form.cleaned_data["documents"], now()
    for new in documents:
        intake.put_document(sender_id, consignment_id, new.name, new.content, sha256=None, at=at)
    if items is not None:
        content, written_as = items
        intake.put_items(sender_id, consignment_id, content, form=written_as, at=at)


@staff_only
@require_POST
@writes
def send(request: StaffRequest, consignment_id: UUID) -> HttpResponse:
    """Hand the consignment over to examination and delivery."""
    draft_of(request.sender.id, consignment_id)
    try:
        intake.submit(request.sender.id, consignment_id, at=now())
    except ItemsMissing:
        return redirect("sender_web:check", consignment_id)
    messages.success(request, _("Handed in. You may leave this page; delivery goes on."))
    return redirect("sender_web:consignment", consignment_id)


@staff_only
@require_POST
@writes
def discard(request: StaffRequest, consignment_id: UUID) -> HttpResponse:
    """Forget an open consignment with everything in it."""
    draft_of(request.sender.id, consignment_id)
    intake.discard(request.sender.id, consignment_id)
    messages.success(request, _("Discarded. Nothing was sent."))
    return redirect("sender_web:consignments")
