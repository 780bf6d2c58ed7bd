"""Two hands at one consignment, or two workers, at the same moment."""

import json

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from mypost.common.clock import new_id
from mypost.evidence.models import Line
from mypost.intake import answers, commands, delivery, ledger
from mypost.intake.answers import GivenAnswer
from mypost.intake.commands import Origin
from mypost.intake.decision import Circumstances, Decision, _claim_references
from mypost.intake.drafts import read_draft
from mypost.intake.items_file import NDJSON
from mypost.intake.models import Consignment, Item, UsedReference
from mypost.letters.models import Letter
from mypost.senders.models import Sender, Staff
from tests.conftest import LATER, NOW, SendLetter
from tests.intake.conftest import Fields, HandIn, chunks_of
from tests.races import Race, at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def opened(city: Sender, clerk: Staff, item: Fields) -> Consignment:
    """A consignment with one item, not yet submitted."""
    origin = Origin(city, live=True, staff=clerk)
    consignment = commands.open_consignment(origin, reference="C-1", at=NOW)
    return commands.put_items(city.id, consignment.id, lines(item), form=NDJSON, at=NOW)


def lines(*items: Fields) -> bytes:
    return "\n".join(map(json.dumps, items)).encode()


def test_a_consignment_is_submitted_once(opened: Consignment) -> None:
    ProcrastinateJob.objects.all().delete()
    ends = at_once(*[lambda: commands.submit(opened.sender_id, opened.id, at=LATER)] * 2)
    assert ends[1] == "consignment_closed"
    assert Line.objects.filter(event="ConsignmentSubmitted").count() == 1
    assert ProcrastinateJob.objects.filter(task_name="intake.examine_consignment").count() == 1


def test_each_act_on_an_open_one_is_a_transaction_of_its_own(opened: Consignment) -> None:
    """Outside of one its row could not be locked, and the database says so."""
    ids = opened.sender_id, opened.id
    commands.put_document(*ids, "a.pdf", b"x", sha256=None, at=LATER)
    commands.change_reference(*ids, "C-2")
    commands.remove_document(*ids, "a.pdf")
    assert Consignment.objects.get().reference == "C-2"
    commands.discard(*ids)
    assert not Consignment.objects.exists()


def test_what_is_submitted_at_this_moment_takes_no_other_items(
    opened: Consignment, item: Fields
) -> None:
    two = lines(item, item)
    ends = at_once(
        lambda: commands.submit(opened.sender_id, opened.id, at=LATER),
        lambda: commands.put_items(opened.sender_id, opened.id, two, form=NDJSON, at=LATER),
    )
    assert ends[1] == "consignment_closed"
    assert Consignment.objects.get().submitted == 1


def test_two_workers_cut_a_consignment_once(hand_in: HandIn, item: Fields) -> None:
    consignment = hand_in([item])
    at_once(*[lambda: delivery.examine_consignment(consignment.id, at=LATER)] * 2)
    assert chunks_of(consignment.id) == [1]


def test_two_workers_deliver_a_chunk_once(hand_in: HandIn, item: Fields) -> None:
    consignment = hand_in([item])
    delivery.examine_consignment(consignment.id, at=LATER)
    at_once(*[lambda: delivery.deliver_chunk(consignment.id, 1, at=LATER)] * 2)
    assert list(Item.objects.values_list("state", "code")) == [("consigned", "")]
    assert Letter.objects.count() == 1
    assert ledger.check() == {}


def test_the_last_two_chunks_complete_a_consignment_once(
    hand_in: HandIn, item: Fields, settings: Settings
) -> None:
    settings.CHUNK_SIZE = 1
    consignment = hand_in([item, {**item, "reference": "R-2"}])
    delivery.examine_consignment(consignment.id, at=LATER)
    at_once(
        lambda: delivery.deliver_chunk(consignment.id, 1, at=LATER),
        lambda: delivery.deliver_chunk(consignment.id, 2, at=LATER),
    )
    done = Consignment.objects.get()
    assert (done.state, done.in_mailbox, done.pending) == ("completed", 2, 0)
    assert Line.objects.filter(event="ConsignmentCompleted").count() == 1
    assert ledger.check() == {}


def test_of_two_letters_of_one_reference_the_second_is_refused(send_letter: SendLetter) -> None:
    first, second = at_once(*[lambda: send_letter(reference="same")] * 2)
    assert (first.code, second.code) == ("", "reference_repeated")
    assert Letter.objects.count() == 1


def test_chunks_that_claim_the_same_references_never_wait_for_each_other_for_ever(
    city: Sender,
) -> None:
    """A third one has claimed b: a chunk that took a, and one that took c, would meet there."""

    def claim(*references: str) -> list[str]:
        known = Circumstances(city, True, None, {}, {}, {})
        words = {"recipient": "r", "subject": "s"}
        drafts = [read_draft({**words, "reference": reference}) for reference in references]
        decided = [Decision(n, new_id(NOW), draft) for n, draft in enumerate(drafts)]
        return [item.code for item in _claim_references(decided, known)]

    with Race() as race:
        third = race.begin(lambda: claim("b"))
        first = race.begin(lambda: claim("a", "b", "c"))
        second = race.begin(lambda: claim("c", "b", "a"))
        race.commit(third)
        assert race.commit(first) == ["", "reference_repeated", ""]
        assert race.commit(second) == ["reference_repeated"] * 3
    assert UsedReference.objects.count() == 3


def test_one_act_under_one_key_is_done_once_and_answered_every_time(city: Sender) -> None:
    done: list[int] = []

    def act() -> GivenAnswer:
        done.append(1)
        return GivenAnswer(201, f"{len(done)}")

    given = at_once(*[lambda: answers.answer_once(city.id, "k", b"1" * 32, act, at=NOW)] * 3)
    assert given == [GivenAnswer(201, "1")] * 3
