"""One letter as its sender wrote it: reading its fields, from JSON or from a row."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

# Noted in English, shown in the reader's language: the worker does not know who will read it.
from django.utils.translation import gettext_noop as _

from mypost.intake.errors import FieldError, FieldsInvalid
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
LONGEST_NAME = 200  # of a document
LANGUAGES = ("ja", "en")
FIELDS = (
    "recipient", "reference", "subject", "body", "language", "topic", "documents",
    "required_assurance", "required_aal", "confidential", "due",
)  # fmt: skip
MOST_DOCUMENTS = 20
DEEPEST = 8  # lists and objects within each other
LEVEL = re.compile(r"[0-3]")
AAL = re.compile(r"[1-3]")
YES_OR_NO = {  # JSON's own, and what stands in cells
    True: True, "true": True, "1": True, "はい": True,
    False: False, "false": False, "0": False, "いいえ": False,
}  # fmt: skip
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

# What no text may hold: control characters, halves of a pair of UTF-16, and the characters that
# turn the reading direction, which can make a line say the opposite on screen. Tabs and line ends
# stand in the body alone.
NEVER = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069"
CONTROL_CHARACTERS = _("Control characters are not allowed.")
NOT_IN_BODY = re.compile(f"[{NEVER}]")
NOT_IN_A_LINE = re.compile(f"[{NEVER}\t\n\r\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter's fields, read but not yet decided.

    recipient: a pseudonym in its normal form, or a test recipient. topic: a slug, "" for none.
    required_aal: 1 to 3, how strongly the reader must have signed in when the letter is opened.
    confidential: whoever may not open it does not learn who wrote either.
    """

    recipient: str
    reference: str
    subject: str
    body: str = ""
    language: str = "ja"
    topic: str = ""
    documents: tuple[str, ...] = ()
    required_assurance: int = 0
    required_aal: int = 1
    confidential: bool = False
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
        self.errors.append(FieldError(_pointer(name), code, detail))

    def given(self, name: str) -> object:
        """Return a field's value, None when it is absent, null or an empty cell."""
        value = self.fields.get(name)
        return None if value == "" else value

    def text(self, name: str, *, required: bool = False, code: str = "field_invalid") -> str:
        value = self.given(name)
        if value is not None and not isinstance(value, str):
            self.wrong(name, _("This must be text."))
            return ""
        if required and (value is None or not value.strip()):
            self.wrong(name, _("This field is required."), code)
            return ""
        return self._clean(name, value or "")

    def _clean(self, name: str, value: str) -> str:
        if len(value) > LONGEST[name]:
            self.wrong(name, TOO_LONG[LONGEST[name]])
        forbidden = NOT_IN_BODY if name == "body" else NOT_IN_A_LINE
        if forbidden.search(value):
            self.wrong(name, CONTROL_CHARACTERS)
            return ""
        return value if name == "body" else value.strip()

    def recipient(self) -> str:
        written = self.text("recipient", required=True)
        if written.startswith("TEST-"):
            return written
        # A wrong check character is told apart from nothing: to the sender it is unknown.
        return normalise_pseudonym(written) or written

    def language(self) -> str:
        language = self.given("language")
        if language is not None and language not in LANGUAGES:
            self.wrong("language", _("The language must be ja or en."))
        return str(language or "ja")

    def documents(self) -> tuple[str, ...]:
        names = self.given("documents")
        if names is None:
            return ()
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            self.wrong("documents", _("This must be a list of document names."))
            return ()
        names = [in_one_form(name) for name in names]
        if len(names) > MOST_DOCUMENTS or len(set(names)) < len(names):
            self.wrong("documents", _("Name at most 20 documents, each once."))
        for fault in filter(None, map(fault_of_name, names)):
            self.wrong("documents", fault)
        return tuple(names)

    def level(self) -> int:
        level = self.given("required_assurance")
        if level is not None and not LEVEL.fullmatch(str(level)):
            self.wrong("required_assurance", _("The level must be 0, 1, 2 or 3."))
            return 0
        return int(str(level or 0))

    def aal(self) -> int:
        aal = self.given("required_aal")
        if aal is not None and not AAL.fullmatch(str(aal)):
            self.wrong("required_aal", _("The strength of the sign-in must be 1, 2 or 3."))
            return 1
        return int(str(aal or 1))

    def confidential(self) -> bool:
        written = self.given("confidential")
        said = written.lower() if isinstance(written, str) else written
        if said is None:
            return False
        if not isinstance(said, bool | str) or said not in YES_OR_NO:
            self.wrong("confidential", _("This must be true or false."))
            return False
        return YES_OR_NO[said]

    def due(self) -> date | None:
        due = self.given("due")
        if due is None:
            return None
        try:
            return date.fromisoformat(str(due) if DAY.fullmatch(str(due)) else "")
        except ValueError:
            self.wrong("due", _("Write the date as 2026-12-31."))
            return None


def document_name(name: str) -> str:
    """Return a document's name in the form under which items find it. Raises FieldsInvalid."""
    name = in_one_form(name)
    fault = fault_of_name(name)
    if fault:
        raise FieldsInvalid([FieldError("/documents", "field_invalid", fault)])
    return name


def in_one_form(name: str) -> str:
    """Return a name with が as one character: a Mac writes it as two, a CSV file as one."""
    return unicodedata.normalize("NFC", name).strip()


def fault_of_name(name: str) -> str | None:
    """Return what is wrong with a document's name, None when nothing is."""
    if not name:
        return _("Each document needs a name of its own.")
    if len(name) > LONGEST_NAME:
        return _("At most 200 characters are allowed.")
    return CONTROL_CHARACTERS if NOT_IN_A_LINE.search(name) else None


def _pointer(name: str) -> str:
    """Return the JSON pointer of a field, whatever its name. Source: RFC 6901 §3."""
    shown = NOT_IN_A_LINE.sub("\N{REPLACEMENT CHARACTER}", name[:100])
    return "/" + shown.replace("~", "~0").replace("/", "~1")


def read_json_object(text: str) -> dict[str, object] | None:
    """Return the fields of a JSON object, None when the text is not one.

    Stricter than JSON: no field twice, no NaN, and nothing nested deeper than 8, so that whoever
    writes the fields down again cannot fail. Source: RFC 8259, RFC 7493 §2.
    """
    try:
        value = json.loads(text, object_pairs_hook=_unrepeated, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and not _is_deeper(value, DEEPEST) else None


def _unrepeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a field stands there twice")
    return fields


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _is_deeper(value: object, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(part, levels - 1) for part in inner)


def read_draft(fields: Mapping[str, object]) -> Reading:
    """Read one item's fields; unknown ones are refused. Never raises."""
    reader = _Reader(fields)
    for name in fields:
        if name not in FIELDS:
            reader.wrong(name, _("There is no such field."))
    draft = Draft(
        recipient=reader.recipient(),
        reference=reader.text("reference", required=True),
        subject=reader.text("subject", required=True, code="subject_missing"),
        body=reader.text("body"),
        language=reader.language(),
        topic=reader.text("topic"),
        documents=reader.documents(),
        required_assurance=reader.level(),
        required_aal=reader.aal(),
        confidential=reader.confidential(),
        due=reader.due(),
    )
    if reader.errors:
        return Reading(None, tuple(reader.errors), draft.recipient[:60], draft.reference[:100])
    return Reading(draft, (), draft.recipient, draft.reference)
