"""Fields and sentences that the console's forms share."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from mypost.intake import delivery
from mypost.intake.antivirus import AntivirusUnavailable
from mypost.intake.commands import HandedDocument
from mypost.intake.errors import FieldError
from mypost.intake.examiner import ExaminerUnavailable

LARGEST_MB = settings.LARGEST_DOCUMENT // 1_000_000
LONGEST_NAME = 200
TOO_LARGE = gettext_noop("The file is larger than allowed.")
INFECTED = gettext_noop("The document holds a known virus.")
NOT_NOW = gettext_noop("Documents cannot be examined right now. Please try again in a minute.")


class SeveralFiles(forms.FileInput):
    """A file control that takes several files."""

    allow_multiple_selected = True


class DocumentsField(forms.FileField):
    """Several documents. Gives HandedDocuments; what each is, look_at says."""

    widget = SeveralFiles(attrs={"accept": ".pdf,application/pdf"})

    def clean(self, data: Any, initial: Any = None) -> list[HandedDocument]:
        """Read the files. Raises ValidationError for names that cannot stay."""
        files: Sequence[UploadedFile[bytes]] = data or []
        names = [file.name or "" for file in files]
        for name in names:
            if len(name) > LONGEST_NAME:
                raise ValidationError(
                    _("%(name)s …: a file name may have at most 200 characters."),
                    params={"name": name[:20]},
                )
            if names.count(name) > 1:
                raise ValidationError(
                    _("%(name)s: two files have this name."), params={"name": name}
                )
        return [HandedDocument(file.name or "", file.read()) for file in files]


def coded(error: FieldError, *, about: str = "") -> ValidationError:
    """Return what is wrong at one place in the reader's language, its code at the end.

    about: the file or column that it is about.
    """
    params = {"about": about, "sentence": _(error.detail), "code": error.code}
    text = _("%(about)s: %(sentence)s [%(code)s]") if about else _("%(sentence)s [%(code)s]")
    return ValidationError(text, code=error.code, params=params)


def look_at(
    documents: Sequence[HandedDocument],
) -> tuple[list[HandedDocument], list[ValidationError]]:
    """Examine documents; return the good ones, and what is wrong with the others."""
    good, wrong = [], []
    for document in documents:
        trouble = too_large(document) or _examine(document)
        if trouble is None:
            good.append(document)
        else:
            wrong.append(coded(trouble, about=document.name))
    return good, wrong


def too_large(document: HandedDocument) -> FieldError | None:
    """Say that a document is larger than allowed, when it is."""
    if len(document.content) <= settings.LARGEST_DOCUMENT:
        return None
    return FieldError("", "document_too_large", TOO_LARGE)


def _examine(document: HandedDocument) -> FieldError | None:
    try:
        code, detail, _pages = delivery.examine(document.content)
    except (ExaminerUnavailable, AntivirusUnavailable) as error:
        code, detail = error.code, NOT_NOW
    return FieldError("", code, detail or INFECTED) if code else None
