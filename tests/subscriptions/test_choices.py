"""Which senders a member sees, where each stands, and what one act on a choice leaves behind."""

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from mypost.evidence.models import Line
from mypost.kernel.evidence_entry import commitment, read_entry
from mypost.members.models import Member
from mypost.senders.models import Sender, Topic
from mypost.subscriptions import queries
from mypost.subscriptions.commands import choose, decline_topics, leave, want_topic
from mypost.subscriptions.ending import end_all
from mypost.subscriptions.errors import NotSubscribed, VerificationNeeded
from mypost.subscriptions.models import Subscription
from mypost.subscriptions.queries import SenderChoice
from tests.conftest import LATER, NOW
from tests.subscriptions.test_join import merge

EVER = LATER + timedelta(days=1)


def state(sender: Sender, state: str) -> None:
    Sender.objects.filter(id=sender.id).update(contract_state=state)


def ids(choices: list[SenderChoice]) -> list[object]:
    return [choice.sender.id for choice in choices]


# The lists


@pytest.mark.parametrize("now", ["applied", "suspended", "ended"])
def test_a_sender_out_of_contract_shows_to_those_who_chose_it(
    hanako: Member, taro: Member, jiro: Member, city: Sender, now: str
) -> None:
    for member in (hanako, taro):
        choose(member, city.id, at=NOW)
    leave(taro, city.id, at=LATER)
    state(city, now)
    assert ids(queries.choices_of(hanako)) == [city.id]
    assert queries.choices_of(taro) == queries.choices_of(jiro) == []  # Taro has left
    # One that a member once chose can still be looked at, as its letters can.
    shown = {m.id: queries.choice_of(m, city.id) for m in (hanako, taro, jiro)}
    assert {key: choice and choice.choice for key, choice in shown.items()} == {
        hanako.id: "chosen", taro.id: "selectable", jiro.id: None,
    }  # fmt: skip


def test_one_sender_is_shown_with_the_members_own_choice(
    hanako: Member, jiro: Member, city: Sender, power: Sender
) -> None:
    mine = choose(hanako, city.id, at=NOW)
    choose(hanako, power.id, at=NOW)
    own, others = queries.choice_of(hanako, city.id), queries.choice_of(jiro, city.id)
    assert own == SenderChoice(city, queries.Choice.CHOSEN, mine)
    assert others == SenderChoice(city, queries.Choice.SELECTABLE, None)


def test_who_left_may_come_back_if_known_well_enough(hanako: Member, city: Sender) -> None:
    choose(hanako, city.id, at=NOW)
    leave(hanako, city.id, at=LATER)
    Sender.objects.filter(id=city.id).update(required_assurance=3)
    for hanako.level, stands in ((3, "selectable"), (2, "needs_verification")):
        assert [choice.choice for choice in queries.choices_of(hanako)] == [stands]


def test_senders_stand_by_kind_and_name(hanako: Member, city: Sender, power: Sender) -> None:
    third = Sender.objects.create(
        id=hanako.id, kind="company", code="7000012050002", name="あおば銀行",
        contract_state="active", contract_since=date(2026, 1, 1), applied_at=NOW,
    )  # fmt: skip
    assert ids(queries.choices_of(hanako)) == [third.id, power.id, city.id]


def test_new_senders_are_those_since_a_day_the_newest_first(
    hanako: Member, city: Sender, power: Sender
) -> None:
    third = Sender.objects.create(
        id=hanako.id, kind="company", code="7000012050002", name="あおば銀行",
        contract_state="active", contract_since=date(2026, 11, 2), applied_at=NOW,
    )  # fmt: skip
    for sender, day in ((city, 1), (power, 2)):
        Sender.objects.filter(id=sender.id).update(contract_since=date(2026, 11, day))
    assert ids(queries.choices_since(hanako, date(2026, 11, 1))) == [third.id, power.id, city.id]
    assert ids(queries.choices_since(hanako, date(2026, 11, 2))) == [third.id, power.id]
    assert queries.choices_since(hanako, date(2026, 11, 3)) == []
    state(power, "ended")
    assert ids(queries.choices_since(hanako, date(2026, 11, 2))) == [third.id]


def test_of_two_accounts_that_are_one_the_leading_choice_is_shown(
    hanako: Member, taro: Member, city: Sender
) -> None:
    first, second = choose(hanako, city.id, at=NOW), choose(taro, city.id, at=NOW)
    member = merge(hanako, taro)

    def shown() -> str:
        choice = queries.choice_of(member, city.id)
        assert choice is not None
        assert choice.subscription is not None
        return choice.subscription.pseudonym

    assert shown() == first.pseudonym
    Subscription.objects.filter(pseudonym=first.pseudonym).update(ended_at=LATER)
    assert shown() == second.pseudonym  # who is active comes before who is first
    Subscription.objects.update(ended_at=LATER, is_alias=False)
    Subscription.objects.filter(pseudonym=first.pseudonym).update(started_at=NOW - timedelta(1))
    assert shown() == second.pseudonym  # of two that ended, the later one


def test_a_member_has_chosen_somebody_until_the_last_is_left(
    hanako: Member, jiro: Member, city: Sender
) -> None:
    choose(jiro, city.id, at=NOW)
    assert not queries.has_chosen(hanako)
    choose(hanako, city.id, at=NOW)
    assert queries.has_chosen(hanako)
    leave(hanako, city.id, at=LATER)
    assert not queries.has_chosen(hanako)


def test_the_list_costs_as_much_for_many_senders_as_for_one(
    hanako: Member, city: Sender, power: Sender, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):  # choices, senders, topics
        found = queries.choices_of(hanako)
        assert [len(choice.sender.topics.all()) for choice in found] == [0, 2]


def test_a_sender_searches_its_members_by_a_part_of_the_name(
    hanako: Member, taro: Member, city: Sender
) -> None:
    for member, name in ((hanako, "0123-ABCD"), (taro, "4567-ABCE")):
        choose(member, city.id, at=NOW)
        Subscription.objects.filter(mailbox_id=member.mailbox_id).update(pseudonym=name)

    def found(part: str, after: str = "") -> list[str]:
        relations = queries.relations_of(city.id, part=part, after=after)
        return [relation.pseudonym for relation in relations]

    assert found(part="ABC") == ["0123-ABCD", "4567-ABCE"]
    assert found(part="3-A") == ["0123-ABCD"]
    assert found(part="ABC", after="0123-ABCD") == ["4567-ABCE"]
    assert found(part="%") == []


# One act


def test_a_choice_is_kept_and_told_with_its_time_and_its_name(hanako: Member, city: Sender) -> None:
    choose(hanako, city.id, at=NOW)
    first = Subscription.objects.get()
    assert (first.mailbox_id, first.sender_id) == (hanako.mailbox_id, city.id)
    assert (first.started_at, first.ended_at, first.is_alias) == (NOW, None, False)
    leave(hanako, city.id, at=LATER)
    leave(hanako, city.id, at=EVER)
    first.refresh_from_db()
    assert (first.started_at, first.ended_at) == (NOW, LATER)
    choose(hanako, city.id, at=EVER)
    choose(hanako, city.id, at=EVER + timedelta(days=1))
    first.refresh_from_db()
    assert (first.started_at, first.ended_at) == (EVER, None)
    lines = Line.objects.filter(event="SenderSelectionChanged").order_by("seq")
    assert [line.at for line in lines] == [NOW, LATER, EVER]
    for line, reason in zip(lines, ("started", "ended", "started"), strict=True):
        told, salt = read_entry(line.entry.encode()), bytes(line.salt)
        assert list(told.reasons) == [reason]
        assert told.facts == {"recipient": commitment(salt, "recipient", first.pseudonym)}
        assert (line.mailbox_id, line.sender_id) == (hanako.mailbox_id, city.id)
        assert line.subject_id == first.id


def test_just_enough_is_known_of_who_may_choose(taro: Member, city: Sender) -> None:
    for level, may in ((2, True), (3, False)):
        Sender.objects.filter(id=city.id).update(required_assurance=level)
        Subscription.objects.all().delete()
        if may:
            assert choose(taro, city.id, at=NOW).is_active
        else:
            with pytest.raises(VerificationNeeded):
                choose(taro, city.id, at=NOW)


def test_just_enough_is_known_of_who_may_want_a_topic(taro: Member, city: Sender) -> None:
    tax = Topic.objects.get(sender=city, slug="tax")  # demands level 2
    choose(taro, city.id, at=NOW)
    decline_topics(taro, city.id, [tax.id])
    want_topic(taro, city.id, tax.id, wanted=True)
    assert Subscription.objects.get().declined_topics == []


def test_topics_are_declined_as_a_whole_and_of_this_sender(
    hanako: Member, city: Sender, power: Sender
) -> None:
    news, tax = Topic.objects.filter(sender=city).order_by("slug")
    for sender in (city, power):
        choose(hanako, sender.id, at=NOW)
    for declined in ([news.id, tax.id], [tax.id], []):
        decline_topics(hanako, city.id, declined)
        assert Subscription.objects.get(sender=city).declined_topics == sorted(declined)
    want_topic(hanako, power.id, news.id, wanted=False)  # another sender's changes nothing
    assert list(Subscription.objects.values_list("declined_topics", flat=True)) == [[], []]


def test_who_never_chose_a_sender_says_nothing_of_its_topics(jiro: Member, city: Sender) -> None:
    with pytest.raises(NotSubscribed):
        want_topic(jiro, city.id, Topic.objects.get(slug="news").id, wanted=False)


def test_a_mailbox_that_closes_ends_every_choice_of_its_member_alone(
    hanako: Member, taro: Member, jiro: Member, city: Sender, power: Sender
) -> None:
    for sender in (city, power):
        choose(hanako, sender.id, at=NOW)
    for member in (taro, jiro):
        choose(member, city.id, at=NOW)
    leave(hanako, power.id, at=LATER)
    end_all(member=merge(hanako, taro), at=EVER)
    ended = Subscription.objects.values_list("mailbox_id", "sender_id", "ended_at")
    assert set(ended) == {
        (hanako.mailbox_id, city.id, EVER),
        (hanako.mailbox_id, power.id, LATER),
        (taro.mailbox_id, city.id, EVER),
        (jiro.mailbox_id, city.id, None),
    }


def test_joining_touches_only_what_both_still_have(
    hanako: Member, taro: Member, city: Sender, power: Sender
) -> None:
    for member in (hanako, taro):
        for sender in (city, power):
            choose(member, sender.id, at=NOW)
    leave(hanako, city.id, at=LATER)
    leave(taro, power.id, at=LATER)
    merge(hanako, taro)
    assert not Subscription.objects.filter(is_alias=True).exists()
