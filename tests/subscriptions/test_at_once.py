"""A member's choice of a sender, while something else happens to it."""

import pytest

from mypost.evidence.models import Line
from mypost.members.models import Member
from mypost.senders.models import Sender, Topic
from mypost.subscriptions import queries
from mypost.subscriptions.commands import choose, decline_topics, join, leave, want_topic
from mypost.subscriptions.models import Subscription
from tests.conftest import LATER, NOW
from tests.races import Race, at_once
from tests.subscriptions.test_choose import changes

pytestmark = pytest.mark.django_db(transaction=True)


def topic(city: Sender, slug: str) -> Topic:
    return Topic.objects.get(sender=city, slug=slug)


def test_leaving_waits_for_the_letters_that_are_being_delivered(
    hanako: Member, city: Sender
) -> None:
    name = choose(hanako, city.id, at=NOW).pseudonym
    with Race() as race:
        delivery = race.begin(lambda: queries.resolve(city.id, [name]))
        leaving = race.begin(lambda: leave(hanako, city.id, at=LATER))
        assert leaving.waits, "the member left in the middle of a delivery"
        assert set(race.commit(delivery)) == {name}
        race.commit(leaving)
    assert Subscription.objects.get().ended_at == LATER


def test_a_delivery_waits_for_a_member_who_leaves_and_reaches_nobody(
    hanako: Member, city: Sender
) -> None:
    name = choose(hanako, city.id, at=NOW).pseudonym
    ends = at_once(
        lambda: leave(hanako, city.id, at=LATER), lambda: queries.resolve(city.id, [name])
    )
    assert ends[1] == {}


def test_two_deliveries_to_one_member_do_not_wait_for_each_other(
    hanako: Member, city: Sender
) -> None:
    name = choose(hanako, city.id, at=NOW).pseudonym
    with Race() as race:
        first, second = (race.begin(lambda: queries.resolve(city.id, [name])) for _ in range(2))
        assert not first.waits
        assert not second.waits


def test_a_sender_chosen_twice_is_chosen_once(hanako: Member, city: Sender) -> None:
    first, second = at_once(*[lambda: choose(hanako, city.id, at=NOW)] * 2)
    assert first.pseudonym == second.pseudonym
    assert changes(hanako) == ["started"]


def test_a_sender_chosen_again_by_two_is_chosen_again_once(hanako: Member, city: Sender) -> None:
    def choose_and_leave() -> None:
        choose(hanako, city.id, at=NOW)
        leave(hanako, city.id, at=NOW)

    at_once(choose_and_leave, *[lambda: choose(hanako, city.id, at=LATER)] * 2)
    assert changes(hanako) == ["started", "ended", "started"]


@pytest.mark.parametrize("act", [leave, choose])
def test_leaving_or_coming_back_twice_is_once(hanako: Member, city: Sender, act: object) -> None:
    choose(hanako, city.id, at=NOW)
    if act is choose:
        leave(hanako, city.id, at=NOW)
    told = len(changes(hanako))
    at_once(*[lambda: act(hanako, city.id, at=LATER)] * 2)  # type: ignore[operator]
    assert len(changes(hanako)) == told + 1


def test_two_topics_declined_by_two_browsers_are_both_declined(
    hanako: Member, city: Sender
) -> None:
    choose(hanako, city.id, at=NOW)
    news, tax = topic(city, "news"), topic(city, "tax")
    at_once(
        lambda: want_topic(hanako, city.id, news.id, wanted=False),
        lambda: want_topic(hanako, city.id, tax.id, wanted=False),
    )
    assert set(Subscription.objects.get().declined_topics) == {news.id, tax.id}


def test_accounts_that_are_joined_take_the_word_on_topics_that_is_given_at_this_moment(
    hanako: Member, jiro: Member, city: Sender
) -> None:
    choose(hanako, city.id, at=NOW)
    choose(jiro, city.id, at=NOW)
    tax = topic(city, "tax")
    at_once(lambda: decline_topics(hanako, city.id, [tax.id]), lambda: join(hanako, jiro))
    assert Subscription.objects.get(is_alias=True).declined_topics == [tax.id]


def test_every_choice_is_one_evidence_line(hanako: Member, city: Sender) -> None:
    at_once(*[lambda: choose(hanako, city.id, at=NOW)] * 3)
    assert Line.objects.filter(event="SenderSelectionChanged").count() == 1
