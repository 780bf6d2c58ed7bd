"""The ledger: every item is in exactly one place, and whoever decides the last one closes it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from mypost.evidence import commands as evidence
from mypost.intake.decision import Decision
from mypost.intake.models import Chunk, Consignment, ConsignmentDocument
from mypost.kernel.canonical import canonical_json
from mypost.kernel.evidence_entry import Event
from mypost.vault import commands as vault

MOVE = """
    UPDATE intake_consignment
       SET in_mailbox = in_mailbox + %s, refused = refused + %s, pending = pending - %s
     WHERE id = %s
 RETURNING pending
"""


def move(consignment: Consignment, decided: Sequence[Decision], *, at: datetime) -> None:
    """Move decided items out of pending. The last act of a transaction: it locks the row that
    all chunks share. Whoever decides the last item completes the consignment.
    """
    accepted = sum(item.accepted for item in decided)
    refused = len(decided) - accepted
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [accepted, refused, len(decided), consignment.id])
        (pending,) = cursor.fetchone()
    if pending == 0:
        _complete(consignment.id, at=at)


def _complete(consignment_id: UUID, *, at: datetime) -> None:
    """Close the ledger and destroy the transit key: only mailbox keys open the letters now.

    The row is ours until the commit: moving the ledger has written it.
    """
    consignment = Consignment.objects.get(id=consignment_id)
    _destroy_what_waited(consignment)
    consignment.state = Consignment.State.COMPLETED
    consignment.completed_at = at
    consignment.transit_key = consignment.items_secret = consignment.items_object = None
    consignment.save()
    if consignment.live:
        _record_completion(consignment, at=at)


def _record_completion(consignment: Consignment, *, at: datetime) -> None:
    counts = {"in_mailbox": consignment.in_mailbox, "refused": consignment.refused}
    facts = {"sender": str(consignment.sender_id), "counts": canonical_json(counts).decode()}
    events = [Event.TRANSIT_KEY_DESTROYED]
    if consignment.kind == Consignment.Kind.BATCH:  # a single letter's sender has its verdict
        events.insert(0, Event.CONSIGNMENT_COMPLETED)
    for event in events:
        evidence.record(
            event, subject_id=consignment.id, sender_id=consignment.sender_id, at=at, facts=facts
        )


def _destroy_what_waited(consignment: Consignment) -> None:
    chunks = Chunk.objects.filter(consignment=consignment)
    documents = ConsignmentDocument.objects.filter(consignment=consignment)
    waited = list(chunks.values_list("object_id", flat=True))
    if consignment.items_object is not None:
        waited.append(consignment.items_object)
    delivered = consignment.live and consignment.in_mailbox > 0
    unwanted = documents.exclude(code=None) if delivered else documents
    waited += unwanted.values_list("object_id", flat=True)
    vault.destroy_objects(waited)
    chunks.update(secret=None)
    documents.delete()  # their names are content, and stand in the envelopes


RULES = {
    "consignments whose ledger does not balance": """
        SELECT id FROM intake_consignment
         WHERE submitted <> in_mailbox + on_paper + refused + pending""",
    "consignments whose items are not what the ledger says": """
        SELECT consignment.id
          FROM intake_consignment AS consignment
          LEFT JOIN intake_item AS item ON item.consignment_id = consignment.id
         GROUP BY consignment.id
        HAVING count(item.position) FILTER (WHERE item.state = 'consigned')
                 <> consignment.in_mailbox
            OR count(item.position) FILTER (WHERE item.state = 'refused')
                 <> consignment.refused""",
    "accepted items of live consignments without their letter": """
        SELECT item.letter_id
          FROM intake_item AS item
          JOIN intake_consignment AS consignment ON consignment.id = item.consignment_id
          LEFT JOIN letters_letter AS letter ON letter.id = item.letter_id
         WHERE item.state = 'consigned' AND consignment.live AND letter.id IS NULL""",
    "letters without an accepted item": """
        SELECT letter.id
          FROM letters_letter AS letter
          LEFT JOIN intake_item AS item
            ON item.letter_id = letter.id AND item.state = 'consigned'
         WHERE item.letter_id IS NULL""",
    "letters without an envelope": """
        SELECT letter.id
          FROM letters_letter AS letter
          LEFT JOIN vault_envelope AS envelope
            ON envelope.mailbox_id = letter.mailbox_id AND envelope.letter_id = letter.id
         WHERE envelope.letter_id IS NULL""",
    "letters whose consignment is not proved once": """
        SELECT letter.id
          FROM letters_letter AS letter
          LEFT JOIN evidence_line AS line
            ON line.subject_id = letter.id AND line.mailbox_id = letter.mailbox_id
           AND line.event = 'ContentConsignment'
         GROUP BY letter.id
        HAVING count(line.id) <> 1""",
    "opened letters whose opening is not proved once": """
        SELECT letter.id
          FROM letters_letter AS letter
          LEFT JOIN evidence_line AS line
            ON line.subject_id = letter.id AND line.mailbox_id = letter.mailbox_id
           AND line.event = 'ContentHandover'
         GROUP BY letter.id, letter.state
        HAVING count(line.id) <> (letter.state = 'handed_over')::int""",
    "letters that owe no alert": """
        SELECT letter.id
          FROM letters_letter AS letter
          LEFT JOIN notifications_alert AS alert
            ON alert.mailbox_id = letter.mailbox_id AND alert.letter_id = letter.id
         WHERE alert.letter_id IS NULL""",
    "references held by more than one letter": """
        SELECT item.sender_id
          FROM intake_item AS item
          JOIN intake_consignment AS consignment ON consignment.id = item.consignment_id
         WHERE item.state = 'consigned' AND consignment.live
         GROUP BY item.sender_id, item.reference
        HAVING count(*) > 1""",
}


def check() -> dict[str, int]:
    """Ask the database whether every item is in exactly one place and every act is proved.

    Returns how many rows break each rule; an empty answer means the ledger is whole.
    """
    found = {}
    with connection.cursor() as cursor:
        for rule, question in RULES.items():
            cursor.execute(f"SELECT count(*) FROM ({question}) AS broken")  # noqa: S608
            (count,) = cursor.fetchone()
            if count:
                found[rule] = count
    return found
