"""The parts of a letter's multipart body: one `letter` of JSON, and a `document` for each PDF."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext_noop as _

from mypost.entrypoints.sender_api.errors import BodyUnreadable, MediaTypeUnsupported
from mypost.intake.commands import HandedDocument
from mypost.intake.drafts import Reading, document_name, in_one_form, read_draft, read_json_object
from mypost.intake.errors import FieldError, FieldsInvalid

NAMELESS = _("Each document needs a name of its own.")
UNNAMED = _("The letter does not name a document that came with it.")
NOT_JSON = _("The part “letter” is not a JSON object in UTF-8.")


@dataclass(frozen=True)
class LetterParts:
    """What came: the letter's fields, not yet read one by one, and its documents in order."""

    fields: dict[str, object]
    documents: Sequence[HandedDocument]

    def fingerprints(self) -> list[bytes]:
        """Return what makes two submissions the same one, whatever boundary they had."""
        documents = [
            doc.name.encode() + b"\x00" + hashlib.sha256(doc.content).digest()
            for doc in self.documents
        ]
        return [json.dumps(self.fields, sort_keys=True).encode(), *documents]

    def read(self) -> Reading:
        """Read every field. Raises FieldsInvalid with all that is wrong."""
        reading = read_draft(self.fields)
        if reading.errors:
            raise FieldsInvalid(reading.errors)
        return reading


def letter_parts(request: HttpRequest) -> LetterParts:
    """Take a request apart. Raises MediaTypeUnsupported, BodyUnreadable, FieldsInvalid.

    A letter that names no documents gets all that came; one that names some must name each,
    because a document that nobody asks for would be lost without a word.
    """
    if request.content_type != "multipart/form-data":
        raise MediaTypeUnsupported
    _refuse_other_parts(request)
    fields, documents = _fields(request), _documents(request)
    names = fields.get("documents")
    if names is None:
        fields["documents"] = [document.name for document in documents]
    elif isinstance(names, list):
        _refuse_unnamed(documents, names)
    return LetterParts(fields, documents)


def _refuse_other_parts(request: HttpRequest) -> None:
    others = {*request.POST, *request.FILES} - {"letter", "document"}
    if others:
        detail = _("There is no such field.")
        errors = [FieldError(f"/{name}", "field_invalid", detail) for name in sorted(others)]
        raise FieldsInvalid(errors)


def _fields(request: HttpRequest) -> dict[str, object]:
    written = [*request.POST.getlist("letter"), *map(_text, request.FILES.getlist("letter"))]
    # Django puts a question mark on black where a part is not UTF-8: then the text is not whole.
    if len(written) != 1 or "\N{REPLACEMENT CHARACTER}" in written[0]:
        raise BodyUnreadable(NOT_JSON)
    fields = read_json_object(written[0])
    if fields is None:
        raise BodyUnreadable(NOT_JSON)
    return fields


def _text(file: "UploadedFile[bytes]") -> str:
    content: bytes = file.read()
    return content.decode(errors="replace")


def _documents(request: HttpRequest) -> list[HandedDocument]:
    files = request.FILES.getlist("document")
    documents = [HandedDocument(document_name(file.name or ""), file.read()) for file in files]
    names = {document.name for document in documents}
    if len(names) < len(documents) or "document" in request.POST:
        raise FieldsInvalid([FieldError("/documents", "field_invalid", NAMELESS)])
    return documents


def _refuse_unnamed(documents: Sequence[HandedDocument], names: Sequence[object]) -> None:
    named = {in_one_form(name) for name in names if isinstance(name, str)}
    if any(document.name not in named for document in documents):
        raise FieldsInvalid([FieldError("/documents", "field_invalid", UNNAMED)])
