"""Signing in, proving, linking and stepping up with a real card, against a real authority."""

from dataclasses import replace

import pytest

from mypost.common.clock import now
from mypost.evidence.models import Line
from mypost.members import queries as attributes
from mypost.members.models import Member
from mypost.proofing import cards, persons
from mypost.proofing.challenges import Purpose
from mypost.proofing.errors import (
    CardNotYours,
    CardRefused,
    CardStopped,
    CardUnknown,
    SamePersonElsewhere,
)
from mypost.proofing.models import LinkedCard, PersonKey
from mypost.verification.models import RecordedVerdict
from tests.proofing.offices import HANAKO, SESSION, RunningOffice


def prove(office: RunningOffice, member: Member, person: str) -> LinkedCard:
    answer = office.answer(person, Purpose.PROVE)
    return cards.prove(member, answer, session=SESSION, at=now())


def link(office: RunningOffice, member: Member, person: str) -> LinkedCard:
    answer = office.answer(person, Purpose.LINK)
    return cards.link_sign_in(member, answer, session=SESSION, at=now())


def sign_in(office: RunningOffice, person: str) -> Member:
    answer = office.answer(person, Purpose.SIGN_IN)
    return cards.sign_in(answer, session=SESSION, at=now())


def step_up(office: RunningOffice, member: Member, person: str) -> LinkedCard:
    answer = office.answer(person, Purpose.STEP_UP)
    return cards.step_up(member, answer, session=SESSION, at=now())


def reasons_of(refused: pytest.ExceptionInfo[CardRefused]) -> tuple[str, ...]:
    return refused.value.verdict.reasons


def test_who_proves_with_the_card_is_at_level_three(office: RunningOffice, jiro: Member) -> None:
    card = prove(office, jiro, "jiro")
    assert Member.objects.get(id=jiro.id).level == 3
    assert card.sign_serial == office.serial("jiro", "sign")
    assert (card.auth_serial, card.replaced_by_id) == ("", None)


def test_the_basic_four_are_kept_byte_for_byte(office: RunningOffice, taro: Member) -> None:
    prove(office, taro, "hanako")
    certified = attributes.certified(taro)
    assert certified is not None
    assert (certified.name, certified.address) == (HANAKO.name, HANAKO.address)
    assert (certified.birth_date, certified.sex) == (HANAKO.birth_date, HANAKO.sex)
    assert certified.name_substituted == "0" * len(HANAKO.name)
    assert certified.serial == office.serial("hanako", "sign")


def test_who_linked_a_card_signs_in_with_it(
    office: RunningOffice, hanako: Member, taro: Member
) -> None:
    link(office, hanako, "hanako")
    link(office, taro, "taro")
    assert sign_in(office, "hanako") == hanako
    assert sign_in(office, "taro") == taro


def test_proof_and_sign_in_stand_on_one_card(office: RunningOffice, hanako: Member) -> None:
    proved, linked = prove(office, hanako, "hanako"), link(office, hanako, "hanako")
    assert proved.id == linked.id
    assert linked.sign_serial == office.serial("hanako", "sign")
    assert linked.auth_serial == office.serial("hanako", "auth")


def test_proving_does_not_link_the_card_for_signing_in(
    office: RunningOffice, hanako: Member
) -> None:
    prove(office, hanako, "hanako")
    with pytest.raises(CardUnknown):
        sign_in(office, "hanako")


def test_a_linked_card_raises_the_session(office: RunningOffice, hanako: Member) -> None:
    card = link(office, hanako, "hanako")
    assert step_up(office, hanako, "hanako").id == card.id


def test_each_verdict_is_kept_good_or_bad(office: RunningOffice, hanako: Member) -> None:
    link(office, hanako, "hanako")
    answer = office.answer("hanako", Purpose.STEP_UP)
    with pytest.raises(CardRefused):
        cards.step_up(hanako, replace(answer, signature=b"x"), session=SESSION, at=now())
    verdicts = RecordedVerdict.objects.filter(mailbox_id=hanako.mailbox_id)
    assert sorted(verdicts.values_list("outcome", flat=True)) == ["invalid", "valid"]
    judged = Line.objects.filter(event="CertificateJudged", mailbox_id=hanako.mailbox_id)
    assert judged.count() == 2


def test_linking_leaves_evidence_without_a_name(office: RunningOffice, hanako: Member) -> None:
    prove(office, hanako, "hanako")
    link(office, hanako, "hanako")
    lines = Line.objects.filter(event="CardLinked", mailbox_id=hanako.mailbox_id)
    assert lines.count() == 2
    written = "".join(Line.objects.values_list("entry", flat=True))
    assert office.serial("hanako", "sign") not in written.split('"facts"')[0]
    assert HANAKO.name not in written


def test_linking_again_adds_no_card(office: RunningOffice, hanako: Member) -> None:
    first = link(office, hanako, "hanako")
    assert link(office, hanako, "hanako").id == first.id
    prove(office, hanako, "hanako")
    assert prove(office, hanako, "hanako").id == first.id
    assert LinkedCard.objects.count() == 1


# Whose card it is


def test_a_card_that_nobody_linked_is_unknown(office: RunningOffice, jiro: Member) -> None:
    with pytest.raises(CardUnknown):
        sign_in(office, "jiro")


def test_a_card_that_another_member_linked_cannot_be_linked(
    office: RunningOffice, hanako: Member, jiro: Member
) -> None:
    link(office, hanako, "hanako")
    with pytest.raises(CardNotYours) as refused:
        link(office, jiro, "hanako")
    told = str(refused.value)
    assert "hanako" not in told
    assert str(hanako.id) not in told
    assert sign_in(office, "hanako") == hanako


def test_the_stranger_learns_the_same_of_a_linked_card_and_of_any(
    office: RunningOffice, hanako: Member, jiro: Member
) -> None:
    link(office, hanako, "hanako")
    told = []
    for person in ("hanako", "taro"):
        with pytest.raises(CardNotYours) as refused:
            step_up(office, jiro, person)
        told.append(str(refused.value))
    assert told[0] == told[1]


def test_two_peoples_certificates_do_not_make_one_card(
    office: RunningOffice, hanako: Member
) -> None:
    prove(office, hanako, "hanako")
    with pytest.raises(CardNotYours):
        link(office, hanako, "taro")
    with pytest.raises(CardNotYours):
        prove(office, hanako, "taro")
    (card,) = LinkedCard.objects.all()
    assert (card.auth_serial, card.sign_serial) == ("", office.serial("hanako", "sign"))


def test_another_birth_date_is_another_person_where_no_platform_tells(
    office: RunningOffice, hanako: Member
) -> None:
    office.settings.JPKI_REVOCATION = "ocsp"
    prove(office, hanako, "hanako")
    with pytest.raises(CardNotYours):
        prove(office, hanako, "taro")


def test_one_person_has_one_proved_account(
    office: RunningOffice, hanako: Member, jiro: Member
) -> None:
    prove(office, hanako, "hanako")
    with pytest.raises(SamePersonElsewhere):
        prove(office, jiro, "hanako")
    assert Member.objects.get(id=jiro.id).level < 3
    assert attributes.certified(jiro) is None


def test_a_card_that_proved_another_account_proves_no_second_one(
    office: RunningOffice, hanako: Member, jiro: Member
) -> None:
    office.settings.JPKI_REVOCATION = "ocsp"
    prove(office, hanako, "kiyo")  # neither a platform nor a birth date tells who she is
    assert not PersonKey.objects.exists()
    with pytest.raises(SamePersonElsewhere):
        prove(office, jiro, "kiyo")
    assert LinkedCard.objects.get().member_id == hanako.id


@pytest.mark.parametrize(
    ("on_the_card", "declared"),
    [("319840412", "1984-04-12"), ("319840400", "1984-04"), ("319840000", "1984")],
)
def test_a_proof_by_card_and_one_by_post_are_of_one_person(
    office: RunningOffice, hanako: Member, jiro: Member, on_the_card: str, declared: str
) -> None:
    office.office.enter(replace(HANAKO, birth_date=on_the_card), at=now())
    by_post = persons.attributes_key(HANAKO.name, declared, HANAKO.address)
    persons.claim(jiro, [by_post], at=now())
    with pytest.raises(SamePersonElsewhere):
        prove(office, hanako, "hanako")


@pytest.mark.parametrize("source", ["crl", "ocsp"])
def test_it_works_with_every_kind_of_authority(
    office: RunningOffice, jiro: Member, source: str
) -> None:
    office.settings.JPKI_REVOCATION = source
    prove(office, jiro, "jiro")
    link(office, jiro, "jiro")
    assert sign_in(office, "jiro") == jiro


def test_an_account_that_was_closed_by_the_office_is_not_entered(
    office: RunningOffice, hanako: Member
) -> None:
    link(office, hanako, "hanako")
    hanako.account.is_active = False
    hanako.account.save()
    with pytest.raises(CardUnknown):
        sign_in(office, "hanako")


# Another card


def test_a_renewed_card_takes_the_place_of_the_old_one(
    office: RunningOffice, hanako: Member
) -> None:
    prove(office, hanako, "hanako")
    old = link(office, hanako, "hanako")
    office.office.renew("hanako", at=now())
    with pytest.raises(CardUnknown):
        sign_in(office, "hanako")
    new = prove(office, hanako, "hanako")
    old.refresh_from_db()
    assert old.replaced_by_id == new.id != old.id
    assert {old.sign_stop_reason, old.auth_stop_reason} == {"superseded"}
    assert link(office, hanako, "hanako").id == new.id
    assert sign_in(office, "hanako") == hanako
    assert Member.objects.get(id=hanako.id).level == 3


def test_the_old_card_no_longer_signs_in_once_the_new_one_has_proved(
    office: RunningOffice, hanako: Member
) -> None:
    prove(office, hanako, "hanako")
    link(office, hanako, "hanako")
    old_answer = office.answer("hanako", Purpose.SIGN_IN)
    office.office.renew("hanako", at=now())
    prove(office, hanako, "hanako")
    with pytest.raises(CardRefused) as refused:
        cards.sign_in(old_answer, session=SESSION, at=now())
    assert reasons_of(refused) == ("certificate_revoked",)


def test_after_a_move_the_new_certificate_comes_on_the_same_card(
    office: RunningOffice, hanako: Member
) -> None:
    prove(office, hanako, "hanako")
    link(office, hanako, "hanako")
    office.office.move("hanako", "福島県風見市丘の上１番", "風見市", at=now())
    assert sign_in(office, "hanako") == hanako
    office.office.issue("hanako", at=now())
    card = prove(office, hanako, "hanako")
    assert card.auth_serial == office.serial("hanako", "auth")
    assert sign_in(office, "hanako") == hanako
    certified = attributes.certified(hanako)
    assert certified is not None
    assert (certified.address, certified.lapsed_at) == ("福島県風見市丘の上１番", None)


def test_a_stopped_card_that_is_good_again_can_be_linked_anew(
    office: RunningOffice, hanako: Member
) -> None:
    card = link(office, hanako, "hanako")
    LinkedCard.objects.update(auth_stopped_at=now(), auth_stop_reason="loss")
    with pytest.raises(CardStopped):
        sign_in(office, "hanako")
    assert link(office, hanako, "hanako").id == card.id
    assert sign_in(office, "hanako") == hanako
