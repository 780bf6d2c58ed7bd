"""The shapes of requests and answers, for OpenAPI and for checking what comes in."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

SAFE_TEXT = r"^[^\x00-\x1f\x7f]+$"  # no control characters: it is shown and exported


class Strict(Schema):
    """A request's body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class LetterFields(Strict):
    """The JSON part `letter` of a letter, and one line of an NDJSON file of items."""

    recipient: str = Field(description="The pseudonym 仮名ID, or a test recipient.")
    reference: str = Field(max_length=100, description="The sender's own, unique per sender.")
    subject: str = Field(max_length=120)
    body: str = Field("", max_length=10_000, description="Markdown.")
    language: Literal["ja", "en"] = "ja"
    topic: str = Field("", description="The topic's slug.")
    documents: list[str] = Field([], description="Names of the documents, in order.")
    required_assurance: int = Field(0, ge=0, le=3)
    due: date | None = None


class NewConsignment(Strict):
    """Opens a consignment."""

    reference: Annotated[str, Field(min_length=1, max_length=100, pattern=SAFE_TEXT)]
    topic: Annotated[str, Field(max_length=50)] = ""


class Submission(Strict):
    """How a consignment is let go."""

    mode: Literal["send"] = "send"
    release: Literal["all"] = "all"


class Verdict(Schema):
    """What became of a letter, told in the answer that takes it in."""

    id: UUID
    number: str
    state: Literal["consigned", "paper", "refused"]
    code: str | None = None
    place: str | None = Field(None, description="The field or document at fault.")
    detail: str | None = None
    reference: str
    accepted_at: datetime


class LetterState(Schema):
    """A letter's state and times."""

    id: UUID
    number: str
    state: Literal["consigned", "opened", "refused"]
    code: str | None = None
    reference: str
    recipient: str
    consignment: UUID
    live: bool
    accepted_at: datetime
    consigned_at: datetime | None = None
    alerted_at: datetime | None = None
    opened_at: datetime | None = None


class ConsignmentState(Schema):
    """A consignment's ledger: submitted = in_mailbox + on_paper + refused + pending, always."""

    id: UUID
    reference: str
    state: Literal["open", "submitted", "delivering", "completed"]
    live: bool
    submitted: int
    in_mailbox: int
    on_paper: int
    refused: int
    pending: int
    recalled: int
    opened: int


class DocumentTaken(Schema):
    """A document that was taken in; its examination follows the submission."""

    name: str
    size: int


class ItemResult(Schema):
    """What became of one item. position: 1 for the first row."""

    position: int
    recipient: str
    reference: str
    result: Literal["consigned", "paper", "refused"]
    code: str | None
    place: str | None
    letter_id: UUID


class ItemPage(Schema):
    """Decided items in the order of the sender's file. next: pass it as `after`."""

    items: list[ItemResult]
    next: str | None


class EventLine(Schema):
    """One event. id: its place in the evidence log."""

    id: str
    type: str
    at: datetime
    letter_id: UUID | None = None
    consignment_id: UUID | None = None
    reference: str | None = None
    recipient: str | None = None
    code: str | None = None


class EventPage(Schema):
    """Events in order. next: the cursor after the last one, also when there is none yet."""

    events: list[EventLine]
    next: str


class ProblemDocument(Schema):
    """RFC 9457."""

    type: str
    code: str
    status: int
    title: str
    detail: str
    instance: str
    errors: list[dict[str, str]] = []
