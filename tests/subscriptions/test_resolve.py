"""Only this room turns a pseudonym into a mailbox, and only for the sender it belongs to."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from mypost.kernel.pseudonyms import normalise_pseudonym
from mypost.members import commands as members
from mypost.members.models import AssuranceLevel, Member
from mypost.senders.models import Sender, Topic
from mypost.subscriptions import commands, queries
from mypost.subscriptions.errors import VerificationNeeded
from mypost.subscriptions.models import Subscription
from tests.conftest import LATER, NOW


def resolve(sender: Sender, *pseudonyms: str) -> dict[str, queries.Addressee]:
    return queries.resolve(sender.id, pseudonyms)


def test_it_tells_mailbox_level_and_what_is_declined(
    hanako: Member, city: Sender, chosen: Subscription
) -> None:
    news = Topic.objects.get(sender=city, slug="news")
    commands.want_topic(hanako, city.id, news.id, wanted=False)
    (addressee,) = resolve(city, chosen.pseudonym).values()
    assert (addressee.mailbox_id, addressee.level) == (hanako.mailbox_id, 3)
    assert addressee.declined_topics == {news.id}
    assert addressee.public_key


def test_it_answers_for_many_at_once_and_leaves_out_the_rest(
    hanako: Member, taro: Member, city: Sender, power: Sender
) -> None:
    own = [commands.choose(member, city.id, at=NOW).pseudonym for member in (hanako, taro)]
    theirs = commands.choose(hanako, power.id, at=NOW).pseudonym
    assert resolve(city, *own, *own, theirs, "nobody", "").keys() == set(own)
    assert resolve(city) == {}


def test_a_level_raised_meanwhile_counts(jiro: Member, city: Sender) -> None:
    pseudonym = commands.choose(jiro, city.id, at=NOW).pseudonym
    level = AssuranceLevel.POSTED_PASSCODE
    members.set_level(jiro.id, level, source="operator", reason="test", at=LATER)
    assert resolve(city, pseudonym)[pseudonym].level == 2


def test_a_closed_mailbox_is_no_addressee_any_more(
    hanako: Member, city: Sender, chosen: Subscription
) -> None:
    close(hanako)
    assert resolve(city, chosen.pseudonym) == {}
    assert queries.active_pseudonyms(city.id, [chosen.pseudonym]) == set()


def test_a_merged_account_goes_with_the_member_who_reads_it(
    hanako: Member, taro: Member, city: Sender, chosen: Subscription
) -> None:
    Member.objects.filter(id=hanako.id).update(merged_into=taro)
    addressee = resolve(city, chosen.pseudonym)[chosen.pseudonym]
    assert (addressee.mailbox_id, addressee.level) == (hanako.mailbox_id, taro.level)
    close(taro)
    assert resolve(city, chosen.pseudonym) == {}


def close(member: Member) -> None:
    Member.objects.filter(id=member.id).update(closing_at=NOW, closed_at=LATER)


def test_asking_which_are_active_names_nobody(
    hanako: Member, taro: Member, city: Sender, power: Sender
) -> None:
    stays, leaves = (commands.choose(member, city.id, at=NOW) for member in (hanako, taro))
    commands.leave(taro, city.id, at=LATER)
    asked = [stays.pseudonym, leaves.pseudonym, "nobody"]
    assert queries.active_pseudonyms(city.id, asked) == {stays.pseudonym}
    assert queries.active_pseudonyms(power.id, asked) == set()


def test_a_pseudonym_is_random_and_carries_its_check_character(
    hanako: Member, taro: Member, city: Sender, power: Sender
) -> None:
    pseudonyms = [
        commands.choose(member, sender.id, at=NOW).pseudonym
        for member in (hanako, taro)
        for sender in (city, power)
    ]
    assert len(set(pseudonyms)) == 4
    assert all(normalise_pseudonym(one) == one for one in pseudonyms)


def test_the_database_lets_no_two_members_share_one(
    hanako: Member, taro: Member, city: Sender, chosen: Subscription
) -> None:
    other = commands.choose(taro, city.id, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.filter(mailbox_id=other.mailbox_id).update(pseudonym=chosen.pseudonym)


# What a sender may know of those who chose it


def test_a_sender_sees_names_and_times_page_by_page(
    hanako: Member, taro: Member, jiro: Member, city: Sender
) -> None:
    names = sorted(
        commands.choose(member, city.id, at=NOW).pseudonym for member in (hanako, taro, jiro)
    )
    first = queries.relations_of(city.id, limit=2)
    rest = queries.relations_of(city.id, after=first[-1].pseudonym, limit=2)
    assert [relation.pseudonym for relation in first + rest] == names
    assert {relation.started_at for relation in first} == {NOW}
    assert queries.count_relations(city.id) == 3


def test_who_left_is_not_counted(hanako: Member, city: Sender, chosen: Subscription) -> None:
    commands.leave(hanako, city.id, at=LATER)
    assert queries.count_relations(city.id) == 0
    assert queries.relations_of(city.id) == []
    assert queries.pseudonyms_of(city.id, [hanako.mailbox_id]) == {
        hanako.mailbox_id: chosen.pseudonym
    }


def test_a_stranger_sees_nobody(power: Sender, hanako: Member, chosen: Subscription) -> None:
    assert queries.relations_of(power.id) == []
    assert queries.pseudonyms_of(power.id, [hanako.mailbox_id]) == {}
    assert queries.pseudonyms_by_id(power.id, [chosen.id, uuid4()]) == {}


# Topics


def test_one_topic_changes_and_the_others_stay(hanako: Member, city: Sender) -> None:
    subscription = commands.choose(hanako, city.id, at=NOW)
    news, tax = (Topic.objects.get(sender=city, slug=slug) for slug in ("news", "tax"))
    for topic in (news, tax, news):
        commands.want_topic(hanako, city.id, topic.id, wanted=False)
    commands.want_topic(hanako, city.id, tax.id, wanted=True)
    subscription.refresh_from_db()
    assert subscription.declined_topics == [news.id]


def test_a_topic_above_the_members_level_cannot_be_wanted_and_may_be_declined(
    jiro: Member, city: Sender
) -> None:
    subscription = commands.choose(jiro, city.id, at=NOW)
    tax = Topic.objects.get(sender=city, slug="tax")
    commands.want_topic(jiro, city.id, tax.id, wanted=False)
    with pytest.raises(VerificationNeeded):
        commands.want_topic(jiro, city.id, tax.id, wanted=True)
    subscription.refresh_from_db()
    assert subscription.declined_topics == [tax.id]
    assert VerificationNeeded.code == "assurance_too_low"


def test_resolving_locks_the_choice_until_the_letters_are_in(
    city: Sender, chosen: Subscription
) -> None:
    resolve(city, chosen.pseudonym)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mode FROM pg_locks WHERE relation = 'subscriptions_subscription'::regclass"
            " AND pid = pg_backend_pid()"
        )
        assert ("RowShareLock",) in cursor.fetchall()
