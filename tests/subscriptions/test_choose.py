"""A member chooses senders, and leaves them."""

from uuid import uuid4

import pytest
from django.db import transaction

from mypost.evidence.models import Line
from mypost.kernel.pseudonyms import normalise_pseudonym
from mypost.members.models import Member
from mypost.senders import commands as senders
from mypost.senders.models import Sender, Topic
from mypost.subscriptions import queries
from mypost.subscriptions.commands import choose, decline_topics, leave
from mypost.subscriptions.errors import NotSubscribed, SenderNotChoosable, VerificationNeeded
from mypost.subscriptions.models import Subscription
from tests.conftest import LATER, NOW, SendLetter


def changes(member: Member) -> list[str]:
    lines = Line.objects.filter(event="SenderSelectionChanged", mailbox_id=member.mailbox_id)
    return [line.entry.split('"reasons":["')[1].split('"')[0] for line in lines.order_by("seq")]


def test_each_sender_knows_the_member_under_another_name(
    hanako: Member, city: Sender, power: Sender
) -> None:
    first, second = choose(hanako, city.id, at=NOW), choose(hanako, power.id, at=NOW)
    assert first.pseudonym != second.pseudonym
    assert normalise_pseudonym(first.pseudonym) == first.pseudonym


def test_choosing_again_adds_nothing(hanako: Member, city: Sender) -> None:
    first = choose(hanako, city.id, at=NOW)
    assert choose(hanako, city.id, at=LATER).pseudonym == first.pseudonym
    assert changes(hanako) == ["started"]


def test_leaving_and_coming_back_keeps_the_name(hanako: Member, city: Sender) -> None:
    first = choose(hanako, city.id, at=NOW)
    leave(hanako, city.id, at=NOW)
    leave(hanako, city.id, at=LATER)
    assert choose(hanako, city.id, at=LATER).pseudonym == first.pseudonym
    assert changes(hanako) == ["started", "ended", "started"]


def test_a_sender_for_verified_members_is_closed_to_others(jiro: Member, city: Sender) -> None:
    Sender.objects.filter(id=city.id).update(required_assurance=2)
    with pytest.raises(VerificationNeeded):
        choose(jiro, city.id, at=NOW)
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("state", ["applied", "suspended", "ended"])
def test_a_sender_whose_contract_is_not_in_force_cannot_be_chosen(
    hanako: Member, city: Sender, state: str
) -> None:
    Sender.objects.filter(id=city.id).update(contract_state=state)
    with pytest.raises(SenderNotChoosable):
        choose(hanako, city.id, at=NOW)


def test_a_sender_that_does_not_exist_cannot_be_chosen(hanako: Member) -> None:
    with pytest.raises(SenderNotChoosable):
        choose(hanako, uuid4(), at=NOW)


def test_who_never_chose_a_sender_cannot_leave_it(jiro: Member, city: Sender) -> None:
    with pytest.raises(NotSubscribed):
        leave(jiro, city.id, at=NOW)
    with pytest.raises(NotSubscribed):
        decline_topics(jiro, city.id, [])


def test_only_the_senders_own_topics_can_be_declined(
    hanako: Member, city: Sender, power: Sender
) -> None:
    choose(hanako, city.id, at=NOW)
    strange = Topic(sender=power, slug="bills", name="bills", category="living")
    senders.add_topic(strange, at=NOW)
    own = Topic.objects.get(sender=city, slug="news")
    decline_topics(hanako, city.id, [own.id, strange.id])
    assert Subscription.objects.get(sender=city).declined_topics == [own.id]


def test_a_sender_approved_now_stands_in_the_list_now(hanako: Member, city: Sender) -> None:
    assert [choice.choice for choice in queries.choices_of(hanako)] == ["selectable"]


def test_the_list_says_where_each_sender_stands(jiro: Member, city: Sender, power: Sender) -> None:
    Sender.objects.filter(id=power.id).update(required_assurance=2)
    choose(jiro, city.id, at=NOW)
    stands = {choice.sender.id: choice.choice for choice in queries.choices_of(jiro)}
    assert stands == {city.id: "chosen", power.id: "needs_verification"}


def test_no_sender_resolves_another_senders_name(
    hanako: Member, city: Sender, power: Sender
) -> None:
    name = choose(hanako, city.id, at=NOW).pseudonym
    with transaction.atomic():
        assert set(queries.resolve(city.id, [name])) == {name}
        assert queries.resolve(power.id, [name]) == {}


def test_the_next_letter_after_leaving_is_refused(
    send_letter: SendLetter, hanako: Member, city: Sender
) -> None:
    assert send_letter(reference="before").state == "consigned"
    leave(hanako, city.id, at=LATER)
    assert send_letter(reference="after").code == "recipient_unknown"
