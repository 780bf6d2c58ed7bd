"""Two things about one person at the same moment, in two processes' worth of connections."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from time import sleep

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from pytest_django import Settings

from mypost.common.clock import now
from mypost.common.problems import Refusal
from mypost.common.transactions import writes
from mypost.letters.models import Letter
from mypost.members import closing
from mypost.members.models import Member
from mypost.proofing import cards, merging, watch
from mypost.proofing.challenges import Purpose
from mypost.proofing.models import LinkedCard, PersonKey
from mypost.vault.models import MailboxKey
from tests.conftest import SendLetter, make_member
from tests.entrypoints.signed_in import signed_in
from tests.proofing.offices import SESSION, RunningOffice
from tests.proofing.test_cards import link

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _person_key(settings: Settings, tmp_path: Path) -> Iterator[None]:
    key = tmp_path / "person.key"
    key.write_text("5b" * 32, encoding="ascii")
    settings.PERSON_KEY_FILE = key
    yield
    connection.close()


def at_once(*acts: Callable[[], object]) -> Counter[str]:
    """Let each act be a door of its own, all at the same moment; count how they end."""
    start = Barrier(len(acts))

    def door(act: Callable[[], object]) -> str:
        @writes
        def answer() -> str:
            start.wait(timeout=10)
            try:
                act()
            except Refusal as refusal:
                return refusal.code
            return "done"

        try:
            return answer()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as doors:
        return Counter(doors.map(door, acts))


def proving(office: RunningOffice, member: Member, person: str) -> Callable[[], object]:
    answer = office.answer(person, Purpose.PROVE)
    return lambda: cards.prove(member, answer, session=SESSION, at=now())


def linking(office: RunningOffice, member: Member, person: str) -> Callable[[], object]:
    answer = office.answer(person, Purpose.LINK)
    return lambda: cards.link_sign_in(member, answer, session=SESSION, at=now())


def test_one_card_proves_one_of_two_accounts(
    office: RunningOffice, taro: Member, jiro: Member
) -> None:
    third = make_member("third@example.jp", "三人目", 0)
    ends = at_once(*(proving(office, member, "jiro") for member in (taro, jiro, third)))
    assert ends == {"done": 1, "same_person_elsewhere": 2}
    assert LinkedCard.objects.count() == 1
    assert Member.objects.filter(level=3).count() == 1
    assert set(PersonKey.objects.values_list("member", flat=True)) == {
        LinkedCard.objects.get().member_id
    }


def test_one_card_is_linked_to_one_of_two_accounts(
    office: RunningOffice, taro: Member, jiro: Member
) -> None:
    ends = at_once(*(linking(office, member, "jiro") for member in (taro, jiro)))
    assert ends["done"] == 1
    assert LinkedCard.objects.exclude(auth_serial="").count() == 1


def test_two_cards_do_not_make_one_account_two_persons(office: RunningOffice, jiro: Member) -> None:
    ends = at_once(proving(office, jiro, "jiro"), proving(office, jiro, "taro"))
    assert ends == {"done": 1, "card_not_yours": 1}
    assert PersonKey.objects.filter(member=jiro, kind="platform").count() == 1


def test_one_answer_counts_once_however_often_it_comes(
    office: RunningOffice, hanako: Member
) -> None:
    link(office, hanako, "hanako")
    answer = office.answer("hanako", Purpose.SIGN_IN)
    acts = [lambda: cards.sign_in(answer, session=SESSION, at=now())] * 6
    assert at_once(*acts) == {"done": 1, "challenge_spent": 5}


# Merging


def merge_of(into: Member, code: str) -> Callable[[], object]:
    return lambda: merging.merge(into, code, at=now())


def test_two_accounts_that_take_each_other_in_become_one(hanako: Member, jiro: Member) -> None:
    codes = {member.id: merging.ask(member, at=now()) for member in (hanako, jiro)}
    ends = at_once(merge_of(hanako, codes[jiro.id]), merge_of(jiro, codes[hanako.id]))
    assert ends == {"done": 1, "merge_not_possible": 1}
    one = Member.objects.get(merged_into=None)
    assert set(one.mailboxes) == {hanako.mailbox_id, jiro.mailbox_id}
    assert Member.objects.filter(account__is_active=True).count() == 1


def test_one_code_gives_an_account_to_one_of_two(
    hanako: Member, taro: Member, jiro: Member
) -> None:
    code = merging.ask(jiro, at=now())
    ends = at_once(merge_of(hanako, code), merge_of(taro, code))
    assert ends == {"done": 1, "merge_code_wrong": 1}
    holders = [m for m in Member.objects.all() if jiro.mailbox_id in m.mailboxes]
    assert len([m for m in holders if m.merged_into_id is None]) == 1


def test_a_chain_of_merges_loses_no_mailbox(hanako: Member, taro: Member, jiro: Member) -> None:
    of_jiro, of_taro = merging.ask(jiro, at=now()), merging.ask(taro, at=now())
    ends = at_once(merge_of(taro, of_jiro), merge_of(hanako, of_taro))
    assert set(ends) <= {"done", "merge_not_possible"}
    held = [
        mailbox for m in Member.objects.filter(merged_into=None) for mailbox in m.mailboxes
    ]  # fmt: skip
    assert sorted(held) == sorted(m.mailbox_id for m in (hanako, taro, jiro))


def test_an_account_is_merged_or_closing_not_both(hanako: Member, jiro: Member) -> None:
    code = merging.ask(jiro, at=now())
    at_once(merge_of(hanako, code), lambda: closing.ask_to_close(jiro, at=now()))
    jiro.refresh_from_db()
    hanako.refresh_from_db()
    assert jiro.merged_into_id is None or jiro.closing_at == hanako.closing_at


# Stopping


def begin_session(member: Member) -> None:
    """Sign somebody in as allauth does, with the session on the list."""
    http = signed_in(member.account)
    key = str(http.session.session_key)
    UserSession.objects.create(user=member.account, session_key=key, ip="127.0.0.1")


def sign_in_at_a_door(office: RunningOffice, member: Member) -> Callable[[], object]:
    answer = office.answer("hanako", Purpose.SIGN_IN)

    def act() -> None:
        begin_session(cards.sign_in(answer, session=SESSION, at=now()))

    return act


def lose(office: RunningOffice) -> Callable[[], object]:
    card = LinkedCard.objects.get()

    def act() -> None:
        watch.follow(card.id, "auth", reason="key_compromise", cause="loss", at=now())

    return act


@pytest.mark.parametrize("time", range(5))
def test_a_lost_card_leaves_no_session_behind(
    office: RunningOffice, hanako: Member, time: int
) -> None:
    link(office, hanako, "hanako")
    ends = at_once(sign_in_at_a_door(office, hanako), lose(office))
    assert set(ends) <= {"done", "card_stopped"}
    assert not Session.objects.exists()


def test_the_stop_waits_for_a_sign_in_that_has_begun(office: RunningOffice, hanako: Member) -> None:
    """The worst moment: the card was found good, and its holder's session is not there yet."""
    link(office, hanako, "hanako")
    answer = office.answer("hanako", Purpose.SIGN_IN)
    found_good = Barrier(2)

    @writes
    def signs_in() -> None:
        member = cards.sign_in(answer, session=SESSION, at=now())
        found_good.wait(timeout=10)
        sleep(0.3)  # time for the stop to slip in between
        begin_session(member)

    def loses() -> None:
        found_good.wait(timeout=10)
        lose(office)()

    with ThreadPoolExecutor(2) as doors:
        for done in [doors.submit(_closing_its_connection, act) for act in (signs_in, loses)]:
            done.result(timeout=20)
    assert not Session.objects.exists()


def _closing_its_connection(act: Callable[[], None]) -> None:
    try:
        act()
    finally:
        connection.close()


# Closing


def test_a_letter_on_its_way_into_a_closing_mailbox_is_in_it_or_refused(
    hanako: Member, send_letter: SendLetter
) -> None:
    closing.ask_to_close(hanako, at=now() - closing.GRACE - timedelta(days=1))
    at_once(lambda: send_letter(), lambda: closing.close_due(at=now()))
    closing.close_due(at=now())
    assert Member.objects.get(id=hanako.id).closed_at is not None
    assert not MailboxKey.objects.filter(mailbox_id=hanako.mailbox_id).exists()
    assert Letter.objects.count() <= 1


def test_an_account_that_closes_while_its_card_proves_ends_with_nothing(
    office: RunningOffice, jiro: Member
) -> None:
    closing.ask_to_close(jiro, at=now() - closing.GRACE - timedelta(days=1))
    at_once(proving(office, jiro, "jiro"), lambda: closing.close_due(at=now()))
    jiro.refresh_from_db()
    assert jiro.closed_at is not None
    assert not LinkedCard.objects.filter(member=jiro).exists()
    assert not PersonKey.objects.filter(member=jiro).exists()
    assert not jiro.certifications.exists()
