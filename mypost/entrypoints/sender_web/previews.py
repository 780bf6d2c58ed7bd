"""Letters as their members will see them, and a file's columns as we understand them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mypost.entrypoints.letter_text import as_html
from mypost.intake.decision import Decision, required_level
from mypost.intake.drafts import Draft
from mypost.intake.items_file import COLUMN_NAMES
from mypost.intake.models import Consignment
from mypost.intake.preview import Preview, PreviewedDocument

FIELD_NAMES = {
    "recipient": _("Pseudonym"),
    "reference": _("Your reference"),
    "subject": _("Subject"),
    "body": _("Text"),
    "language": _("Language"),
    "topic": _("Topic"),
    "documents": _("Documents"),
    "required_assurance": _("Who may open it"),
    "required_aal": _("How they must have signed in"),
    "confidential": _("Hide us as its sender until it opens"),
    "due": _("Due date"),
}


@dataclass(frozen=True)
class ShownLetter:
    """One letter of an open consignment. body: HTML.

    required_assurance: the highest that letter, topic or sender demands.
    """

    position: int
    recipient: str
    reference: str
    subject: str
    body: SafeString
    language: str
    topic: str
    due: date | None
    required_assurance: int
    required_aal: int
    confidential: bool
    documents: Sequence[PreviewedDocument]
    code: str


@dataclass(frozen=True)
class PlacedTrouble:
    """A letter that would be refused, and where. place: in words of the sender's own file."""

    item: Decision
    place: object
    written: str


@dataclass(frozen=True)
class Column:
    """A column of the sender's file, and what we take it for."""

    written: str
    meaning: object


def shown_letters(seen: Preview) -> list[ShownLetter]:
    """Return the letters of a preview that could be read."""
    readable = [(item, item.reading.draft) for item in seen.letters]
    return [_shown(item, draft, seen) for item, draft in readable if draft is not None]


def _shown(item: Decision, draft: Draft, seen: Preview) -> ShownLetter:
    topic = item.topic.local_name if item.topic else ""
    documents = {document.name: document for document in seen.documents}
    return ShownLetter(
        position=item.position,
        recipient=draft.recipient,
        reference=draft.reference,
        subject=draft.subject,
        body=as_html(draft.body),
        language=draft.language,
        topic=topic,
        due=draft.due,
        required_assurance=required_level(draft, item.topic, seen.consignment.sender),
        required_aal=draft.required_aal,
        confidential=draft.confidential,
        documents=[documents[name] for name in draft.documents if name in documents],
        code=item.code,
    )


def columns_of(consignment: Consignment) -> list[Column]:
    """Return the columns of a CSV file; none for other files."""
    named = [(name, COLUMN_NAMES.get(name, name)) for name in consignment.columns]
    return [Column(name, FIELD_NAMES[field]) for name, field in named]


def placed_troubles(seen: Preview) -> list[PlacedTrouble]:
    """Return what would be refused, each with its place in words."""
    return [
        PlacedTrouble(
            trouble.item, place_in_words(seen.consignment, trouble.item.place), trouble.written
        )
        for trouble in seen.troubles
    ]


def place_in_words(consignment: Consignment, place: str) -> object:
    """Return a field as the sender named its column, else as this console names it.

    The place may be a document's name too, which stays as it is.
    """
    named = (name for name in consignment.columns if COLUMN_NAMES.get(name, name) == place)
    return next(named, FIELD_NAMES.get(place, place))
