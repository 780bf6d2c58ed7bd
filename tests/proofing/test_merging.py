"""Two accounts of one person become one: nothing is lost, nothing is there twice."""

from datetime import timedelta

import pytest
from django.db import transaction

from mypost.accounts.models import Account
from mypost.common.clock import now
from mypost.evidence.models import Line
from mypost.kernel import crockford
from mypost.letters import queries as letters
from mypost.members import commands as members
from mypost.members import queries as attributes
from mypost.members.models import Member
from mypost.proofing import merging, passcodes, persons, queries
from mypost.proofing.errors import MergeCodeWrong, MergeNotPossible
from mypost.proofing.models import MergeTicket, PasscodeRequest, PersonKey
from mypost.proofing.reasons import PostalEvent
from mypost.senders.models import Sender
from mypost.subscriptions import commands as subscriptions
from mypost.subscriptions import queries as choices
from tests.conftest import LATER, NOW, SendLetter, make_member
from tests.members.test_certify import THE_CARD_SAYS
from tests.proofing.conftest import HE_SAYS, SHE_SAYS, Asked
from tests.proofing.offices import RunningOffice
from tests.proofing.test_cards import link, prove, sign_in
from tests.proofing.test_watch import is_signed_in, signed_in
from tests.told import commits_to

COST_IN_EARNEST = merging._COST  # before conftest makes it cheap


def merge(into: Member, second: Member) -> Member:
    return merging.merge(into, merging.ask(second, at=NOW), at=LATER)


def wrong(code: str) -> str:
    """A code that finds the same ticket, and has another secret and a right check character."""
    digits = code.replace("-", "")[:-1]
    number = 0
    for sign in digits:
        number = number << 5 | "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(sign)
    return crockford.numbered(number ^ 1, length=16)


# The code


def test_whoever_holds_both_makes_them_one(hanako: Member, taro: Member) -> None:
    merged = merge(hanako, taro)
    assert merged.mailboxes == [hanako.mailbox_id, taro.mailbox_id]
    assert Member.objects.get(id=taro.id).merged_into_id == hanako.id


def test_who_steals_the_table_pays_sixteen_megabytes_a_try() -> None:
    assert COST_IN_EARNEST * 8 * 128 >= 2**24  # RFC 7914: N * r * 128 bytes


def test_the_code_is_read_as_people_write(hanako: Member, taro: Member) -> None:
    code = merging.ask(taro, at=NOW)
    assert len(code.replace("-", "")) == 16
    written = code.replace("-", " ").lower().replace("0", "o").replace("1", "l")
    assert merging.merge(hanako, written, at=LATER).mailboxes[1] == taro.mailbox_id


def test_a_code_is_good_once(hanako: Member, taro: Member, jiro: Member) -> None:
    code = merging.ask(taro, at=NOW)
    merging.merge(hanako, code, at=LATER)
    for member in (hanako, jiro):
        with pytest.raises(MergeCodeWrong):
            merging.merge(member, code, at=LATER)


def test_a_code_is_good_for_an_hour(hanako: Member, taro: Member) -> None:
    code = merging.ask(taro, at=NOW)
    with pytest.raises(MergeCodeWrong):
        merging.merge(hanako, code, at=NOW + timedelta(hours=1, seconds=1))
    merging.merge(hanako, code, at=NOW + timedelta(hours=1))


def test_a_new_code_ends_the_former_one(hanako: Member, taro: Member) -> None:
    first, second = merging.ask(taro, at=NOW), merging.ask(taro, at=NOW)
    with pytest.raises(MergeCodeWrong):
        merging.merge(hanako, first, at=LATER)
    merging.merge(hanako, second, at=LATER)


def test_after_five_wrong_tries_the_right_code_is_refused_too(
    hanako: Member, taro: Member, jiro: Member
) -> None:
    code, others = merging.ask(taro, at=NOW), merging.ask(hanako, at=NOW)
    for _try in range(5):
        with pytest.raises(MergeCodeWrong):
            merging.merge(jiro, wrong(code), at=LATER)
    with pytest.raises(MergeCodeWrong):
        merging.merge(hanako, code, at=LATER)
    merging.merge(jiro, others, at=LATER)


@pytest.mark.parametrize("code", ["", "0", "XXXX-XXXX-XXXX-XXXX", "ＡＢＣＤ", "\0" * 16, "9" * 99])
def test_what_is_no_code_costs_no_try(hanako: Member, taro: Member, code: str) -> None:
    right = merging.ask(taro, at=NOW)
    for _try in range(6):
        with pytest.raises(MergeCodeWrong):
            merging.merge(hanako, code, at=LATER)
    merging.merge(hanako, right, at=LATER)


def test_the_code_itself_is_not_kept(taro: Member) -> None:
    code = merging.ask(taro, at=NOW)
    ticket = MergeTicket.objects.get()
    assert code not in str(vars(ticket))
    assert code.replace("-", "") not in str(vars(ticket))


# Who may


def test_an_account_is_not_merged_into_itself(hanako: Member) -> None:
    with pytest.raises(MergeNotPossible):
        merge(hanako, hanako)


def test_an_account_that_was_merged_takes_no_other(
    hanako: Member, taro: Member, jiro: Member
) -> None:
    merge(hanako, taro)
    with pytest.raises(MergeNotPossible):
        merge(taro, jiro)
    with pytest.raises(MergeNotPossible):
        merging.ask(taro, at=LATER)


@pytest.mark.parametrize("closing", ["first", "second"])
def test_an_account_that_is_being_closed_takes_no_part(
    hanako: Member, taro: Member, closing: str
) -> None:
    code = merging.ask(taro, at=NOW)
    member = hanako if closing == "first" else taro
    Member.objects.filter(id=member.id).update(closing_at=LATER)
    with pytest.raises(MergeNotPossible):
        merging.merge(hanako, code, at=LATER)


# What becomes of what both had


def test_the_letters_of_both_are_read_in_one_box(
    hanako: Member, taro: Member, city: Sender, send_letter: SendLetter
) -> None:
    theirs = subscriptions.choose(taro, city.id, at=NOW)
    send_letter(reference="first")
    send_letter(reference="second", recipient=theirs.pseudonym)
    merged = merge(hanako, taro)
    listed = letters.mailbox_page(merged, aal=1)
    assert [row.subject for row in listed] == ["国民健康保険税のお知らせ"] * 2
    assert {row.letter.mailbox_id for row in listed} == set(merged.mailboxes)


def test_both_had_chosen_the_sender_and_nothing_is_doubled(
    hanako: Member, taro: Member, city: Sender, send_letter: SendLetter
) -> None:
    theirs = subscriptions.choose(taro, city.id, at=NOW)
    merged = merge(hanako, taro)
    send_letter(reference="first")
    send_letter(reference="second", recipient=theirs.pseudonym)
    assert len(letters.mailbox_page(merged, aal=1)) == 2
    assert choices.count_relations(city.id) == 1
    subscriptions.leave(merged, city.id, at=LATER)
    for reference, recipient in (("third", {}), ("fourth", {"recipient": theirs.pseudonym})):
        assert send_letter(reference=reference, **recipient).code == "recipient_unknown"


def test_the_stranger_reads_nothing_of_either(
    hanako: Member, taro: Member, jiro: Member, city: Sender, send_letter: SendLetter
) -> None:
    theirs = subscriptions.choose(taro, city.id, at=NOW)
    merge(hanako, taro)
    send_letter(recipient=theirs.pseudonym)
    assert letters.mailbox_page(jiro, aal=1) == []


def test_nobody_signs_in_to_the_second_account_any_more(hanako: Member, taro: Member) -> None:
    first, second = signed_in(hanako.account), signed_in(taro.account)
    merge(hanako, taro)
    assert (is_signed_in(first), is_signed_in(second)) == (True, False)
    assert not Account.objects.get(id=taro.account_id).is_active
    assert Account.objects.get(id=hanako.account_id).is_active


def test_the_higher_level_stays_with_what_it_rests_on(
    office: RunningOffice, hanako: Member, jiro: Member
) -> None:
    Member.objects.filter(id=hanako.id).update(level=0)
    prove(office, jiro, "jiro")
    link(office, jiro, "jiro")
    merged = merge(hanako, jiro)
    assert merged.level == 3
    certified = attributes.certified(merged)
    assert certified is not None
    assert certified.serial == office.serial("jiro", "sign")
    assert [card.sign_serial for card in queries.cards_of(merged)] == [certified.serial]
    assert sign_in(office, "jiro") == merged


def test_a_level_by_post_comes_with_its_declaration_and_its_reason(
    jiro: Member, asked: Asked
) -> None:
    first = make_member("first@example.jp", "一人目", 0)
    passcodes.enter(jiro, asked.code, at=NOW)
    passcodes.note(asked.id, PostalEvent.HANDED_OVER, at=LATER)
    jiro.refresh_from_db()
    merged = merging.merge(first, merging.ask(jiro, at=LATER), at=LATER + timedelta(minutes=1))
    declared = attributes.declared(merged)
    assert declared is not None
    assert (merged.level, declared.name, declared.building) == (2, HE_SAYS.name, HE_SAYS.building)
    changes = {(one.level, one.source, one.reason) for one in attributes.level_changes(merged)}
    assert (2, "posted_passcode", "passcode_confirmed") in changes
    assert attributes.certified(merged) is None


def test_what_is_no_longer_certified_is_not_certified_anew(hanako: Member, jiro: Member) -> None:
    Member.objects.filter(id=hanako.id).update(level=0)
    members.certify(jiro, THE_CARD_SAYS, at=NOW)
    members.lapse(jiro, reason="move", at=NOW)
    merged = merge(hanako, jiro)
    assert (merged.level, attributes.certified(merged)) == (3, None)


def test_a_lower_level_changes_nothing(hanako: Member, jiro: Member) -> None:
    members.declare(hanako, SHE_SAYS, at=NOW)
    before = attributes.declared(hanako)
    merged = merge(hanako, jiro)
    assert (merged.level, attributes.declared(merged)) == (3, before)


def test_the_person_is_recognised_in_the_account_that_is_left(hanako: Member, taro: Member) -> None:
    persons.claim(taro, [("platform", "P-1")], at=NOW)
    merge(hanako, taro)
    assert PersonKey.objects.get().member_id == hanako.id
    assert persons.member_of("platform", "P-1") == hanako


def test_a_code_on_its_way_to_the_second_account_is_void(
    hanako: Member, jiro: Member, asked: Asked
) -> None:
    hers = PasscodeRequest.objects.create(
        id=hanako.id, member=hanako, addressed_to=members.declare(hanako, SHE_SAYS, at=NOW),
        requested_at=NOW, expires_at=LATER,
    )  # fmt: skip
    merge(hanako, jiro)
    assert queries.open_passcode(jiro) is None
    assert (asked.now().state, asked.now().void_reason) == ("void", "changed")
    assert queries.open_passcode(hanako) == hers


def test_a_third_account_and_those_merged_into_it_come_along(
    hanako: Member, taro: Member, jiro: Member
) -> None:
    merge(taro, jiro)
    merged = merge(hanako, taro)
    assert merged.mailboxes == [hanako.mailbox_id, taro.mailbox_id, jiro.mailbox_id]
    assert Member.objects.get(id=jiro.id).merged_into_id == hanako.id
    assert Member.objects.get(id=taro.id).merged_mailboxes == []


def test_both_stories_tell_of_it(hanako: Member, taro: Member) -> None:
    merge(hanako, taro)
    lines = Line.objects.filter(event="AccountsMerged")
    assert {line.mailbox_id for line in lines} == {hanako.mailbox_id, taro.mailbox_id}
    for line in lines:
        assert (line.subject_id, line.at) == (taro.id, LATER)
        assert commits_to(line, into=str(hanako.id))


@pytest.mark.django_db(transaction=True)
def test_a_wrong_try_counts_though_the_merge_is_refused(hanako: Member, taro: Member) -> None:
    code = merging.ask(taro, at=now())
    with transaction.atomic(), pytest.raises(MergeCodeWrong):
        merging.merge(hanako, wrong(code), at=now())
    assert MergeTicket.objects.get().tries_left == 4
