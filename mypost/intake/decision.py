"""Deciding items: each becomes exactly one of consigned, on paper, or refused with a code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_noop as _

from mypost.intake.drafts import Draft, Reading
from mypost.intake.models import Consignment
from mypost.kernel.codes import contains_my_number
from mypost.senders.models import Sender, Topic
from mypost.subscriptions import queries as subscriptions
from mypost.subscriptions.queries import Addressee
from mypost.vault.envelope import Document

TEST_DELIVERED, TEST_REFUSED = "TEST-DELIVERED", "TEST-REFUSED-"

DETAILS = {  # every code of refusal
    "recipient_unknown": _("No member who chose this sender has this pseudonym."),
    "topic_declined": _("The member does not want this topic."),
    "assurance_too_low": _("The member's identity is not proved well enough for this letter."),
    "reference_repeated": _("A letter with this reference was accepted before."),
    "document_missing": _("No document of this name was handed in."),
    "document_invalid": _("The document is not a readable PDF."),
    "document_too_large": _("The document is larger than allowed."),
    "document_active_content": _("The document has active content."),
    "document_encrypted": _("The document is encrypted."),
    "document_infected": _("The document holds a known virus."),
    "contains_my_number": _("The letter contains a My Number, which may not be kept here."),
    "subject_missing": _("The letter has no subject."),
    "field_invalid": _("A field is missing or wrong."),
    "mailbox_full": _("The member's mailbox is full."),
    "sender_suspended": _("The sender's contract is not in force."),
}
TOPIC_UNKNOWN = _("The sender has no such topic.")


@dataclass(frozen=True, slots=True)
class ExaminedDocument:
    """A document with its verdict. document is None when it was refused."""

    document: Document | None
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one item. code "" = accepted for the mailbox, and addressee is set.

    place: the field or document at fault.
    """

    position: int
    letter_id: UUID
    reading: Reading
    code: str = ""
    place: str = ""
    detail: str = ""
    addressee: Addressee | None = None
    topic: Topic | None = None
    documents: tuple[Document, ...] = ()

    @property
    def accepted(self) -> bool:
        return self.code == ""

    def refuse(self, code: str, place: str, detail: str = "") -> "Decision":
        refused = replace(self, code=code, place=place, detail=detail or DETAILS.get(code, ""))
        return replace(refused, addressee=None, documents=())


@dataclass(frozen=True)
class Circumstances:
    """What every decision of one chunk needs to know, asked once.

    clean_texts: grows as decisions are made. A consignment often says the same to everybody,
    and looking for a My Number takes longer than the rest of a decision.
    """

    sender: Sender
    live: bool
    default_topic: Topic | None
    topics: Mapping[str, Topic]
    documents: Mapping[str, ExaminedDocument]
    addressees: Mapping[str, Addressee]
    clean_texts: set[tuple[str, str]] = field(default_factory=set)


def circumstances(
    consignment: Consignment,
    readings: Sequence[Reading],
    documents: Mapping[str, ExaminedDocument],
) -> Circumstances:
    """Ask what deciding needs, with one query each, and lock the members' choices."""
    pseudonyms = [reading.draft.recipient for reading in readings if reading.draft]
    return Circumstances(
        sender=consignment.sender,
        live=consignment.live,
        default_topic=consignment.topic,
        topics={topic.slug: topic for topic in consignment.sender.topics.all()},
        documents=documents,
        addressees=subscriptions.resolve(consignment.sender_id, pseudonyms),
    )


def decide(undecided: Sequence[Decision], known: Circumstances) -> list[Decision]:
    """Decide a chunk's items. In the caller's transaction; accepted references are claimed.

    1. each item by itself, 2. references last, so that a refused item leaves its own free.
    """
    decided = foresee(undecided, known)  # 1
    return _claim_references(decided, known) if known.live else decided  # 2


def foresee(undecided: Sequence[Decision], known: Circumstances) -> list[Decision]:
    """Say what would become of items, each by itself. Writes nothing and claims nothing."""
    return [_decide_one(item, known) for item in undecided]


def _decide_one(item: Decision, known: Circumstances) -> Decision:
    draft = item.reading.draft
    if draft is None:
        error = item.reading.errors[0]
        code = error.code if error.code == "subject_missing" else "field_invalid"
        return item.refuse(code, error.pointer.lstrip("/"), error.detail)
    if not known.sender.may_send:
        return item.refuse("sender_suspended", "")
    for check in (_check_recipient, _check_topic, _check_documents, _check_text):
        item = check(item, draft, known)
        if not item.accepted:
            return item
    return item


def _check_recipient(item: Decision, draft: Draft, known: Circumstances) -> Decision:
    if not known.live and draft.recipient.startswith(TEST_DELIVERED):
        return item
    if not known.live and draft.recipient.startswith(TEST_REFUSED):
        code = draft.recipient.removeprefix(TEST_REFUSED).lower().replace("-", "_")
        return item.refuse(code if code in DETAILS else "recipient_unknown", "recipient")
    addressee = known.addressees.get(draft.recipient)
    if addressee is None:
        return item.refuse("recipient_unknown", "recipient")
    return replace(item, addressee=addressee)


def _check_topic(item: Decision, draft: Draft, known: Circumstances) -> Decision:
    topic = known.topics.get(draft.topic) if draft.topic else known.default_topic
    if draft.topic and topic is None:
        return item.refuse("field_invalid", "topic", TOPIC_UNKNOWN)
    if item.addressee is not None:
        if topic is not None and topic.id in item.addressee.declined_topics:
            return item.refuse("topic_declined", "topic")
        if item.addressee.level < required_level(draft, topic, known.sender):
            return item.refuse("assurance_too_low", "recipient")
    return replace(item, topic=topic)


def required_level(draft: Draft, topic: Topic | None, sender: Sender) -> int:
    """Return the level a member needs for this letter: the highest that anybody demands."""
    of_topic = topic.required_assurance if topic else 0
    return max(draft.required_assurance, of_topic, sender.required_assurance)


def _check_documents(item: Decision, draft: Draft, known: Circumstances) -> Decision:
    documents = []
    for name in draft.documents:
        examined = known.documents.get(name)
        if examined is None:
            return item.refuse("document_missing", name[:100])
        if examined.document is None:
            return item.refuse(examined.code, name[:100], examined.detail)
        documents.append(examined.document)
    return replace(item, documents=tuple(documents))


def _check_text(item: Decision, draft: Draft, known: Circumstances) -> Decision:
    text = (draft.subject, draft.body)
    if text in known.clean_texts:
        return item
    if draft.holds_my_number:
        in_subject = contains_my_number(draft.subject)
        return item.refuse("contains_my_number", "subject" if in_subject else "body")
    known.clean_texts.add(text)
    return item


CLAIM = """
    INSERT INTO intake_usedreference (sender_id, reference, letter_id)
    SELECT %s, claim.reference, claim.letter_id
      FROM unnest(%s::text[], %s::uuid[]) WITH ORDINALITY AS claim (reference, letter_id, place)
     -- Two chunks that claim the same ones wait, and never for each other. In one chunk the
     -- first item wins.
     ORDER BY claim.reference, claim.place
        ON CONFLICT DO NOTHING
 RETURNING letter_id
"""


def _claim_references(decided: list[Decision], known: Circumstances) -> list[Decision]:
    claims = [(item.reading.reference, item.letter_id) for item in decided if item.accepted]
    references, letter_ids = [c[0] for c in claims], [c[1] for c in claims]
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [known.sender.id, references, letter_ids])
        claimed = {row[0] for row in cursor.fetchall()}
    return [
        item.refuse("reference_repeated", "reference")
        if item.accepted and item.letter_id not in claimed
        else item
        for item in decided
    ]
