"""A receipt as the service would issue it, from a small log with other people's lines around."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mypost.kernel import merkle
from mypost.kernel.canonical import canonical_json
from mypost.kernel.checkpoint import Checkpoint, sign_checkpoint, verifier_key
from mypost.kernel.evidence_entry import Event, build_entry
from mypost.kernel.receipt import ReceiptLine, build_receipt

LETTER = UUID("019d4000-0000-7000-8000-000000000001")
LOG_NAME = "mypost.example/log"
LOG = Ed25519PrivateKey.from_private_bytes(b"l" * 32)
KEY = verifier_key(LOG_NAME, LOG.public_key())
DOCUMENTS = [b"%PDF-1.7 notice", b"%PDF-1.7 leaflet"]
TEXT = "納税通知書\n\n別紙をご覧ください。"
AT = datetime(2026, 4, 1, tzinfo=UTC)
FACTS = {
    "sender": "019d4000-0000-7000-8000-00000000c17e",
    "recipient": "0123-4567-89AB-CDEF-GHJK",
    "reference": "R8-税-000123",
    "documents": canonical_json([hashlib.sha256(one).hexdigest() for one in DOCUMENTS]).decode(),
    "text": TEXT,
}
OPENED = {name: FACTS[name] for name in ("sender", "recipient", "reference", "documents")}
STORY = (Event.SUBMISSION_ACCEPTANCE, Event.CONTENT_CONSIGNMENT, Event.CONTENT_HANDOVER)
PLACES = (17, 255, 301)  # across a tile's border
SIZE = 333


def entry_of(number: int, subject: UUID = LETTER) -> bytes:
    return build_entry(
        id=UUID(int=number + 1),
        event=STORY[number % 3],
        at=AT + timedelta(minutes=number),
        issuer="mypost.example",
        subject_id=subject,
        salt=bytes([number]) * 32,
        facts=FACTS,
    )


def receipt(**changes: Any) -> dict[str, Any]:
    """The bundle as it comes back from JSON; changes replace arguments of build_receipt."""
    leaves = [merkle.leaf_hash(b"somebody else's line %d" % place) for place in range(SIZE)]
    entries = {place: entry_of(number) for number, place in enumerate(PLACES)}
    for place, entry in entries.items():
        leaves[place] = merkle.leaf_hash(entry)
    tiles = merkle.append(lambda level, index: b"", 0, leaves)
    head = Checkpoint(LOG_NAME, SIZE, merkle.root_of(leaves))
    lines = [
        ReceiptLine(
            leaf_index=place,
            entry=entry.decode(),
            proof=merkle.inclusion_proof(lambda level, index: tiles[level, index], place, SIZE),
            salt=bytes([number]) * 32,
        )
        for number, (place, entry) in enumerate(entries.items())
    ]
    arguments: dict[str, Any] = {
        "letter_id": LETTER,
        "holder": "member",
        "note": sign_checkpoint(head, name=LOG_NAME, private_key=LOG),
        "lines": lines,
        "facts": OPENED,
    }
    bundle = build_receipt(**{**arguments, **changes})
    return json.loads(json.dumps(bundle))  # type: ignore[no-any-return]
