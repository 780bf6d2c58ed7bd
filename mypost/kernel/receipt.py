"""Receipts: a letter's evidence with proofs, for sender and member, checked without us."""

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from mypost.kernel.canonical import canonical_json
from mypost.kernel.checkpoint import Checkpoint, open_checkpoint
from mypost.kernel.errors import (
    CheckpointInvalid,
    EntryMalformed,
    EntryTooLarge,
    ReceiptMalformed,
)
from mypost.kernel.evidence_entry import (
    EvidenceEntry,
    field_salt,
    open_commitment,
    read_entry,
    short_name,
)
from mypost.kernel.merkle import leaf_hash, verify_inclusion
from mypost.kernel.receipt_bundle import FORMAT, Bundle, BundleLine, Disclosure, read_bundle


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One line for a receipt: its place in the log, canonical entry, audit path and secret salt."""

    leaf_index: int
    entry: str
    proof: Sequence[bytes]
    salt: bytes


def build_receipt(
    *,
    letter_id: UUID,
    holder: str,
    note: str,
    lines: Sequence[ReceiptLine],
    facts: Mapping[str, str],
) -> dict[str, object]:
    """Return the bundle of a letter's evidence, ready for JSON.

    holder: "sender" or "member". note: the signed checkpoint under which all proofs were made.
    lines: in the order of the log, at least one. facts: values written into the receipt; every
    other fact is opened by its salt alone, for whoever holds the value. A salt lets its holder
    try values, so a line must have no fact that one of the two may not learn.
    """
    return {
        "format": FORMAT,
        "letter": str(letter_id),
        "holder": holder,
        "checkpoint": note,
        "lines": [_written(line, facts) for line in lines],
    }


def _written(line: ReceiptLine, facts: Mapping[str, str]) -> dict[str, object]:
    committed = json.loads(line.entry)["facts"]
    return {
        "leaf_index": line.leaf_index,
        "entry": line.entry,
        "proof": [b64encode(node).decode() for node in line.proof],
        "disclosed": {fact: _disclosed(line.salt, fact, facts.get(fact)) for fact in committed},
    }


def _disclosed(salt: bytes, fact: str, value: str | None) -> dict[str, str]:
    opened = {"salt": field_salt(salt, fact).hex()}
    return opened if value is None else {**opened, "value": value}


class Reason(StrEnum):
    """Why a receipt, or one of its lines, is refused. Codes are stable."""

    RECEIPT_MALFORMED = "receipt_malformed"
    CHECKPOINT_INVALID = "checkpoint_invalid"
    LINE_REPEATED = "line_repeated"
    DOCUMENTS_NOT_DISCLOSED = "documents_not_disclosed"
    TEXT_NOT_DISCLOSED = "text_not_disclosed"
    ENTRY_MALFORMED = "entry_malformed"
    LETTER_MISMATCH = "letter_mismatch"
    PROOF_INVALID = "proof_invalid"
    FACT_UNKNOWN = "fact_unknown"
    FACT_MISMATCH = "fact_mismatch"
    DOCUMENTS_MISMATCH = "documents_mismatch"
    TEXT_MISMATCH = "text_mismatch"


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """What one line proves: an event, its time (RFC 3339, UTC), and the facts that were opened.

    A line that does not hold proves no fact; its event and time are what it claims.
    unchecked: facts whose salt is disclosed, but for which nobody gave a value to compare.
    """

    reasons: tuple[Reason, ...]
    event: str = ""
    time: str = ""
    proved: Mapping[str, str] = field(default_factory=dict)
    unchecked: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the line holds."""
        return not self.reasons


@dataclass(frozen=True, slots=True)
class ReceiptVerdict:
    """What a receipt proves. Without a checkpoint nothing was proved and there are no lines."""

    reasons: tuple[Reason, ...]
    letter: str = ""
    checkpoint: Checkpoint | None = None
    lines: tuple[LineVerdict, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether the receipt and every line of it hold."""
        return not self.reasons and all(line.ok for line in self.lines)


def check_receipt(
    bundle: object,
    *,
    verifier_key: str,
    documents: Sequence[bytes] = (),
    text: str | None = None,
) -> ReceiptVerdict:
    """Judge a receipt without trusting whoever issued it or brought it.

    bundle: parsed JSON of any origin. documents: files to compare, in the letter's order when the
    receipt does not list their digests. text: subject, empty line, body.
    1. The bundle has the form of a receipt.
    2. Its checkpoint is signed by the owner of the verifier key.
    3. Each line stands in the log, once, and speaks of this letter.
    4. Each opened fact is what was committed to, and what was given for comparison is too.
    Raises VerifierKeyMalformed, and nothing else: whatever a bundle holds, it gets a verdict.
    Source: RFC 6962 §2.1.1; C2SP tlog-checkpoint §Note text.
    """
    try:
        receipt = read_bundle(bundle)  # 1
        checkpoint = open_checkpoint(receipt.checkpoint, verifier_key=verifier_key)  # 2
    except ReceiptMalformed:
        return ReceiptVerdict((Reason.RECEIPT_MALFORMED,))
    except CheckpointInvalid:
        return ReceiptVerdict((Reason.CHECKPOINT_INVALID,), receipt.letter)
    given = _Given(tuple(hashlib.sha256(document).hexdigest() for document in documents), text)
    return ReceiptVerdict(
        reasons=(*_repetitions(receipt), *given.undisclosed(receipt)),
        letter=receipt.letter,
        checkpoint=checkpoint,
        lines=tuple(_judge(line, receipt.letter, checkpoint, given) for line in receipt.lines),
    )


def _repetitions(bundle: Bundle) -> list[Reason]:
    """A line shown twice could pass for two events."""
    places = {line.leaf_index for line in bundle.lines}
    return [] if len(places) == len(bundle.lines) else [Reason.LINE_REPEATED]


@dataclass(frozen=True, slots=True)
class _Given:
    """What the holder brought for comparison: digests of documents in hex, and the text."""

    digests: tuple[str, ...]
    text: str | None

    def undisclosed(self, bundle: Bundle) -> list[Reason]:
        """Say which of it no line of the receipt can be compared with."""
        opened = {fact for line in bundle.lines for fact in line.disclosed}
        missing = []
        if self.digests and "documents" not in opened:
            missing.append(Reason.DOCUMENTS_NOT_DISCLOSED)
        if self.text is not None and "text" not in opened:
            missing.append(Reason.TEXT_NOT_DISCLOSED)
        return missing

    def has(self, fact: str) -> bool:
        """Whether something was brought to compare with this fact."""
        return (fact == "documents" and bool(self.digests)) or (
            fact == "text" and self.text is not None
        )

    def differs(self, fact: str, opened: Disclosure, committed: str) -> bool:
        """Whether what was brought is not what the letter held. Digests may be a part of a list."""
        if fact == "documents" and opened.value is not None:
            return any(f'"{digest}"' not in opened.value for digest in self.digests)
        value = canonical_json(self.digests).decode() if fact == "documents" else self.text
        return value is None or open_commitment(opened.salt, value) != committed


def _judge(line: BundleLine, letter: str, checkpoint: Checkpoint, given: _Given) -> LineVerdict:
    """Return the verdict on one line. An entry that cannot be read proves nothing further."""
    try:
        entry, leaf = read_entry(line.entry), leaf_hash(line.entry)
    except (EntryMalformed, EntryTooLarge):
        return LineVerdict((Reason.ENTRY_MALFORMED,))
    reasons = [] if entry.subject == letter else [Reason.LETTER_MISMATCH]
    size, root = checkpoint.size, checkpoint.root
    if not verify_inclusion(leaf, line.leaf_index, size, line.proof, root):
        reasons.append(Reason.PROOF_INVALID)
    reasons += _fact_reasons(line, entry, given)
    event = short_name(entry.event)
    if reasons:
        return LineVerdict(tuple(dict.fromkeys(reasons)), event, entry.time)
    values = {fact: opened.value for fact, opened in line.disclosed.items()}
    proved = {fact: value for fact, value in values.items() if value is not None}
    unchecked = (fact for fact in values if fact not in proved and not given.has(fact))
    return LineVerdict((), event, entry.time, proved, tuple(unchecked))


def _fact_reasons(line: BundleLine, entry: EvidenceEntry, given: _Given) -> list[Reason]:
    """Return what is wrong with the facts this line opens."""
    reasons = []
    for fact, opened in line.disclosed.items():
        committed = entry.facts.get(fact)
        if committed is None:
            reasons.append(Reason.FACT_UNKNOWN)
        elif opened.value is not None and open_commitment(opened.salt, opened.value) != committed:
            reasons.append(Reason.FACT_MISMATCH)
        elif given.has(fact) and given.differs(fact, opened, committed):
            documents = fact == "documents"
            reasons.append(Reason.DOCUMENTS_MISMATCH if documents else Reason.TEXT_MISMATCH)
    return reasons
