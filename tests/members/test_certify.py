"""What certificates say of members: byte for byte, apart from what is declared, until it lapses."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from mypost.evidence.models import Line
from mypost.members import queries
from mypost.members.attributes import CertifiedFacts
from mypost.members.commands import certify, lapse, set_level
from mypost.members.models import AssuranceLevel, CertifiedAttributes, LevelSource, Member
from mypost.members.reasons import LevelReason, lapse_sentence
from tests.conftest import LATER, NOW
from tests.told import commits_to

pytestmark = pytest.mark.django_db

THE_CARD_SAYS = CertifiedFacts(
    source=LevelSource.CARD,
    name="黒桐　幹也",
    name_substituted="00001",
    sex="1",
    birth_date="319800217",
    address="東京都清瀬市観布子南１２－７－２０２",
    address_substituted="000000000000000000",
    issuer="ab" * 32,
    serial="0132c4ab",
)


def level(member: Member) -> int:
    member.refresh_from_db()
    return member.level


def test_it_is_kept_byte_for_byte_and_gives_level_3(jiro: Member) -> None:
    certify(jiro, THE_CARD_SAYS, at=NOW)
    kept = CertifiedAttributes.objects.get(member=jiro)
    assert all(getattr(kept, name) == value for name, value in vars(THE_CARD_SAYS).items())
    assert level(jiro) == 3
    change = queries.level_changes(jiro)[0]
    assert (change.source, change.reason) == ("card", LevelReason.CERTIFICATE_SHOWN)


@pytest.mark.parametrize("birth_date", ["400000000", "419920000", "500010101"])
def test_a_partial_birth_date_stays_as_the_card_writes_it(jiro: Member, birth_date: str) -> None:
    certified = certify(jiro, replace(THE_CARD_SAYS, birth_date=birth_date), at=NOW)
    certified.refresh_from_db()
    assert certified.birth_date == birth_date


def test_a_new_certificate_takes_the_place_of_the_former_one(jiro: Member) -> None:
    former = certify(jiro, THE_CARD_SAYS, at=NOW)
    newer = certify(jiro, replace(THE_CARD_SAYS, serial="0132c4ac"), at=LATER)
    former.refresh_from_db()
    assert (former.lapsed_at, former.lapse_reason) == (LATER, "renewal")
    assert queries.certifications(jiro) == [newer, former]
    assert len(queries.level_changes(jiro)) == 1


def test_the_same_certificate_again_adds_nothing(jiro: Member) -> None:
    first = certify(jiro, THE_CARD_SAYS, at=NOW)
    assert certify(jiro, THE_CARD_SAYS, at=LATER) == first
    assert Line.objects.filter(event="AttributesChanged").count() == 1


def test_the_same_certificate_gives_a_level_back_that_was_taken(jiro: Member) -> None:
    former = certify(jiro, THE_CARD_SAYS, at=NOW)
    set_level(jiro.id, AssuranceLevel(1), source="operator", reason="test", at=NOW)
    newer = certify(jiro, THE_CARD_SAYS, at=LATER)
    former.refresh_from_db()
    assert (former.lapse_reason, newer.lapsed_at, level(jiro)) == ("renewal", None, 3)


def test_what_has_lapsed_is_certified_anew_by_the_same_certificate(jiro: Member) -> None:
    former = certify(jiro, THE_CARD_SAYS, at=NOW)
    lapse(jiro, reason="move", at=NOW)
    assert certify(jiro, THE_CARD_SAYS, at=LATER).id != former.id
    former.refresh_from_db()
    assert (former.lapsed_at, former.lapse_reason) == (NOW, "move")


def test_the_source_of_the_level_is_who_certified(jiro: Member) -> None:
    certify(jiro, replace(THE_CARD_SAYS, source=LevelSource.AUTH_APP), at=NOW)
    assert queries.level_changes(jiro)[0].source == "auth_app"


def test_what_lapses_stays_to_be_read_with_its_reason_and_the_level_stays(jiro: Member) -> None:
    certify(jiro, THE_CARD_SAYS, at=NOW)
    lapse(jiro, reason="move", at=LATER)
    certified = queries.certified(jiro)
    assert certified is not None
    assert (certified.lapsed_at, certified.lapse_reason) == (LATER, "move")
    assert certified.address == THE_CARD_SAYS.address
    assert level(jiro) == 3


def test_it_lapses_once(jiro: Member) -> None:
    certify(jiro, THE_CARD_SAYS, at=NOW)
    lapse(jiro, reason="move", at=NOW)
    assert lapse(jiro, reason="death", at=LATER) is None
    assert CertifiedAttributes.objects.get().lapse_reason == "move"


def test_nothing_lapses_for_a_stranger(jiro: Member, taro: Member) -> None:
    certify(jiro, THE_CARD_SAYS, at=NOW)
    assert lapse(taro, reason="move", at=LATER) is None
    assert CertifiedAttributes.objects.get().lapsed_at is None


def test_the_evidence_names_nobody(jiro: Member) -> None:
    certify(jiro, THE_CARD_SAYS, at=NOW)
    lapse(jiro, reason="move", at=LATER)
    lines = Line.objects.filter(mailbox_id=jiro.mailbox_id, event="AttributesChanged")
    assert len(lines) == 2
    for secret in ("黒桐", "清瀬", "319800217", "0132c4ab", "move"):
        assert not any(secret in line.entry for line in lines)
    certified, lapsed = lines.order_by("at")
    assert commits_to(
        certified, source="card", name="黒桐　幹也", name_substituted="00001", sex="1",
        birth_date="319800217", address="東京都清瀬市観布子南１２－７－２０２",
        address_substituted="000000000000000000", issuer="ab" * 32, serial="0132c4ab",
    )  # fmt: skip
    assert commits_to(lapsed, lapse_reason="move")
    assert lapsed.subject_id == certified.subject_id == queries.certifications(jiro)[0].id


def test_the_database_refuses_a_lapse_without_a_reason(jiro: Member) -> None:
    certify(jiro, THE_CARD_SAYS, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        CertifiedAttributes.objects.update(lapsed_at=LATER)


def said(reason: str) -> str:
    return lapse_sentence(CertifiedAttributes(lapsed_at=NOW, lapse_reason=reason))


# The platform's causes, and the reasons of RFC 5280 §5.3.1 that an authority of cards may give.
REASONS = [
    "move", "name_change", "death", "emigration", "loss", "renewal", "expired",
    "affiliation_changed", "superseded", "cessation_of_operation", "certificate_hold",
    "key_compromise", "ca_compromise",
]  # fmt: skip


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_a_sentence_that_says_more_than_revoked(language: str, reason: str) -> None:
    with translation.override(language):
        assert said(reason).endswith("。" if language == "ja" else ".")
        assert said(reason) != said("unspecified")


SAY = {  # words of each; what was renewed was replaced, whoever says it
    "move": "have moved", "name_change": "Your name", "death": "has died", "emigration": "abroad",
    "loss": "lost", "renewal": "replaced", "expired": "expired", "affiliation_changed": "Name or",
    "superseded": "replaced", "cessation_of_operation": "given up", "certificate_hold": "on hold",
    "key_compromise": "key of the certificate", "ca_compromise": "own key",
}  # fmt: skip


def test_each_reason_says_what_it_is_about() -> None:
    with translation.override("en"):
        assert [reason for reason in REASONS if SAY[reason] not in said(reason)] == []


def test_what_is_in_force_has_no_reason() -> None:
    assert lapse_sentence(CertifiedAttributes()) == ""


def test_a_reason_that_is_new_here_is_still_a_sentence() -> None:
    with translation.override("en"):
        assert said("something_new") == "The authority has revoked the certificate."
