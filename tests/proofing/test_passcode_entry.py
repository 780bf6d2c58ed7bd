"""Entering the code: right once, wrong five times, and never for somebody else."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from mypost.common.transactions import writes
from mypost.evidence.models import Line
from mypost.kernel import passcodes as kernel
from mypost.members import commands as members
from mypost.members import queries as level_history
from mypost.members.models import Member
from mypost.proofing import passcodes, persons
from mypost.proofing.errors import (
    NoPasscodeAwaited,
    PasscodeExpired,
    PasscodeLocked,
    PasscodeMalformed,
    PasscodeWrong,
    ProofingError,
    SamePersonElsewhere,
)
from mypost.proofing.models import PasscodeRequest
from mypost.proofing.passcodes import PostalFacts
from mypost.proofing.reasons import PostalEvent
from tests.conftest import LATER, LONG, NOW
from tests.proofing.conftest import HE_SAYS, WRONG, Asked, ask, level

pytestmark = pytest.mark.django_db


@pytest.fixture
def handed_over(asked: Asked) -> Asked:
    """The carrier looked at Jiro's driving licence and gave him the letter."""
    facts = PostalFacts(id_document="driving_licence", id_last_digits="4711")
    passcodes.note(asked.id, PostalEvent.HANDED_OVER, at=NOW, facts=facts)
    return asked


@pytest.fixture
def hanakos(hanako: Member) -> Asked:
    """The neighbour waits for a letter too."""
    members.set_level(hanako.id, 1, source="operator", reason="test", at=NOW)  # type: ignore[arg-type]
    members.declare(hanako, replace(HE_SAYS, name="港　花子"), at=NOW)
    return ask(hanako)


def refusal_of(member: Member, code: str) -> ProofingError | None:
    """Enter a code as a door does: a refusal becomes a page, and the transaction commits."""

    @writes
    def door() -> ProofingError | None:
        try:
            passcodes.enter(member, code, at=LATER)
        except ProofingError as refusal:
            return refusal
        return None

    return door()


# Right


def test_the_right_code_from_a_letter_that_was_handed_over_gives_level_2(
    jiro: Member, handed_over: Asked
) -> None:
    assert level(jiro) == 1
    confirmed = passcodes.enter(jiro, handed_over.code, at=LATER)
    assert (confirmed.state, confirmed.code_entered_at, level(jiro)) == ("confirmed", LATER, 2)
    change = level_history.level_changes(jiro)[0]
    assert (change.source, change.reason) == ("posted_passcode", "passcode_confirmed")
    assert Line.objects.get(event="PasscodeEntered").subject_id == handed_over.id


def test_the_right_code_alone_is_not_enough(jiro: Member, asked: Asked) -> None:
    entered = passcodes.enter(jiro, asked.code, at=NOW)
    assert (entered.state, level(jiro)) == ("composed", 1)
    passcodes.note(asked.id, PostalEvent.HANDED_OVER, at=LATER)
    assert (asked.now().state, level(jiro)) == ("confirmed", 2)


def test_a_letter_that_was_handed_over_is_not_enough_either(
    jiro: Member, handed_over: Asked
) -> None:
    assert (handed_over.now().state, level(jiro)) == ("handed_over", 1)


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: f"\u3000{code.replace('-', ' ')}\n",
        lambda code: code.translate({ord(c): ord(c) + 0xFEE0 for c in code}),
        lambda code: code.replace("0", "O").replace("1", "l"),
    ],
    ids=["small letters", "no hyphens", "spaces", "full width", "look-alikes"],
)
def test_it_may_be_typed_as_people_type(
    jiro: Member, handed_over: Asked, typed: Callable[[str], str]
) -> None:
    passcodes.enter(jiro, typed(handed_over.code), at=LATER)
    assert level(jiro) == 2


def test_it_is_right_once(jiro: Member, handed_over: Asked) -> None:
    passcodes.enter(jiro, handed_over.code, at=NOW)
    with pytest.raises(NoPasscodeAwaited):
        passcodes.enter(jiro, handed_over.code, at=LATER)


def test_entering_it_again_while_the_post_is_silent_changes_nothing(
    jiro: Member, asked: Asked
) -> None:
    passcodes.enter(jiro, asked.code, at=NOW)
    assert passcodes.enter(jiro, asked.code, at=LATER).code_entered_at == NOW
    assert Line.objects.filter(event="PasscodeEntered").count() == 1


# Wrong


def test_a_wrong_code_costs_one_of_five_tries(jiro: Member, handed_over: Asked) -> None:
    for left in (4, 3, 2, 1):
        with pytest.raises(PasscodeWrong) as refused:
            passcodes.enter(jiro, WRONG, at=LATER)
        assert refused.value.tries_left == handed_over.now().tries_left == left
    passcodes.enter(jiro, handed_over.code, at=LATER)
    assert level(jiro) == 2


def test_after_five_the_right_one_is_refused_too(jiro: Member, handed_over: Asked) -> None:
    refusals = [refusal_of(jiro, WRONG) for _ in range(5)]
    assert [type(refusal) for refusal in refusals] == [PasscodeWrong] * 4 + [PasscodeLocked]
    assert isinstance(refusal_of(jiro, handed_over.code), PasscodeLocked)
    request = handed_over.now()
    assert (request.state, request.void_reason, level(jiro)) == ("void", "locked", 1)
    line = Line.objects.get(event="PasscodeEntered")
    assert '"reasons":["passcode_locked"]' in line.entry


def test_who_is_locked_out_may_ask_for_another_letter(jiro: Member, asked: Asked) -> None:
    for _ in range(5):
        refusal_of(jiro, WRONG)
    another = ask(jiro, LATER)
    assert isinstance(refusal_of(jiro, asked.code), PasscodeWrong)
    assert passcodes.enter(jiro, another.code, at=LATER).id == another.id


@pytest.mark.parametrize("typed", ["", "hello", "0000-0000-000", "UUUU-UUUU-UUUU", "\x00" * 12])
def test_what_cannot_be_a_code_costs_no_try(jiro: Member, asked: Asked, typed: str) -> None:
    with pytest.raises(PasscodeMalformed) as refused:
        passcodes.enter(jiro, typed, at=LATER)
    assert refused.value.tries_left == asked.now().tries_left == 5


def test_many_tries_hit_nothing_and_leave_the_neighbour_alone(
    jiro: Member, handed_over: Asked, hanako: Member, hanakos: Asked
) -> None:
    for number in range(10_000 if LONG else 10):
        guess = kernel.write(os.urandom(8))
        with pytest.raises(PasscodeWrong if number < 4 else PasscodeLocked):
            passcodes.enter(jiro, guess, at=LATER)
    assert level(jiro) == 1
    assert hanakos.now().tries_left == 5
    passcodes.enter(hanako, hanakos.code, at=LATER)


# Somebody else's, too late, none


def test_another_members_code_is_wrong(jiro: Member, handed_over: Asked, hanakos: Asked) -> None:
    assert isinstance(refusal_of(jiro, hanakos.code), PasscodeWrong)
    assert hanakos.now().tries_left == 5


def test_a_hash_that_was_moved_to_another_request_proves_nothing(
    jiro: Member, handed_over: Asked, hanakos: Asked
) -> None:
    stolen = PasscodeRequest.objects.filter(id=handed_over.id)
    stolen.update(code_hash=hanakos.now().code_hash)
    assert isinstance(refusal_of(jiro, hanakos.code), PasscodeWrong)


def test_a_code_is_bound_to_the_address_it_was_sent_to(jiro: Member, handed_over: Asked) -> None:
    elsewhere = members.declare(jiro, replace(HE_SAYS, kana="しば　じろう"), at=LATER)
    PasscodeRequest.objects.filter(id=handed_over.id).update(addressed_to=elsewhere)
    assert isinstance(refusal_of(jiro, handed_over.code), PasscodeWrong)


def test_after_a_move_the_code_of_the_former_address_is_not_awaited(
    jiro: Member, handed_over: Asked
) -> None:
    members.declare(jiro, replace(HE_SAYS, address="東京都清瀬市１－１"), at=NOW)
    assert isinstance(refusal_of(jiro, handed_over.code), NoPasscodeAwaited)
    assert level(jiro) == 1


def test_after_thirty_days_it_is_too_late(jiro: Member, handed_over: Asked) -> None:
    late = NOW + timedelta(days=30)
    for _ in range(2):
        with pytest.raises(PasscodeExpired):
            passcodes.enter(jiro, handed_over.code, at=late)
    assert (handed_over.now().void_reason, level(jiro)) == ("expired", 1)


def test_before_the_letter_is_composed_no_code_is_awaited(jiro: Member) -> None:
    passcodes.request(jiro, at=NOW)
    assert isinstance(refusal_of(jiro, WRONG), NoPasscodeAwaited)


def test_a_stranger_without_a_letter_enters_nothing(taro: Member, handed_over: Asked) -> None:
    assert isinstance(refusal_of(taro, handed_over.code), NoPasscodeAwaited)
    assert handed_over.now().tries_left == 5


# The same person elsewhere


@pytest.fixture
def elsewhere(taro: Member) -> Member:
    """Another account that Jiro proved himself for before."""
    key = persons.attributes_key(
        HE_SAYS.name, HE_SAYS.birth_date, HE_SAYS.address + HE_SAYS.building
    )
    persons.claim(taro, [key], at=NOW)
    return taro


def test_the_same_person_gets_no_second_verified_account(
    jiro: Member, handed_over: Asked, elsewhere: Member
) -> None:
    assert isinstance(refusal_of(jiro, handed_over.code), SamePersonElsewhere)
    assert (handed_over.now().state, level(jiro)) == ("handed_over", 1)


def test_nor_when_the_post_is_the_last_to_speak(
    jiro: Member, asked: Asked, elsewhere: Member
) -> None:
    passcodes.enter(jiro, asked.code, at=NOW)
    passcodes.note(asked.id, PostalEvent.HANDED_OVER, at=LATER)
    assert (asked.now().state, level(jiro)) == ("handed_over", 1)


def test_once_the_other_account_is_closed_the_code_still_counts(
    jiro: Member, handed_over: Asked, elsewhere: Member
) -> None:
    refusal_of(jiro, handed_over.code)
    Member.objects.filter(id=elsewhere.id).update(closing_at=NOW, closed_at=NOW)
    assert refusal_of(jiro, handed_over.code) is None
    assert level(jiro) == 2
