"""The shapes of requests and answers, for OpenAPI and for checking what comes in."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from mypost.intake.drafts import LONGEST, MOST_DOCUMENTS, NOT_IN_A_LINE
from mypost.intake.models import Consignment, Item


def _one_line(text: str) -> str:
    """Refuse what no line may hold, as intake does for letters."""
    if NOT_IN_A_LINE.search(text):
        raise PydanticCustomError("string_pattern_mismatch", "a control character")
    return text


def _one_of(*values: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(values)})


Line = Annotated[str, AfterValidator(_one_line)]
Outcome = Annotated[str, _one_of(*Item.State.values)]
LetterStage = Annotated[str, _one_of(*Item.State.values, "opened")]
ConsignmentStage = Annotated[str, _one_of(*Consignment.State.values)]


class Strict(Schema):
    """A request's body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class LetterFields(Strict):
    """The JSON part `letter`, and one line of NDJSON. intake/drafts.py reads it."""

    recipient: str = Field(
        max_length=LONGEST["recipient"],
        description=_("The member's pseudonym (仮名ID), or a test recipient."),
    )
    reference: str = Field(
        max_length=LONGEST["reference"],
        description=_("Your own name for the letter. No two accepted letters have the same one."),
    )
    subject: str = Field(max_length=LONGEST["subject"], description=_("What the letter is about."))
    body: str = Field("", max_length=LONGEST["body"], description=_("The text, in Markdown."))
    language: Literal["ja", "en"] = Field("ja", description=_("The language of the letter."))
    topic: str = Field(
        "", max_length=LONGEST["topic"], description=_("The short name of one of your topics.")
    )
    documents: list[str] = Field(
        [],
        max_length=MOST_DOCUMENTS,
        description=_(
            "Names of the documents, in order. Of a single letter: when left out, all that come"
            " with it."
        ),
    )
    required_assurance: int = Field(
        0, ge=0, le=3, description=_("The assurance level a member needs to get this letter.")
    )
    required_aal: int = Field(
        1,
        ge=1,
        le=3,
        description=_(
            "How strongly the member must have signed in when they open the letter: 1 anyhow,"
            " 2 with a passkey or a one-time code, 3 with the My Number Card."
        ),
    )
    confidential: bool = Field(
        False,
        description=_(
            "Whoever may not open the letter now does not learn either who wrote it; the alert"
            " says only that a letter waits."
        ),
    )
    due: date | None = Field(None, description=_("The day by which the member should act."))


class NewConsignment(Strict):
    """Opens a consignment."""

    reference: Line = Field(
        min_length=1, max_length=100, description=_("Your own name for the consignment.")
    )
    topic: Line = Field(
        "", max_length=50, description=_("The topic of every item that names none itself.")
    )


class Submission(Strict):
    """How a consignment is let go."""

    mode: Literal["send"] = Field("send", description=_("Deliver what is accepted."))
    release: Literal["all"] = Field("all", description=_("The share that is delivered."))


class Verdict(Schema):
    """What became of a letter, told in the answer that takes it in."""

    id: UUID = Field(description=_("The letter's identifier."))
    number: str = Field(description=_("The letter's number, for people to read aloud."))
    state: Outcome = Field(description=_("In the mailbox, on paper, or refused."))
    code: str | None = Field(None, description=_("Why it was refused."))
    place: str | None = Field(None, description=_("The field or document at fault."))
    detail: str | None = Field(None, description=_("One sentence about it."))
    reference: str = Field(description=_("Your own name for the letter."))
    accepted_at: datetime = Field(description=_("When it was decided."))


class LetterState(Schema):
    """A letter's state and times."""

    id: UUID = Field(description=_("The letter's identifier."))
    number: str = Field(description=_("The letter's number, for people to read aloud."))
    state: LetterStage = Field(description=_("In the mailbox, opened there, on paper, or refused."))
    code: str | None = Field(None, description=_("Why it was refused."))
    reference: str = Field(description=_("Your own name for the letter."))
    recipient: str = Field(description=_("The member's pseudonym (仮名ID), or a test recipient."))
    consignment: UUID = Field(description=_("What it was handed in with."))
    live: bool = Field(description=_("False for a test."))
    accepted_at: datetime = Field(description=_("When it was decided."))
    consigned_at: datetime | None = Field(None, description=_("When it lay in the mailbox."))
    alerted_at: datetime | None = Field(
        None, description=_("When the mail server took the mail that says there is post.")
    )
    opened_at: datetime | None = Field(None, description=_("When the member first opened it."))
    required_assurance: int | None = Field(
        None,
        description=_("The assurance level it demands: the highest of its own, topic's and yours."),
    )
    required_aal: int | None = Field(
        None, description=_("How strongly the member must have signed in to open it.")
    )
    confidential: bool | None = Field(
        None, description=_("Whether it hides its sender until it opens.")
    )


class ConsignmentState(Schema):
    """A consignment's ledger: submitted = in_mailbox + on_paper + refused + pending, always."""

    id: UUID = Field(description=_("The consignment's identifier."))
    reference: str = Field(description=_("Your own name for the consignment."))
    state: ConsignmentStage = Field(
        description=_("Open for documents and items, submitted, being delivered, or completed.")
    )
    live: bool = Field(description=_("False for a test."))
    submitted: int = Field(description=_("All items: the sum of the next four, always."))
    in_mailbox: int = Field(description=_("Items delivered to a mailbox."))
    on_paper: int = Field(description=_("Items that go by paper."))
    refused: int = Field(description=_("Items refused, each with a code."))
    pending: int = Field(description=_("Items not decided yet."))
    recalled: int = Field(description=_("Delivered letters that you took back."))
    opened: int = Field(description=_("Delivered letters that were opened."))


class DocumentTaken(Schema):
    """A document that was taken in; its examination follows the submission."""

    name: str = Field(description=_("The name by which items ask for it."))
    size: int = Field(description=_("Its size in bytes."))


class ItemResult(Schema):
    """What became of one item."""

    position: int = Field(description=_("Its place in your file, 1 for the first item."))
    recipient: str = Field(description=_("The recipient as you wrote it."))
    reference: str = Field(description=_("Your own name for the letter."))
    result: Outcome = Field(description=_("In the mailbox, on paper, or refused."))
    code: str | None = Field(None, description=_("Why it was refused."))
    place: str | None = Field(None, description=_("The field or document at fault."))
    detail: str | None = Field(None, description=_("One sentence about it."))
    letter_id: UUID = Field(description=_("The letter's identifier."))


class ItemPage(Schema):
    """Decided items in the order of the sender's file."""

    items: list[ItemResult] = Field(description=_("Results, in the order of your file."))
    next: str | None = Field(
        None, description=_("Pass it on as “after”. Left out when there was nothing more.")
    )


class EventLine(Schema):
    """One event."""

    id: str = Field(description=_("Its place in the evidence log; also its cursor."))
    type: str = Field(description=_("What happened, for instance letter.opened."))
    at: datetime = Field(description=_("When it happened."))
    letter_id: UUID | None = Field(None, description=_("The letter's identifier."))
    consignment_id: UUID | None = Field(None, description=_("The consignment's identifier."))
    reference: str | None = Field(None, description=_("Your own name for the letter."))
    recipient: str | None = Field(None, description=_("The member's pseudonym (仮名ID)."))
    code: str | None = Field(None, description=_("Why it was refused."))


class EventPage(Schema):
    """Events in order."""

    events: list[EventLine] = Field(description=_("Events, the oldest first."))
    next: str = Field(
        description=_("Pass it on as “after”; it is there also when nothing has happened since.")
    )


class FieldProblem(Schema):
    """One thing wrong at one place."""

    pointer: str = Field(description=_("Where: a JSON pointer, or a column's name."))
    code: str = Field(description=_("Its code."))
    detail: str = Field(description=_("One sentence about it."))


class ProblemDocument(Schema):
    """RFC 9457."""

    type: str = Field(description=_("The address of the page about this code."))
    code: str = Field(description=_("The code. It never changes."))
    status: int = Field(description=_("The HTTP status."))
    title: str = Field(description=_("What the code means."))
    detail: str = Field(description=_("What happened this time."))
    instance: str = Field(description=_("The address that was asked."))
    errors: list[FieldProblem] = Field([], description=_("What is wrong, field by field."))
