"""Every step of a card's life runs with the rights of the door it belongs to, and no others."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from mypost.common.clock import now
from mypost.members.models import Member
from mypost.proofing import challenges, merging, watch
from mypost.proofing.errors import CardRefused
from mypost.proofing.models import CardChallenge, LinkedCard
from mypost.senders.models import Sender
from mypost.subscriptions import commands as subscriptions
from mypost.subscriptions import queries as choices
from tests.conftest import LATER, NOW
from tests.proofing.offices import RunningOffice
from tests.proofing.test_cards import link, prove, sign_in, step_up
from tests.proofing.test_watch import is_signed_in, signed_in


@contextmanager
def at_door(role: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE mypost_{role}")
        yield
        cursor.execute("RESET ROLE")


def test_the_members_door_links_proves_and_signs_in(office: RunningOffice, jiro: Member) -> None:
    with at_door("member_web"):
        prove(office, jiro, "jiro")
        link(office, jiro, "jiro")
        assert step_up(office, jiro, "jiro").member_id == jiro.id
        assert sign_in(office, "jiro") == jiro
        office.office.renew("jiro", at=now())
        prove(office, jiro, "jiro")
    assert LinkedCard.objects.filter(replaced_by=None).count() == 1


@pytest.mark.parametrize("event", ["lose", "give_up", "die"])
def test_the_members_door_does_what_follows_at_once(
    office: RunningOffice, jiro: Member, event: str
) -> None:
    prove(office, jiro, "jiro")
    link(office, jiro, "jiro")
    getattr(office.office, event)("jiro", at=now())
    with at_door("member_web"), pytest.raises(CardRefused):
        prove(office, jiro, "jiro")
    assert LinkedCard.objects.get().auth_stop_reason


@pytest.mark.parametrize("event", ["lose", "give_up", "die", "renew"])
def test_the_worker_does_what_follows(office: RunningOffice, jiro: Member, event: str) -> None:
    prove(office, jiro, "jiro")
    card = link(office, jiro, "jiro")
    key = signed_in(jiro.account)
    LinkedCard.objects.update(checked_at=now() - timedelta(days=1))
    getattr(office.office, event)("jiro", at=now())
    with at_door("worker"):
        assert watch.begin(at=now()) == 1
        watch.ask_after([card.id], at=now())
    card.refresh_from_db()
    assert card.auth_stop_reason
    assert is_signed_in(key) == (event in ("give_up", "renew"))


def test_the_worker_forgets_old_challenges(jiro: Member) -> None:
    challenges.make("sign_in", session="mine", at=NOW)
    with at_door("worker"):
        assert challenges.forget_old(at=NOW + timedelta(days=2)) == 1
    assert not CardChallenge.objects.exists()


def test_the_members_door_merges_and_the_sender_reaches_both(
    hanako: Member, taro: Member, city: Sender
) -> None:
    pair = [subscriptions.choose(member, city.id, at=NOW).pseudonym for member in (hanako, taro)]
    with at_door("member_web"):
        merged = merging.merge(hanako, merging.ask(taro, at=NOW), at=LATER)
    with at_door("sender"):
        reached = choices.resolve(city.id, pair)
        assert choices.count_relations(city.id) == 1
    assert {one.mailbox_id for one in reached.values()} == set(merged.mailboxes)
    assert {one.level for one in reached.values()} == {3}
    with at_door("operator_web"):
        assert choices.count_relations(city.id) == 1
