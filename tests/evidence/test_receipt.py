"""Receipts of a real letter, checked by the kernel alone."""

import json

import pytest
from django.conf import settings

from mypost.evidence.commands import integrate
from mypost.evidence.errors import ReceiptNotReady
from mypost.intake.commands import HandedDocument
from mypost.intake.models import Item
from mypost.kernel.receipt import ReceiptVerdict, check_receipt
from mypost.letters import commands, queries
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.senders.models import Sender
from mypost.subscriptions.models import Subscription
from tests.conftest import LATER, SendLetter
from tests.evidence.acts import grow_log
from tests.pdf_makers import by_pikepdf

TEXT = "国民健康保険税のお知らせ\n\n納期限は11月30日です。"


@pytest.fixture
def paper() -> bytes:
    return by_pikepdf("Notice")


@pytest.fixture
def item(send_letter: SendLetter, paper: bytes) -> Item:
    return send_letter([HandedDocument("notice.pdf", paper)])


@pytest.fixture
def opened(item: Item, hanako: Member) -> Letter:
    """A letter with a document, opened by Hanako, its evidence in the log among others'."""
    commands.hand_over(item.letter_id, reader=hanako, aal=1, at=LATER)
    grow_log_around()
    return queries.letter_of(hanako, item.letter_id)


def grow_log_around() -> None:
    integrate(at=LATER)
    grow_log(300)


def of_sender(letter: Letter) -> dict[str, object]:
    story = queries.story_for_sender(letter.sender_id, letter.id)
    return queries.receipt_for_sender(story, reference="R-1")


def check(bundle: object, paper: bytes, text: str = TEXT) -> ReceiptVerdict:
    return check_receipt(
        bundle, verifier_key=settings.LOG_VERIFIER_KEY, documents=[paper], text=text
    )


def test_the_senders_receipt_proves_delivery_and_opening(
    opened: Letter, city: Sender, chosen: Subscription, paper: bytes
) -> None:
    verdict = check(of_sender(opened), paper)
    assert verdict.valid
    assert [line.event for line in verdict.lines] == [
        "SubmissionAcceptance", "ContentConsignment", "ContentHandover",
    ]  # fmt: skip
    assert verdict.lines[1].proved == {
        "sender": str(city.id), "recipient": chosen.pseudonym, "reference": "R-1",
    }  # fmt: skip


def test_the_members_receipt_proves_the_same_story(
    opened: Letter, hanako: Member, paper: bytes
) -> None:
    verdict = check(queries.receipt_of_reader(hanako, opened, aal=1), paper)
    assert verdict.valid
    assert verdict.lines[-1].event == "ContentHandover"
    assert verdict.letter == str(opened.id)


def test_both_holders_prove_it_under_the_same_checkpoint(opened: Letter, hanako: Member) -> None:
    mine = queries.receipt_of_reader(hanako, opened, aal=1)
    assert mine["checkpoint"] == of_sender(opened)["checkpoint"]


def test_another_text_or_paper_is_found_out(opened: Letter, paper: bytes) -> None:
    assert not check(of_sender(opened), paper, text="another").valid
    assert not check(of_sender(opened), by_pikepdf("Another")).valid


def test_one_flipped_byte_anywhere_is_found(opened: Letter, paper: bytes) -> None:
    written = json.dumps(of_sender(opened), ensure_ascii=False, separators=(",", ":")).encode()
    for place in range(0, len(written), 5):
        changed = bytearray(written)
        changed[place] ^= 1
        assert not is_accepted(bytes(changed), paper), (place, written[place - 20 : place + 20])


def is_accepted(written: bytes, paper: bytes) -> bool:
    try:
        bundle = json.loads(written)
    except ValueError:  # no JSON, or no UTF-8, any more
        return False
    return check(bundle, paper).valid


def test_before_the_log_has_taken_it_in_there_is_no_receipt(item: Item, hanako: Member) -> None:
    letter = queries.letter_of(hanako, item.letter_id)
    with pytest.raises(ReceiptNotReady):
        queries.receipt_of_reader(hanako, letter, aal=1)


def test_lines_that_wait_for_the_log_are_left_out(item: Item, hanako: Member, paper: bytes) -> None:
    integrate(at=LATER)
    commands.hand_over(item.letter_id, reader=hanako, aal=1, at=LATER)
    verdict = check(of_sender(queries.letter_of(hanako, item.letter_id)), paper)
    assert verdict.valid
    assert "ContentHandover" not in [line.event for line in verdict.lines]
