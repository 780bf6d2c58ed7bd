"""A letter with a code: asked for, composed once, and given up."""

from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from mypost.common.clock import now
from mypost.evidence.models import Line
from mypost.kernel.passcodes import normalise
from mypost.members import commands as members
from mypost.members.models import Member
from mypost.proofing import passcodes, queries
from mypost.proofing.errors import (
    AddressNotDeclared,
    PasscodeNotDue,
    PasscodeNotNeeded,
    PasscodeUnderWay,
    TooManyPasscodes,
)
from mypost.proofing.models import PasscodeRequest
from mypost.proofing.reasons import PostalEvent
from mypost.proofing.tasks import void_expired_passcodes
from tests.conftest import LATER, NOW
from tests.proofing.conftest import HE_SAYS, Asked, ask, level

pytestmark = pytest.mark.django_db

VALID_FOR = timedelta(days=30)  # mypost/proofing/README.md, as are the three letters in that time


def give_back(asked: Asked) -> None:
    passcodes.note(asked.id, PostalEvent.RETURNED, at=LATER)


# Asking


def test_a_request_waits_for_the_next_print_run_and_is_evidence(jiro: Member) -> None:
    request = passcodes.request(jiro, at=NOW)
    assert (request.state, request.expires_at) == ("requested", NOW + VALID_FOR)
    assert queries.passcodes_to_print(10) == [request.id]
    line = Line.objects.get(event="PasscodeRequested")
    assert (line.subject_id, line.mailbox_id) == (request.id, jiro.mailbox_id)


def test_the_oldest_request_is_printed_first(jiro: Member, hanako: Member) -> None:
    later = passcodes.request(jiro, at=LATER)
    members.set_level(hanako.id, 1, source="operator", reason="test", at=NOW)  # type: ignore[arg-type]
    members.declare(hanako, HE_SAYS, at=NOW)
    first = passcodes.request(hanako, at=NOW)
    assert queries.passcodes_to_print(10) == [first.id, later.id]
    assert queries.passcodes_to_print(1) == [first.id]


def test_it_goes_to_the_address_that_was_declared_when_it_was_asked_for(jiro: Member) -> None:
    request = passcodes.request(jiro, at=NOW)
    members.declare(jiro, replace(HE_SAYS, address="東京都清瀬市１－１"), at=LATER)
    to = queries.addressee(request.id)
    assert (to.name, to.address, to.building) == (HE_SAYS.name, HE_SAYS.address, HE_SAYS.building)
    assert (to.postal_code, to.language, to.mailbox_id) == ("1050011", "ja", jiro.mailbox_id)


def test_without_an_address_there_is_no_letter(taro: Member) -> None:
    with pytest.raises(AddressNotDeclared):
        passcodes.request(taro, at=NOW)


@pytest.mark.parametrize("height", [2, 3])
def test_who_is_verified_already_needs_none(jiro: Member, height: int) -> None:
    members.set_level(jiro.id, height, source="operator", reason="test", at=NOW)  # type: ignore[arg-type]
    with pytest.raises(PasscodeNotNeeded):
        passcodes.request(jiro, at=NOW)


def test_one_letter_is_under_way_at_a_time(jiro: Member, asked: Asked) -> None:
    with pytest.raises(PasscodeUnderWay):
        passcodes.request(jiro, at=LATER)
    assert PasscodeRequest.objects.count() == 1


def test_the_database_too_refuses_a_second_one(jiro: Member, asked: Asked) -> None:
    second = asked.now()
    second.id = uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save(force_insert=True)


def test_a_letter_that_came_back_can_be_asked_for_again(jiro: Member, asked: Asked) -> None:
    give_back(asked)
    assert passcodes.request(jiro, at=LATER).id != asked.id


def test_three_letters_in_thirty_days_are_enough(jiro: Member) -> None:
    for day in range(3):
        give_back(ask(jiro, NOW + timedelta(days=day)))
    with pytest.raises(TooManyPasscodes):
        passcodes.request(jiro, at=NOW + timedelta(days=30, seconds=-1))
    passcodes.request(jiro, at=NOW + timedelta(days=30))


def test_the_neighbours_letters_do_not_count(jiro: Member, hanako: Member) -> None:
    for _ in range(3):
        give_back(ask(jiro))
    members.set_level(hanako.id, 1, source="operator", reason="test", at=NOW)  # type: ignore[arg-type]
    members.declare(hanako, HE_SAYS, at=NOW)
    passcodes.request(hanako, at=LATER)


# Composing


def test_a_code_is_made_once(jiro: Member) -> None:
    request = passcodes.request(jiro, at=NOW)
    code = passcodes.issue(request.id, at=NOW)
    assert normalise(code) == code
    request.refresh_from_db()
    _name, salt, derived = request.code_hash.split("$")
    assert (len(b64decode(salt)), len(b64decode(derived))) == (16, 32)
    with pytest.raises(PasscodeNotDue):
        passcodes.issue(request.id, at=NOW)
    assert queries.passcodes_to_print(10) == []


def test_no_two_codes_are_the_same(jiro: Member, hanako: Member) -> None:
    first = ask(jiro)
    give_back(first)
    assert ask(jiro, LATER).code != first.code


def test_its_thirty_days_begin_when_it_is_composed(jiro: Member) -> None:
    request = passcodes.request(jiro, at=NOW)
    passcodes.issue(request.id, at=LATER)
    request.refresh_from_db()
    assert request.expires_at == LATER + VALID_FOR


def test_there_is_no_code_for_a_request_that_does_not_exist(db: None) -> None:
    with pytest.raises(PasscodeNotDue):
        passcodes.issue(uuid4(), at=NOW)


def test_the_code_lies_nowhere_in_the_database(jiro: Member, asked: Asked) -> None:
    passcodes.enter(jiro, asked.code, at=NOW)
    bare = asked.code.replace("-", "")
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM \"{table}\" t")
            held = str(cursor.fetchone()[0])
            assert asked.code not in held, table
            assert bare not in held, table


# Given up


@pytest.mark.parametrize(
    "change",
    [{"name": "芝　三郎"}, {"address": "東京都清瀬市１－１"}, {"building": ""}],
    ids=["name", "address", "building"],
)
def test_another_name_or_address_makes_the_code_void(
    jiro: Member, asked: Asked, change: dict[str, str]
) -> None:
    members.declare(jiro, replace(HE_SAYS, **change), at=LATER)  # type: ignore[arg-type]
    assert (asked.now().state, asked.now().void_reason) == ("void", "changed")
    passcodes.request(jiro, at=LATER)


def test_another_spelling_does_not(jiro: Member, asked: Asked) -> None:
    members.declare(
        jiro, replace(HE_SAYS, name="芝 次郎", address="東京都港区芝公園4-2-8"), at=LATER
    )
    assert asked.now().state == "composed"


def test_a_request_that_is_void_is_not_printed(jiro: Member) -> None:
    request = passcodes.request(jiro, at=NOW)
    members.declare(jiro, replace(HE_SAYS, name="芝　三郎"), at=LATER)
    assert queries.passcodes_to_print(10) == []
    with pytest.raises(PasscodeNotDue):
        passcodes.issue(request.id, at=LATER)


def test_the_night_makes_void_what_nobody_entered_in_time(jiro: Member, asked: Asked) -> None:
    assert passcodes.void_expired(at=NOW + VALID_FOR - timedelta(seconds=1)) == 0
    assert passcodes.void_expired(at=NOW + VALID_FOR) == 1
    assert passcodes.void_expired(at=NOW + VALID_FOR) == 0
    assert (asked.now().state, asked.now().void_reason) == ("void", "expired")


def test_the_job_takes_the_time_from_the_clock(jiro: Member, asked: Asked) -> None:
    PasscodeRequest.objects.update(expires_at=now() - timedelta(seconds=1))
    void_expired_passcodes(timestamp=0)
    assert asked.now().state == "void"


def test_what_was_entered_in_time_waits_for_the_post(jiro: Member, asked: Asked) -> None:
    passcodes.enter(jiro, asked.code, at=NOW)
    assert passcodes.void_expired(at=NOW + VALID_FOR) == 0
    passcodes.note(asked.id, PostalEvent.HANDED_OVER, at=NOW + VALID_FOR)
    assert level(jiro) == 2


def test_who_has_waited_thirty_days_for_the_posts_word_may_ask_again(
    jiro: Member, asked: Asked
) -> None:
    passcodes.enter(jiro, asked.code, at=NOW)
    with pytest.raises(PasscodeUnderWay):
        passcodes.request(jiro, at=NOW + VALID_FOR - timedelta(seconds=1))
    passcodes.request(jiro, at=NOW + VALID_FOR)
    assert (asked.now().state, asked.now().void_reason) == ("void", "replaced")


def test_an_expired_one_makes_room_for_another(jiro: Member, asked: Asked) -> None:
    passcodes.request(jiro, at=NOW + VALID_FOR)
    assert (asked.now().state, asked.now().void_reason) == ("void", "expired")


# The level without a card


def test_a_confirmed_letter_still_counts_when_the_card_does_not(jiro: Member, asked: Asked) -> None:
    assert queries.level_without_card(jiro) == 1
    passcodes.enter(jiro, asked.code, at=NOW)
    passcodes.note(asked.id, PostalEvent.HANDED_OVER, at=NOW)
    assert queries.level_without_card(jiro) == 2
    members.declare(jiro, replace(HE_SAYS, address="東京都清瀬市１－１"), at=LATER)
    assert queries.level_without_card(jiro) == 1


def test_who_declared_nothing_has_nothing_without_a_card(taro: Member) -> None:
    assert queries.level_without_card(taro) == 0
