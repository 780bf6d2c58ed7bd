"""Two accounts of one person become one: no pseudonym stops, and nobody is counted twice."""

import pytest
from django.db import transaction

from mypost.evidence.models import Line
from mypost.members.models import Member
from mypost.senders.models import Sender, Topic
from mypost.subscriptions import queries
from mypost.subscriptions.commands import choose, decline_topics, join, leave, want_topic
from mypost.subscriptions.errors import NotSubscribed
from mypost.subscriptions.models import Subscription
from tests.conftest import LATER, NOW


def merge(first: Member, second: Member) -> Member:
    """What merging does to members, as far as this room sees it."""
    join(first, second)
    first.merged_mailboxes = [*first.merged_mailboxes, *second.mailboxes]
    first.save(update_fields=["merged_mailboxes"])
    Member.objects.filter(id=second.id).update(merged_into=first)
    return first


def resolve(sender: Sender, *pseudonyms: str) -> dict[str, queries.Addressee]:
    with transaction.atomic():
        return queries.resolve(sender.id, pseudonyms)


def test_both_pseudonyms_reach_the_person_once_each(
    hanako: Member, taro: Member, city: Sender
) -> None:
    first, second = choose(hanako, city.id, at=NOW), choose(taro, city.id, at=NOW)
    merge(hanako, taro)
    reached = resolve(city, first.pseudonym, second.pseudonym)
    assert reached[first.pseudonym].mailbox_id == hanako.mailbox_id
    assert reached[second.pseudonym].mailbox_id == taro.mailbox_id


def test_the_sender_counts_the_person_once(
    hanako: Member, taro: Member, jiro: Member, city: Sender
) -> None:
    first, _ = choose(hanako, city.id, at=NOW), choose(taro, city.id, at=NOW)
    stranger = choose(jiro, city.id, at=NOW)
    merge(hanako, taro)
    assert queries.count_relations(city.id) == 2
    listed = {relation.pseudonym for relation in queries.relations_of(city.id)}
    assert listed == {first.pseudonym, stranger.pseudonym}


def test_the_level_is_that_of_the_member_who_reads(
    hanako: Member, taro: Member, city: Sender
) -> None:
    second = choose(taro, city.id, at=NOW)
    assert resolve(city, second.pseudonym)[second.pseudonym].level == 2
    merge(hanako, taro)
    assert resolve(city, second.pseudonym)[second.pseudonym].level == 3


def test_a_choice_of_the_second_account_alone_goes_on(
    hanako: Member, taro: Member, city: Sender
) -> None:
    theirs = choose(taro, city.id, at=NOW)
    member = merge(hanako, taro)
    assert queries.has_chosen(member)
    (choice,) = queries.choices_of(member)
    assert choice.choice == queries.Choice.CHOSEN
    assert choose(member, city.id, at=LATER).pseudonym == theirs.pseudonym
    assert Subscription.objects.count() == 1
    assert queries.count_relations(city.id) == 1


def test_leaving_ends_both_and_coming_back_revives_one(
    hanako: Member, taro: Member, city: Sender
) -> None:
    first, second = choose(hanako, city.id, at=NOW), choose(taro, city.id, at=NOW)
    member = merge(hanako, taro)
    leave(member, city.id, at=LATER)
    assert resolve(city, first.pseudonym, second.pseudonym) == {}
    assert not queries.has_chosen(member)
    choose(member, city.id, at=LATER)
    assert resolve(city, first.pseudonym, second.pseudonym).keys() == {first.pseudonym}


def test_the_sender_is_told_of_each_pseudonym_that_ends(
    hanako: Member, taro: Member, city: Sender
) -> None:
    choose(hanako, city.id, at=NOW)
    choose(taro, city.id, at=NOW)
    leave(merge(hanako, taro), city.id, at=LATER)
    ended = Line.objects.filter(event="SenderSelectionChanged", entry__contains='"ended"')
    assert set(ended.values_list("mailbox_id", flat=True)) == {hanako.mailbox_id, taro.mailbox_id}


def test_the_first_accounts_word_on_topics_counts_for_both(
    hanako: Member, taro: Member, city: Sender
) -> None:
    news, tax = Topic.objects.filter(sender=city).order_by("slug")
    pair = [choose(member, city.id, at=NOW).pseudonym for member in (hanako, taro)]
    decline_topics(hanako, city.id, [news.id])
    decline_topics(taro, city.id, [tax.id])
    member = merge(hanako, taro)
    assert {frozenset(a.declined_topics) for a in resolve(city, *pair).values()} == {
        frozenset([news.id])
    }
    want_topic(member, city.id, tax.id, wanted=False)
    assert {frozenset(a.declined_topics) for a in resolve(city, *pair).values()} == {
        frozenset([news.id, tax.id])
    }


def test_a_third_account_joins_as_the_second_did(
    hanako: Member, taro: Member, jiro: Member, city: Sender
) -> None:
    names = [choose(member, city.id, at=NOW).pseudonym for member in (hanako, taro, jiro)]
    member = merge(merge(hanako, taro), jiro)
    assert resolve(city, *names).keys() == set(names)
    assert queries.count_relations(city.id) == 1
    leave(member, city.id, at=LATER)
    assert resolve(city, *names) == {}


def test_a_stranger_leaves_nothing_of_the_two(
    hanako: Member, taro: Member, jiro: Member, city: Sender
) -> None:
    names = [choose(member, city.id, at=NOW).pseudonym for member in (hanako, taro)]
    merge(hanako, taro)
    with pytest.raises(NotSubscribed):
        leave(jiro, city.id, at=LATER)
    assert resolve(city, *names).keys() == set(names)
