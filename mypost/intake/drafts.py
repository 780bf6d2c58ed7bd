"""One letter as its sender wrote it: reading its fields, from JSON or from a row."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

# Noted in English, shown in the reader's language: the worker does not know who will read it.
from django.utils.translation import gettext_noop as _

from mypost.intake.errors import FieldError
from mypost.kernel.codes import contains_my_number
from mypost.kernel.pseudonyms import normalise_pseudonym

LONGEST = {"reference": 100, "subject": 120, "body": 10_000, "topic": 50, "recipient": 60}
TOO_LONG = {
    50: _("At most 50 characters are allowed."),
    60: _("At most 60 characters are allowed."),
    100: _("At most 100 characters are allowed."),
    120: _("At most 120 characters are allowed."),
    10_000: _("At most 10,000 characters are allowed."),
}
LANGUAGES = ("ja", "en")
FIELDS = (
    "recipient", "reference", "subject", "body", "language", "topic", "documents",
    "required_assurance", "due",
)  # fmt: skip
MOST_DOCUMENTS = 20


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter's fields, read but not yet decided.

    recipient: a pseudonym in its normal form, or a test recipient. topic: a slug, "" for none.
    """

    recipient: str
    reference: str
    subject: str
    body: str = ""
    language: str = "ja"
    topic: str = ""
    documents: tuple[str, ...] = ()
    required_assurance: int = 0
    due: date | None = None

    def as_fields(self) -> dict[str, object]:
        """Return plain JSON values, which read_draft reads back."""
        fields = asdict(self)
        fields["documents"] = list(self.documents)
        fields["due"] = self.due.isoformat() if self.due else None
        return fields

    @property
    def holds_my_number(self) -> bool:
        return contains_my_number(f"{self.subject}\n{self.body}")


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one item gave: a draft, or what is wrong with it.

    recipient, reference: as far as they could be read, for the result.
    """

    draft: Draft | None
    errors: tuple[FieldError, ...] = ()
    recipient: str = ""
    reference: str = ""


class _Reader:
    """Takes fields one by one and notes what is wrong at each."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self.fields = fields
        self.errors: list[FieldError] = []

    def wrong(self, name: str, detail: str, code: str = "field_invalid") -> None:
        self.errors.append(FieldError(f"/{name}", code, detail))

    def text(self, name: str, *, required: bool = False, code: str = "field_invalid") -> str:
        value = self.fields.get(name)
        if value is None or value == "":
            if required:
                self.wrong(name, _("This field is required."), code)
            return ""
        if not isinstance(value, str):
            self.wrong(name, _("This must be text."))
            return ""
        return self._clean(name, value)

    def _clean(self, name: str, value: str) -> str:
        if len(value) > LONGEST[name]:
            self.wrong(name, TOO_LONG[LONGEST[name]])
        lines_allowed = name == "body"
        if any(_is_control(char, lines_allowed=lines_allowed) for char in value):
            self.wrong(name, _("Control characters are not allowed."))
            return ""
        return value if lines_allowed else value.strip()

    def recipient(self) -> str:
        written = self.text("recipient", required=True)
        if written.startswith("TEST-"):
            return written
        # A wrong check character is told apart from nothing: to the sender it is unknown.
        return normalise_pseudonym(written) or written

    def language(self) -> str:
        language = self.fields.get("language") or "ja"
        if language not in LANGUAGES:
            self.wrong("language", _("The language must be ja or en."))
        return str(language)

    def documents(self) -> tuple[str, ...]:
        names = self.fields.get("documents") or []
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            self.wrong("documents", _("This must be a list of document names."))
            return ()
        if len(names) > MOST_DOCUMENTS or len(set(names)) < len(names):
            self.wrong("documents", _("Name at most 20 documents, each once."))
        return tuple(names)

    def level(self) -> int:
        value = self.fields.get("required_assurance") or 0
        try:
            level = int(str(value))
        except ValueError:
            level = -1
        if level not in range(4):
            self.wrong("required_assurance", _("The level must be 0, 1, 2 or 3."))
        return level

    def due(self) -> date | None:
        value = self.fields.get("due")
        if value is None or value == "":
            return None
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.wrong("due", _("Write the date as 2026-12-31."))
            return None


def _is_control(char: str, *, lines_allowed: bool) -> bool:
    if lines_allowed and char in "\n\r\t":
        return False
    return char < " " or char == "\x7f" or "\ud800" <= char <= "\udfff"


def read_draft(fields: Mapping[str, object]) -> Reading:
    """Read one item's fields; unknown ones are refused. Never raises."""
    reader = _Reader(fields)
    for name in fields:
        if name not in FIELDS:
            reader.wrong(str(name)[:100], _("There is no such field."))
    draft = Draft(
        recipient=reader.recipient(),
        reference=reader.text("reference", required=True),
        subject=reader.text("subject", required=True, code="subject_missing"),
        body=reader.text("body"),
        language=reader.language(),
        topic=reader.text("topic"),
        documents=reader.documents(),
        required_assurance=reader.level(),
        due=reader.due(),
    )
    if reader.errors:
        return Reading(None, tuple(reader.errors), draft.recipient[:60], draft.reference[:100])
    return Reading(draft, (), draft.recipient, draft.reference)
