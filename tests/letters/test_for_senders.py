"""What a sender learns of its letters: states and times, of its own alone, never content."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from mypost.evidence import commands as evidence
from mypost.evidence.commands import Act
from mypost.kernel.evidence_entry import Event
from mypost.kernel.receipt import check_receipt
from mypost.letters import queries
from mypost.letters.commands import hand_over
from mypost.letters.errors import LetterNotFound
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.notifications.models import Alert
from mypost.senders.models import Sender
from mypost.subscriptions import commands as subscriptions
from mypost.subscriptions.models import Subscription
from tests.conftest import LATER, NOW
from tests.letters.conftest import Consign


def test_it_is_told_to_whom_and_when_and_no_other_senders(
    letter: Letter, chosen: Subscription, city: Sender, power: Sender
) -> None:
    told = queries.story_for_sender(city.id, letter.id)
    assert (told.letter, told.recipient, told.alerted_at) == (letter, chosen.pseudonym, None)
    Alert.objects.update(state="sent", sent_at=LATER)
    assert queries.story_for_sender(city.id, letter.id).alerted_at == LATER
    for sender_id, letter_id in ((power.id, letter.id), (city.id, uuid4())):
        with pytest.raises(LetterNotFound):
            queries.story_for_sender(sender_id, letter_id)


def test_letters_are_had_by_their_sender_alone(letter: Letter, city: Sender, power: Sender) -> None:
    assert queries.letters_sent(city.id, [letter.id, uuid4()]) == {letter.id: letter}
    assert queries.letters_sent(power.id, [letter.id]) == {}


def test_the_members_receipt_names_who_wrote_and_under_which_name(
    letter: Letter, hanako: Member, chosen: Subscription
) -> None:
    evidence.integrate(at=LATER)
    bundle = queries.receipt_of_reader(hanako, letter, aal=1)
    assert bundle["holder"] == "member"
    verdict = check_receipt(bundle, verifier_key=settings.LOG_VERIFIER_KEY)
    assert verdict.lines[-1].proved == {
        "sender": str(letter.sender_id), "recipient": chosen.pseudonym,
    }  # fmt: skip


def test_a_letter_whose_choice_is_no_more_is_known_without_a_name(
    letter: Letter, hanako: Member, chosen: Subscription, city: Sender
) -> None:
    Subscription.objects.all().delete()
    evidence.integrate(at=LATER)
    story = queries.story_for_sender(city.id, letter.id)
    assert story.recipient == ""
    assert queries.receipt_for_sender(story, reference="R-1")["holder"] == "sender"
    assert queries.receipt_of_reader(hanako, letter, aal=1)["letter"] == str(letter.id)


def test_openings_are_counted_by_consignment(consign: Consign, hanako: Member) -> None:
    read, unread, elsewhere = (consign(hanako) for _ in range(3))
    Letter.objects.filter(id=unread.id).update(consignment_id=read.consignment_id)
    for each in (read, elsewhere):
        hand_over(each.id, reader=hanako, aal=1, at=LATER)
    assert queries.count_opened([read.consignment_id]) == {read.consignment_id: 1}
    both = [read.consignment_id, elsewhere.consignment_id, uuid4()]
    assert queries.count_opened(both) == dict.fromkeys(both[:2], 1)


def test_figures_are_of_the_senders_own_letters_since_a_moment(
    consign: Consign, hanako: Member, city: Sender, power: Sender
) -> None:
    letters = [consign(hanako) for _ in range(3)]  # made NOW, as their identifiers say
    strange = consign(hanako)
    Letter.objects.filter(id=strange.id).update(sender=power)
    for letter in (letters[0], strange):
        hand_over(letter.id, reader=hanako, aal=1, at=LATER)
    assert queries.figures_since(city.id, NOW) == queries.Figures(delivered=3, opened=1)
    assert queries.figures_since(power.id, NOW) == queries.Figures(delivered=1, opened=1)
    moment_later = NOW + timedelta(milliseconds=1)
    assert queries.figures_since(city.id, moment_later) == queries.Figures(0, 0)


def test_the_last_openings_are_told_the_newest_in_the_log_first(
    consign: Consign, hanako: Member, city: Sender, power: Sender
) -> None:
    letters = [consign(hanako) for _ in range(3)]
    strange = consign(hanako)
    Letter.objects.filter(id=strange.id).update(sender=power)
    for number, letter in enumerate([*letters, strange]):
        hand_over(letter.id, reader=hanako, aal=1, at=LATER + timedelta(minutes=number))
    assert queries.last_openings(city.id, limit=3) == []  # none stands in the log yet
    evidence.integrate(at=LATER)
    assert queries.last_openings(city.id, limit=2) == [
        (letters[2].id, LATER + timedelta(minutes=2)),
        (letters[1].id, LATER + timedelta(minutes=1)),
    ]


# The feed. Source: /api/v1/docs, event types.

LETTER = UUID(int=7)
TOLD = [
    (Event.CONTENT_CONSIGNMENT, (), "letter.consigned", ""),
    (Event.CONTENT_HANDOVER, (), "letter.opened", ""),
    (Event.SUBMISSION_REJECTION, ["topic_declined"], "letter.refused", "topic_declined"),
    (Event.CONSIGNMENT_COMPLETED, (), "consignment.completed", ""),
]


@pytest.mark.django_db
def test_each_event_is_told_under_its_own_name() -> None:
    sender_id = uuid4()
    untold = Act(Event.CONSIGNMENT_SUBMITTED, LETTER, LETTER, NOW, sender_id)
    acts = [Act(event, LETTER, LETTER, LATER, sender_id, {}, why) for event, why, _, _ in TOLD]
    evidence.record_many([untold, *acts])
    evidence.integrate(at=LATER)
    found = queries.events_of(sender_id, after=-1, limit=100)
    assert [(e.cursor, e.type, e.code) for e in found] == [
        (number, kind, code) for number, (_, _, kind, code) in enumerate(TOLD, 1)
    ]
    assert {(e.at, e.subject_id, e.recipient) for e in found} == {(LATER, LETTER, "")}
    assert queries.events_of(sender_id, after=1, limit=2) == found[1:3]
    assert queries.events_of(uuid4(), after=-1, limit=100) == []


def test_who_comes_and_goes_is_told_by_pseudonym(
    chosen: Subscription, hanako: Member, city: Sender
) -> None:
    subscriptions.leave(hanako, city.id, at=LATER)
    evidence.integrate(at=LATER)
    found = queries.events_of(city.id, after=-1, limit=100)
    assert [(e.type, e.code, e.recipient, e.at) for e in found] == [
        ("subscription.started", "", chosen.pseudonym, NOW),
        ("subscription.ended", "", chosen.pseudonym, LATER),
    ]
