"""Answers of cards that must not pass: replayed, misdirected, forged, of another key or world."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mypost.common.clock import now
from mypost.evidence.models import Line
from mypost.members.models import Member
from mypost.proofing import cards
from mypost.proofing.cards import CardAnswer
from mypost.proofing.challenges import Purpose
from mypost.proofing.errors import (
    CardRefused,
    ChallengeExpired,
    ChallengeForeign,
    ChallengeSpent,
)
from tests.proofing.offices import SESSION, RunningOffice
from tests.proofing.test_cards import link, prove, reasons_of, sign_in


def test_a_replayed_answer_is_refused(office: RunningOffice, hanako: Member) -> None:
    link(office, hanako, "hanako")
    answer = office.answer("hanako", Purpose.SIGN_IN)
    cards.sign_in(answer, session=SESSION, at=now())
    with pytest.raises(ChallengeSpent):
        cards.sign_in(answer, session=SESSION, at=now())


def test_an_answer_from_another_browser_is_refused(office: RunningOffice, hanako: Member) -> None:
    link(office, hanako, "hanako")
    answer = office.answer("hanako", Purpose.SIGN_IN)
    with pytest.raises(ChallengeForeign):
        cards.sign_in(answer, session="the-browser-of-jiro", at=now())


@pytest.mark.parametrize("purpose", [Purpose.STEP_UP, Purpose.LINK, Purpose.PROVE])
def test_an_answer_to_another_question_does_not_sign_in(
    office: RunningOffice, hanako: Member, purpose: Purpose
) -> None:
    link(office, hanako, "hanako")
    answer = office.answer("hanako", purpose, kind="auth")
    with pytest.raises(ChallengeForeign):
        cards.sign_in(answer, session=SESSION, at=now())


def test_an_answer_that_came_late_is_refused(office: RunningOffice, hanako: Member) -> None:
    link(office, hanako, "hanako")
    answer = office.answer("hanako", Purpose.SIGN_IN)
    with pytest.raises(ChallengeExpired):
        cards.sign_in(answer, session=SESSION, at=now() + timedelta(minutes=6))


def test_a_signature_over_something_else_is_refused(office: RunningOffice, hanako: Member) -> None:
    link(office, hanako, "hanako")
    first, second = (office.answer("hanako", Purpose.SIGN_IN) for _ in range(2))
    with pytest.raises(CardRefused) as refused:
        cards.sign_in(replace(first, signature=second.signature), session=SESSION, at=now())
    assert reasons_of(refused) == ("signature_wrong",)


def test_somebody_elses_certificate_is_worth_nothing(
    office: RunningOffice, hanako: Member, jiro: Member
) -> None:
    link(office, hanako, "hanako")
    hers = office.answer("hanako", Purpose.SIGN_IN).certificate
    answer = office.answer("jiro", Purpose.SIGN_IN)
    with pytest.raises(CardRefused) as refused:
        cards.sign_in(replace(answer, certificate=hers), session=SESSION, at=now())
    assert reasons_of(refused) == ("signature_wrong",)
    lines = Line.objects.filter(event="CertificateJudged", mailbox_id=hanako.mailbox_id)
    assert lines.count() == 1, "what a stranger does with it is not her story"


def test_the_certificate_for_signatures_does_not_sign_in(
    office: RunningOffice, hanako: Member
) -> None:
    prove(office, hanako, "hanako")
    answer = office.answer("hanako", Purpose.SIGN_IN, kind="sign")
    with pytest.raises(CardRefused) as refused:
        cards.sign_in(answer, session=SESSION, at=now())
    assert reasons_of(refused) == ("certificate_wrong_kind",)


def test_the_certificate_for_signing_in_proves_nothing(office: RunningOffice, jiro: Member) -> None:
    answer = office.answer("jiro", Purpose.PROVE, kind="auth")
    with pytest.raises(CardRefused) as refused:
        cards.prove(jiro, answer, session=SESSION, at=now())
    assert reasons_of(refused) == ("certificate_wrong_kind",)
    assert Member.objects.get(id=jiro.id).level < 3


@pytest.mark.parametrize(
    ("certificate", "reason"),
    [(b"", "certificate_malformed"), (b"\x30\x82\x03", "certificate_malformed")],
    ids=["nothing", "truncated"],
)
@pytest.mark.django_db
def test_what_is_no_certificate_is_refused(
    office: RunningOffice, certificate: bytes, reason: str
) -> None:
    answer = replace(office.answer("jiro", Purpose.SIGN_IN), certificate=certificate)
    with pytest.raises(CardRefused) as refused:
        cards.sign_in(answer, session=SESSION, at=now())
    assert reasons_of(refused) == (reason,)


def test_a_forged_certificate_with_a_linked_number_is_refused(
    office: RunningOffice, hanako: Member
) -> None:
    link(office, hanako, "hanako")
    answer = forged(office)
    with pytest.raises(CardRefused) as refused:
        cards.sign_in(answer, session=SESSION, at=now())
    assert reasons_of(refused) == ("certificate_forged",)


def test_a_test_card_is_refused_in_production(office: RunningOffice, jiro: Member) -> None:
    office.settings.JPKI_WORLD = "production"
    with pytest.raises(CardRefused) as refused:
        prove(office, jiro, "jiro")
    assert reasons_of(refused) == ("certificate_for_tests",)


def test_an_authority_that_does_not_answer_lets_nobody_in(
    office: RunningOffice, hanako: Member
) -> None:
    link(office, hanako, "hanako")
    office.go_away()
    with pytest.raises(CardRefused) as refused:
        sign_in(office, "hanako")
    assert refused.value.verdict.outcome == "indeterminate"
    office.come_back()
    assert sign_in(office, "hanako") == hanako


def forged(office: RunningOffice) -> CardAnswer:
    """An answer of a card that somebody made at home, with Hanako's number on it."""
    holder = office.office.holder("hanako")
    authority = office.office.authority
    key = authority._new_key()
    serial = int(office.serial("hanako", "auth"), 16)
    false = authority.issue(holder.resident, now(), kinds=("auth",), signed_by=key, serial=serial)
    office.office.holder("hanako").card.path.write_bytes(false.path.read_bytes())
    return office.answer("hanako", Purpose.SIGN_IN)
