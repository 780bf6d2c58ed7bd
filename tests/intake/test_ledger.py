"""The ledger's questions to the database: each finds what it is there to find."""

import pytest
from django.db import IntegrityError, connection

from mypost.intake import ledger
from mypost.intake.ledger import check
from mypost.intake.models import Consignment
from mypost.letters import commands as letters
from mypost.letters.models import Letter
from mypost.members.models import Member
from tests.conftest import LATER, SendLetter
from tests.intake.conftest import Fields, HandIn, work_off

DAMAGE = {
    "consignments whose items are not what the ledger says": "DELETE FROM intake_item",
    "accepted items of live consignments without their letter": "DELETE FROM letters_letter",
    "letters without an accepted item": "DELETE FROM intake_item",
    "letters without an envelope": "DELETE FROM vault_envelope",
    "letters whose consignment is not proved once": """
        INSERT INTO evidence_line (mailbox_id, id, event, subject_id, at, salt, entry)
        SELECT mailbox_id, gen_random_uuid(), event, subject_id, at, salt, entry
          FROM evidence_line WHERE event = 'ContentConsignment'""",
    "opened letters whose opening is not proved once": """
        DELETE FROM evidence_line WHERE event = 'ContentHandover'""",
    "letters that owe no alert": "DELETE FROM notifications_alert",
    "references held by more than one letter": """
        UPDATE intake_item SET reference = 'R-1'""",
}
# What no damage can be done to: the database itself holds it.
RULES = {*DAMAGE, "consignments whose ledger does not balance"}


def do(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def two_letters(send_letter: SendLetter, hanako: Member) -> None:
    """Two delivered letters, the first one opened."""
    first = send_letter(reference="R-1")
    send_letter(reference="R-2")
    letters.hand_over(first.letter_id, reader=hanako, aal=1, at=LATER)


@pytest.mark.usefixtures("two_letters")
def test_a_whole_ledger_breaks_no_rule() -> None:
    assert check() == {}


@pytest.mark.usefixtures("two_letters")
@pytest.mark.parametrize("rule", DAMAGE)
def test_what_is_broken_is_found(rule: str) -> None:
    do(DAMAGE[rule])
    assert check()[rule] > 0


def test_every_rule_is_tried() -> None:
    assert ledger.RULES.keys() == RULES


@pytest.mark.usefixtures("two_letters")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE intake_consignment SET in_mailbox = in_mailbox + 1",
        "UPDATE intake_consignment SET pending = -1, in_mailbox = 2",
        "UPDATE intake_consignment SET state = 'open'",
        "UPDATE intake_consignment SET transit_key = 'x'",
        "UPDATE intake_item SET code = 'recipient_unknown'",
        "UPDATE intake_item SET state = 'refused'",
    ],
)
def test_the_database_itself_refuses_what_cannot_be(statement: str) -> None:
    with pytest.raises(IntegrityError):
        do(statement)


def test_an_item_is_completed_by_whoever_decides_the_last(hand_in: HandIn, item: Fields) -> None:
    consignment = work_off(hand_in([item]))
    assert consignment.completed_at == LATER
    assert Letter.objects.count() == 1


def test_a_consignment_can_only_complete_when_nothing_is_pending(
    hand_in: HandIn, item: Fields
) -> None:
    consignment = hand_in([item])
    with pytest.raises(IntegrityError):
        Consignment.objects.filter(id=consignment.id).update(
            state="completed", completed_at=LATER, transit_key=None, items_secret=None
        )
