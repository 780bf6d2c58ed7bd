"""Rounds of the watch: who is asked and when, and what follows for this holder and no other."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from mypost.common.clock import now
from mypost.evidence.models import Line
from mypost.members import commands as members
from mypost.members import queries as attributes
from mypost.members.models import Member
from mypost.proofing import watch
from mypost.proofing.models import LinkedCard, PasscodeRequest
from tests.members.test_certify import THE_CARD_SAYS
from tests.proofing.conftest import HE_SAYS, level
from tests.proofing.offices import RunningOffice
from tests.proofing.test_cards import link, prove
from tests.proofing.test_watch import stops_of
from tests.told import commits_to


@pytest.fixture
def card(office: RunningOffice, taro: Member) -> LinkedCard:
    """Taro has proved himself with his card, and signs in with it."""
    prove(office, taro, "taro")
    return link(office, taro, "taro")


def test_only_silence_in_a_row_ends_a_chunk(taro: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four are silent, one speaks, four are silent: all are asked, and who spoke was asked now."""
    speaks, asked = 4, list[str]()

    def ask(card: LinkedCard, _half: str, *, at: datetime) -> bool:
        asked.append(card.sign_serial)
        return len(asked) - 1 == speaks

    monkeypatch.setattr(watch, "ask", ask)
    before = now() - timedelta(days=2)
    cards = [
        LinkedCard.objects.create(
            id=uuid4(), member=taro, sign_serial=f"{number}", linked_at=before, checked_at=before
        )
        for number in range(9)
    ]
    at = now()
    watch.ask_after([one.id for one in cards], at=at)
    assert sorted(asked) == [f"{number}" for number in range(9)]
    assert LinkedCard.objects.get(checked_at=at).sign_serial == asked[speaks]


def test_more_cards_than_one_job_holds_are_several_jobs(
    taro: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "CHUNK", 2)
    before = now() - timedelta(days=2)
    for number in range(3):
        LinkedCard.objects.create(
            id=uuid4(), member=taro, auth_serial=f"{number}", linked_at=before,
            checked_at=before + timedelta(minutes=number),
        )  # fmt: skip
    LinkedCard.objects.create(  # nothing of it counts any more
        id=uuid4(), member=taro, auth_serial="d", auth_stopped_at=before, linked_at=before,
        checked_at=before,
    )  # fmt: skip
    assert watch.begin(at=now()) == 3
    jobs = ProcrastinateJob.objects.filter(task_name="proofing.ask_after_cards").order_by("id")
    assert [len(job.args["card_ids"]) for job in jobs] == [2, 1]


@pytest.mark.parametrize("moved", [False, True])
def test_a_letter_that_still_counts_is_what_is_left(
    office: RunningOffice, card: LinkedCard, taro: Member, moved: bool
) -> None:
    said = members.declare(taro, HE_SAYS, at=now())
    asked = PasscodeRequest.objects.create(
        id=uuid4(), member=taro, addressed_to=said, state="confirmed", code_entered_at=now(),
        requested_at=now(), expires_at=now(),
    )  # fmt: skip
    if moved:
        members.declare(taro, replace(HE_SAYS, address="東京都清瀬市１－１"), at=now())
    watch.follow(card.id, "sign", reason="cessation_of_operation", cause="", at=now())
    assert level(taro) == (1 if moved else 2)
    assert PasscodeRequest.objects.get() == asked


def test_a_certificate_is_asked_after_until_the_moment_it_expires(
    office: RunningOffice, card: LinkedCard
) -> None:
    at = card.auth_expires_at
    assert at is not None
    watch.ask(card, "auth", at=at)
    assert stops_of(LinkedCard.objects.get()) == ("", "")
    watch.ask(card, "auth", at=at + timedelta(microseconds=1))
    assert stops_of(LinkedCard.objects.get()) == ("", "expired")


def test_what_follows_for_one_holder_follows_for_nobody_else(
    office: RunningOffice, hanako: Member, taro: Member
) -> None:
    for member, person in ((hanako, "hanako"), (taro, "taro")):
        prove(office, member, person)
        link(office, member, person)
    card = LinkedCard.objects.get(member=taro)
    watch.follow(card.id, "sign", reason="cessation_of_operation", cause="death", at=now())
    taro.refresh_from_db()
    assert (taro.level, taro.account.is_active) == (0, False)
    hers = LinkedCard.objects.get(member=hanako)
    hanako.refresh_from_db()
    certified = attributes.certified(hanako)
    assert certified is not None
    assert (hers.auth_stop_reason, hers.sign_stop_reason, certified.lapse_reason) == ("",) * 3
    assert (hanako.level, hanako.account.is_active) == (3, True)


def test_a_stop_is_evidence_with_the_word_for_it(office: RunningOffice, hanako: Member) -> None:
    card = link(office, hanako, "hanako")
    watch.follow(card.id, "auth", reason="key_compromise", cause="loss", at=now())
    line = Line.objects.get(event="CardStopped")
    assert (line.subject_id, line.mailbox_id) == (card.id, hanako.mailbox_id)
    assert '"reasons":["loss"]' in line.entry
    assert commits_to(line, certificate="auth", serial=card.auth_serial)


def test_what_rests_on_another_card_does_not_lapse_with_this_one(
    office: RunningOffice, hanako: Member
) -> None:
    card = link(office, hanako, "hanako")
    members.certify(hanako, THE_CARD_SAYS, at=now())
    watch.follow(card.id, "auth", reason="unspecified", cause="", at=now())
    certified = attributes.certified(hanako)
    assert certified is not None
    assert certified.lapsed_at is None
    hanako.refresh_from_db()
    assert hanako.level == 3


def test_a_death_ends_every_card_of_its_holder(office: RunningOffice, hanako: Member) -> None:
    card = link(office, hanako, "hanako")
    other = LinkedCard.objects.create(
        id=hanako.id, member=hanako, auth_serial="0a", linked_at=now(), checked_at=now()
    )
    watch.follow(card.id, "auth", reason="cessation_of_operation", cause="death", at=now())
    other.refresh_from_db()
    assert other.auth_stop_reason == "death"
