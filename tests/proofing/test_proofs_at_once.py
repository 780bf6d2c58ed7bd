"""Two things about one person at the same moment, in two processes' worth of connections."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from mypost.common.clock import now
from mypost.evidence.models import Line
from mypost.members import closing
from mypost.members.models import Member
from mypost.notifications import commands as notifications
from mypost.notifications.models import NoticeKind
from mypost.proofing import cards, merging, persons, watch
from mypost.proofing.challenges import Purpose
from mypost.proofing.errors import SamePersonElsewhere
from mypost.proofing.models import LinkedCard, MergeTicket, PersonKey
from mypost.vault.models import MailboxKey
from tests.conftest import LATER, NOW, SendLetter, make_member
from tests.entrypoints.signed_in import signed_in
from tests.proofing.offices import SESSION, RunningOffice
from tests.proofing.test_cards import link, prove
from tests.proofing.test_merging import wrong
from tests.races import Race, at_once

pytestmark = pytest.mark.django_db(transaction=True)
Deed = Callable[[], object]


@pytest.fixture(autouse=True)
def _person_key(settings: Settings, tmp_path: Path) -> None:
    key = tmp_path / "person.key"
    key.write_text("5b" * 32, encoding="ascii")
    settings.PERSON_KEY_FILE = key


def proving(office: RunningOffice, member: Member, person: str) -> Deed:
    answer = office.answer(person, Purpose.PROVE)
    return lambda: cards.prove(member, answer, session=SESSION, at=now())


def linking(office: RunningOffice, member: Member, person: str) -> Deed:
    answer = office.answer(person, Purpose.LINK)
    return lambda: cards.link_sign_in(member, answer, session=SESSION, at=now())


# Proving and linking


def test_one_card_proves_one_of_three_accounts(
    office: RunningOffice, taro: Member, jiro: Member
) -> None:
    third = make_member("third@example.jp", "三人目", 0)
    ends = at_once(*(proving(office, member, "jiro") for member in (taro, jiro, third)))
    assert ends[1:] == ["same_person_elsewhere"] * 2
    assert LinkedCard.objects.get().member == taro
    assert Member.objects.filter(level=3).count() == 1
    assert set(PersonKey.objects.values_list("member", flat=True)) == {taro.id}


@pytest.mark.parametrize("asks", ["platform", "ocsp"])  # who tells the person, and who does not
def test_one_card_is_linked_to_one_of_two_accounts(
    office: RunningOffice, taro: Member, jiro: Member, asks: str
) -> None:
    office.settings.JPKI_REVOCATION = asks
    ends = at_once(*(linking(office, member, "jiro") for member in (taro, jiro)))
    assert ends[1] == "card_not_yours"
    assert LinkedCard.objects.get().member == taro


def test_two_cards_do_not_make_one_account_two_persons(office: RunningOffice, jiro: Member) -> None:
    ends = at_once(proving(office, jiro, "jiro"), proving(office, jiro, "taro"))
    assert ends[1] == "card_not_yours"
    assert PersonKey.objects.filter(member=jiro, kind="platform").count() == 1


def test_one_answer_counts_once_however_often_it_comes(
    office: RunningOffice, hanako: Member
) -> None:
    link(office, hanako, "hanako")
    answer = office.answer("hanako", Purpose.SIGN_IN)
    ends = at_once(*[lambda: cards.sign_in(answer, session=SESSION, at=now())] * 6)
    assert ends == [hanako] + ["challenge_spent"] * 5


def test_of_two_accounts_that_claim_one_person_the_second_is_refused(
    hanako: Member, jiro: Member
) -> None:
    keys = [(persons.PLATFORM, "J-0001")]
    ends = at_once(*(lambda m=m: persons.claim(m, keys, at=NOW) for m in (hanako, jiro)))
    assert ends[1] == "same_person_elsewhere"
    assert persons.member_of(*keys[0]) == hanako


def test_what_a_closed_account_gave_up_is_taken_by_one_of_two(
    hanako: Member, taro: Member, jiro: Member
) -> None:
    """Both have seen that the key is noted already, and stand before its row."""
    key = (persons.PLATFORM, "J-0001")
    persons.claim(hanako, [key], at=NOW)
    Member.objects.filter(id=hanako.id).update(closing_at=NOW, closed_at=NOW)
    with Race() as race:
        third = race.begin(lambda: PersonKey.objects.select_for_update().get())
        first = race.begin(lambda: persons.claim(taro, [key], at=LATER))
        second = race.begin(lambda: persons.claim(jiro, [key], at=LATER))
        race.commit(third)
        race.commit(first)
        with pytest.raises(SamePersonElsewhere):
            race.commit(second)
    assert persons.member_of(*key) == taro


# Stopping


@pytest.fixture
def card(office: RunningOffice, jiro: Member) -> LinkedCard:
    """Jiro has proved himself with his card, and signs in with it."""
    prove(office, jiro, "jiro")
    return link(office, jiro, "jiro")


def stopping(card: LinkedCard) -> Deed:
    """What the member's own button does."""

    def act() -> None:
        mine = LinkedCard.objects.select_for_update().get(id=card.id)
        watch.stop(mine, watch.HALVES, reason="stopped_by_holder", at=now())

    return act


def revoking(card: LinkedCard, reason: str, cause: str) -> Deed:
    return lambda: watch.follow(card.id, "auth", reason=reason, cause=cause, at=now())


def losing(card: LinkedCard) -> Deed:
    return revoking(card, "key_compromise", "loss")


def begin_session(member: Member) -> None:
    """Sign somebody in as allauth does, with the session on the list."""
    http = signed_in(member.account)
    key = str(http.session.session_key)
    UserSession.objects.create(user=member.account, session_key=key, ip="127.0.0.1")


def sign_in_at_a_door(office: RunningOffice, person: str) -> Deed:
    answer = office.answer(person, Purpose.SIGN_IN)
    return lambda: begin_session(cards.sign_in(answer, session=SESSION, at=now()))


def stops() -> int:
    return Line.objects.filter(event="CardStopped").count()


def test_a_lost_card_leaves_no_session_behind(office: RunningOffice, card: LinkedCard) -> None:
    ends = at_once(losing(card), sign_in_at_a_door(office, "jiro"))
    assert ends[1] == "card_stopped"
    assert not Session.objects.exists()


def test_the_stop_waits_for_a_sign_in_that_has_begun(
    office: RunningOffice, card: LinkedCard, jiro: Member
) -> None:
    """The worst moment: the card was found good, and its holder's session is not there yet."""
    answer = office.answer("jiro", Purpose.SIGN_IN)
    with Race() as race:
        signing_in = race.begin(
            lambda: cards.sign_in(answer, session=SESSION, at=now()), lambda: begin_session(jiro)
        )
        lost = race.begin(losing(card))
        race.go_on(signing_in)
        race.commit(signing_in)
        race.commit(lost)
    assert not Session.objects.exists()


def test_a_card_that_its_holder_and_the_authority_stop_is_stopped_once(card: LinkedCard) -> None:
    at_once(stopping(card), losing(card))
    assert stops() == 2  # each certificate once
    card.refresh_from_db()
    assert card.auth_stop_reason == "stopped_by_holder"


def test_a_death_stops_a_card_once_that_its_holder_stops(
    office: RunningOffice, card: LinkedCard, jiro: Member
) -> None:
    other = LinkedCard.objects.create(
        id=jiro.id, member=jiro, auth_serial="0a", auth_expires_at=LATER, linked_at=NOW,
        checked_at=NOW,
    )  # fmt: skip
    # A notice waits already, so that nobody waits for the other's.
    notifications.tell(jiro.mailbox_id, NoticeKind.CARD_STOPPED, at=now())
    at_once(stopping(other), revoking(card, "cessation_of_operation", "death"))
    assert stops() == 3  # two certificates of the one, one of the other


def test_a_stop_holds_though_the_card_is_linked_at_this_moment(
    office: RunningOffice, jiro: Member
) -> None:
    """The certificate for signing in would have its place on the card that is stopped."""
    proved = prove(office, jiro, "jiro")
    at_once(stopping(proved), linking(office, jiro, "jiro"))
    proved.refresh_from_db()
    assert proved.sign_stop_reason == "stopped_by_holder"


def test_a_card_that_another_replaces_is_stopped_once(
    office: RunningOffice, card: LinkedCard, jiro: Member
) -> None:
    office.office.renew("jiro", at=now())
    at_once(stopping(card), proving(office, jiro, "jiro"))
    card.refresh_from_db()
    assert stops() == 2
    assert card.auth_stop_reason == "stopped_by_holder"


def test_two_watches_enqueue_a_card_once(card: LinkedCard) -> None:
    ProcrastinateJob.objects.all().delete()
    tomorrow = now() + timedelta(days=1)
    assert at_once(*[lambda: watch.begin(at=tomorrow)] * 2) == [1, 1]
    assert ProcrastinateJob.objects.filter(task_name="proofing.ask_after_cards").count() == 1


def test_the_watch_takes_the_member_before_the_card(card: LinkedCard, jiro: Member) -> None:
    """Whoever proves holds the member, and takes the cards then: nobody may stand crosswise."""
    with Race() as race:
        proof = race.begin(
            lambda: persons.hold(jiro), lambda: LinkedCard.objects.select_for_update().get()
        )
        revoked = race.begin(revoking(card, "unspecified", ""))
        race.go_on(proof)
        assert race.commit(proof) == card
        race.commit(revoked)
    assert Member.objects.get(id=jiro.id).level < 3


# Merging


def merge_of(into: Member, code: str) -> Deed:
    return lambda: merging.merge(into, code, at=now())


def test_of_two_codes_asked_for_at_once_one_counts(jiro: Member) -> None:
    at_once(*[lambda: merging.ask(jiro, at=now())] * 2)
    assert MergeTicket.objects.filter(used_at=None).count() == 1


def test_two_wrong_tries_cost_two(hanako: Member, jiro: Member) -> None:
    code = wrong(merging.ask(jiro, at=now()))
    assert at_once(*[merge_of(hanako, code)] * 2) == ["merge_code_wrong"] * 2
    assert MergeTicket.objects.get().tries_left == 3  # of five


def test_two_accounts_that_take_each_other_in_become_one(hanako: Member, jiro: Member) -> None:
    codes = {member.id: merging.ask(member, at=now()) for member in (hanako, jiro)}
    ends = at_once(merge_of(hanako, codes[jiro.id]), merge_of(jiro, codes[hanako.id]))
    assert ends[1] == "merge_not_possible"
    one = Member.objects.get(merged_into=None)
    assert set(one.mailboxes) == {hanako.mailbox_id, jiro.mailbox_id}
    assert Member.objects.filter(account__is_active=True).count() == 1


def test_who_signs_in_with_a_card_that_is_merged_at_this_moment_is_the_one_member(
    office: RunningOffice, card: LinkedCard, hanako: Member, jiro: Member
) -> None:
    answer = office.answer("jiro", Purpose.SIGN_IN)
    merge = merge_of(hanako, merging.ask(jiro, at=now()))
    ends = at_once(merge, lambda: cards.sign_in(answer, session=SESSION, at=now()))
    assert ends[1] == hanako


def test_one_code_gives_an_account_to_one_of_two(
    hanako: Member, taro: Member, jiro: Member
) -> None:
    code = merging.ask(jiro, at=now())
    ends = at_once(merge_of(hanako, code), merge_of(taro, code))
    assert ends[1] == "merge_code_wrong"
    jiro.refresh_from_db()
    assert jiro.merged_into_id == hanako.id


@pytest.mark.parametrize("inner_first", [True, False])
def test_a_chain_of_merges_loses_no_mailbox(
    hanako: Member, taro: Member, jiro: Member, inner_first: bool
) -> None:
    acts = [
        merge_of(taro, merging.ask(jiro, at=now())), merge_of(hanako, merging.ask(taro, at=now()))
    ]  # fmt: skip
    at_once(*(acts if inner_first else reversed(acts)))
    held = [m for one in Member.objects.filter(merged_into=None) for m in one.mailboxes]
    assert sorted(held) == sorted(m.mailbox_id for m in (hanako, taro, jiro))


@pytest.mark.parametrize("merges_first", [True, False])
def test_an_account_is_merged_or_closing_not_both(
    hanako: Member, jiro: Member, merges_first: bool
) -> None:
    acts = [
        merge_of(hanako, merging.ask(jiro, at=now())),
        lambda: closing.ask_to_close(jiro, at=now()),
    ]
    ends = at_once(*(acts if merges_first else reversed(acts)))
    assert ends[1] == ("member_not_found" if merges_first else "merge_not_possible")
    jiro.refresh_from_db()
    assert (jiro.merged_into_id is None) == (jiro.closing_at is not None)
    assert Line.objects.filter(event="MailboxClosing").exists() != merges_first


# Closing


def test_a_letter_on_its_way_into_a_closing_mailbox_is_in_it_or_refused(
    hanako: Member, send_letter: SendLetter
) -> None:
    closing.ask_to_close(hanako, at=now() - timedelta(days=31))
    first, closed = at_once(lambda: send_letter(), lambda: closing.close_due(at=now()))
    assert (first.state, closed) == ("consigned", 1)
    assert not MailboxKey.objects.filter(mailbox_id=hanako.mailbox_id).exists()


@pytest.mark.parametrize("closes_first", [True, False])
def test_an_account_that_closes_while_its_card_proves_ends_with_nothing(
    office: RunningOffice, jiro: Member, closes_first: bool
) -> None:
    closing.ask_to_close(jiro, at=now() - timedelta(days=31))
    acts = [lambda: closing.close_due(at=now()), proving(office, jiro, "jiro")]
    at_once(*(acts if closes_first else reversed(acts)))
    jiro.refresh_from_db()
    assert jiro.closed_at is not None
    assert not LinkedCard.objects.filter(member=jiro).exists()
    assert not PersonKey.objects.filter(member=jiro).exists()
    assert not jiro.certifications.exists()
