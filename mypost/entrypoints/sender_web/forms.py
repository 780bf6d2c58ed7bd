"""What staff type. Rooms judge it; here it gets its labels, and each complaint its place."""

import unicodedata
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from mypost.entrypoints.sender_web.composition import (
    MOST_RECIPIENTS,
    Composition,
    distinct_recipients,
)
from mypost.entrypoints.sender_web.fields import (
    LARGEST_MB,
    DocumentsField,
    coded,
    look_at,
    too_large,
)
from mypost.intake.commands import HandedDocument
from mypost.intake.decision import DETAILS
from mypost.intake.drafts import MOST_DOCUMENTS, read_draft
from mypost.intake.errors import FieldError, ItemsInvalid
from mypost.intake.items_file import CSV, NDJSON, read_items_file
from mypost.senders.models import Sender

LONGEST_REFERENCE = 90  # leaves room for "-1000" behind it
LEVELS = [
    (0, _("everybody who chose us")),
    (1, _("level 1: who declared name and address")),
    (2, _("level 2: whose address was confirmed by post")),
    (3, _("level 3: whose identity was confirmed by card")),
]
SIGN_INS = [
    (1, _("any sign-in")),
    (2, _("with a passkey or a one-time code")),
    (3, _("with the My Number Card")),
]
MY_NUMBER = FieldError("/body", "contains_my_number", DETAILS["contains_my_number"])
LETTER_LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]


def topics_of(sender: Sender) -> list[tuple[str, Any]]:
    """Return the choices of a topic field: slugs and names, the empty one first."""
    named = [(topic.slug, topic.local_name) for topic in sender.topics.all()]
    return [("", _("no topic")), *named]


class LetterForm(forms.Form):
    """What one letter says. Its rules are those of every item (intake/drafts.py)."""

    subject = forms.CharField(
        label=_("Subject"),
        help_text=_("Members see this line in their list. At most 120 characters."),
    )
    body = forms.CharField(
        label=_("Text"),
        required=False,
        help_text=_(
            "At most 10,000 characters. Markdown: ## heading, - list, **bold**, [words](https://…)."
        ),
        widget=forms.Textarea(attrs={"maxlength": 10_000, "rows": 12}),
    )
    documents = DocumentsField(
        label=_("Documents"),
        required=False,
        help_text=format_lazy(
            _("PDF, up to {megabytes} MB each. You may choose several."), megabytes=LARGEST_MB
        ),
    )
    topic = forms.ChoiceField(
        label=_("Topic"),
        required=False,
        help_text=_("Members who declined a topic do not get its letters."),
    )
    due = forms.DateField(
        label=_("Due date"),
        required=False,
        help_text=_("Members see the letter in their list of due dates."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    required_assurance = forms.TypedChoiceField(
        label=_("Who may open it"), choices=LEVELS, coerce=int, initial=0
    )
    required_aal = forms.TypedChoiceField(
        label=_("How they must have signed in"),
        choices=SIGN_INS,
        coerce=int,
        initial=1,
        help_text=_("Whoever signed in more simply confirms once more before the letter opens."),
    )
    confidential = forms.BooleanField(
        label=_("Hide us as its sender until it opens"),
        required=False,
        help_text=_("Lists and mails then say only that a letter waits."),
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=LETTER_LANGUAGES)
    reference = forms.CharField(
        label=_("Your reference"),
        max_length=LONGEST_REFERENCE,
        help_text=_(
            "Your own number for this letter. It must be new. With several recipients it gets"
            " -1, -2 … behind it."
        ),
    )

    def __init__(
        self, *args: Any, sender: Sender, kept: Collection[str] = (), **kwargs: Any
    ) -> None:
        """kept: names of the documents that the letter has already."""
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = topics_of(sender)  # type: ignore[attr-defined]
        self.kept = kept
        self.good_documents: list[HandedDocument] = []

    def clean_body(self) -> str:
        """Count a line break as one character, whatever the browser sends."""
        return str(self.cleaned_data["body"]).replace("\r\n", "\n")

    def clean_documents(self) -> list[HandedDocument]:
        """Examine the documents; the good ones are kept though another is bad."""
        self.good_documents, wrong = look_at(self.cleaned_data["documents"])
        if len(self._document_names()) > MOST_DOCUMENTS:
            self.good_documents = []
            wrong.append(ValidationError(_("A letter has at most 20 documents.")))
        if wrong:
            raise ValidationError(wrong)
        return self.good_documents

    def clean(self) -> dict[str, Any]:
        """Read the letter as every item is read, and look for My Numbers."""
        data = super().clean() or self.cleaned_data
        reading = read_draft({**self.words(), "recipient": "-", "reference": data.get("reference")})
        for error in reading.errors:
            self._complain(error.pointer.lstrip("/"), error)
        if reading.draft and reading.draft.holds_my_number:
            self._complain("body", MY_NUMBER)
        return data

    def _complain(self, name: str, error: FieldError) -> None:
        if name in self.fields and name not in self.errors:
            self.add_error(name, coded(error))

    def _document_names(self) -> list[str]:
        added = [document.name for document in self.good_documents]
        return list(dict.fromkeys([*self.kept, *added]))

    def words(self) -> dict[str, object]:
        """Return the letter's fields as an item has them."""
        data = self.cleaned_data
        due = data.get("due")
        return {
            "subject": data.get("subject", ""),
            "body": data.get("body", ""),
            "language": data.get("language", ""),
            "topic": data.get("topic", ""),
            "required_assurance": data.get("required_assurance", 0),
            "required_aal": data.get("required_aal", 1),
            "confidential": data.get("confidential", False),
            "due": due.isoformat() if due else None,
            "documents": self._document_names(),
        }


def new_reference(at: datetime) -> str:
    """Suggest a reference that nobody has used: the time in Japan, to the second."""
    return f"{localtime(at):%Y%m%d-%H%M%S}"


def words_of(letter: Composition) -> dict[str, Any]:
    """Return what LetterForm shows of a letter that is written already."""
    return {name: value for name, value in letter.words.items() if name != "documents"}


class RecipientsForm(forms.Form):
    """Who gets the letter: pseudonyms, one a line, and those ticked in the list of members."""

    recipients = forms.CharField(
        label=_("Pseudonyms, one a line"),
        required=False,
        help_text=_("At most 1,000. For more, hand in a file as a consignment."),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_recipients(self) -> list[str]:
        """Return each pseudonym once; whether it is one is told when the letter is checked."""
        ticked = self.data.getlist("ticked")  # type: ignore[attr-defined]
        typed = str(self.cleaned_data["recipients"]).splitlines()
        recipients = distinct_recipients([*typed, *(name.replace("\0", "") for name in ticked)])
        if len(recipients) > MOST_RECIPIENTS:
            raise ValidationError(_("These are more than 1,000."))
        if not recipients and "check" in self.data:
            raise ValidationError(_("Choose at least one member."))
        return recipients


class FilesForm(forms.Form):
    """The files of a consignment: its items, and the documents that they name."""

    items = forms.FileField(
        label=_("File of letters"),
        allow_empty_file=True,
        help_text=_(
            "CSV with a head row, or NDJSON. Columns: recipient (仮名ID), reference (整理番号),"
            " subject (件名), body (本文), documents (書類), due (期限) …"
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.ndjson,.jsonl,text/csv"}),
    )
    documents = DocumentsField(
        label=_("Documents"),
        required=False,
        help_text=format_lazy(
            _("PDF, up to {megabytes} MB each. The file of letters names them."),
            megabytes=LARGEST_MB,
        ),
    )

    def clean_items(self) -> tuple[bytes, str] | None:
        """Return the file and its form, once its head is understood."""
        file = self.cleaned_data["items"]
        if file is None:
            return None
        content, form = file.read(), _form_of(file.name)
        try:
            read_items_file(content, form)
        except ItemsInvalid as error:
            raise ValidationError(_places_of(error)) from None
        return content, form

    def clean_documents(self) -> list[HandedDocument]:
        """Refuse what is too large to be kept; the check page examines the rest."""
        documents: list[HandedDocument] = self.cleaned_data["documents"]
        found = [(document, too_large(document)) for document in documents]
        if wrong := [coded(error, about=document.name) for document, error in found if error]:
            raise ValidationError(wrong)
        return documents


def _form_of(name: str) -> str:
    lower = name.lower()
    if lower.endswith((".ndjson", ".jsonl")):
        return NDJSON
    if lower.endswith(".csv"):
        return CSV
    raise ValidationError(_("Choose a file whose name ends in .csv, .ndjson or .jsonl."))


def _places_of(error: ItemsInvalid) -> list[ValidationError]:
    if not error.errors:
        return [coded(FieldError("", error.code, error.detail))]
    return [coded(place, about=place.pointer) for place in error.errors]


class ConsignmentForm(FilesForm):
    """A consignment from files."""

    reference = forms.CharField(label=_("Name of the consignment"), max_length=LONGEST_REFERENCE)
    topic = forms.ChoiceField(
        label=_("Topic"),
        required=False,
        help_text=_("For letters whose row names none."),
    )
    field_order = ("reference", "topic", "items", "documents")

    def __init__(self, *args: Any, sender: Sender, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = topics_of(sender)  # type: ignore[attr-defined]


class MoreFilesForm(FilesForm):
    """Files that are added to a consignment, or replace one of the same name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].required = False


class SearchForm(forms.Form):
    """Words to look for, and where in the list to go on."""

    words = forms.CharField(max_length=100, required=False)

    def clean_words(self) -> str:
        """Read full-width letters and digits as what they mean."""
        return unicodedata.normalize("NFKC", self.cleaned_data["words"]).strip()


class LetterSearch(SearchForm):
    """Which letters to list."""

    words = forms.CharField(
        label=_("Letter number, your reference or a pseudonym"), max_length=100, required=False
    )
    before = forms.UUIDField(required=False, widget=forms.HiddenInput)


class MemberSearch(SearchForm):
    """Which members to list: characters of their pseudonym."""

    words = forms.CharField(label=_("Part of a pseudonym"), max_length=24, required=False)
    after = forms.CharField(max_length=24, required=False, widget=forms.HiddenInput)

    def clean_words(self) -> str:
        """Read small letters as the capitals that pseudonyms have."""
        return super().clean_words().upper()


class PageForm(forms.Form):
    """Where in a list to go on: what is older than this."""

    before = forms.UUIDField(required=False)
