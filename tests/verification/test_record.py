"""A verdict is kept with its evidence: the proof that was used, and nothing personal."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from mypost.common.clock import now
from mypost.evidence.errors import OutsideTransaction
from mypost.evidence.models import Line
from mypost.verification.commands import record
from mypost.verification.models import RecordedVerdict
from mypost.verification.verdicts import Outcome, Purpose, Verdict
from tests.kernel.jpki.office import spare_key
from tests.told import commits_to
from tests.verification.conftest import CardOffice, prove, sign_in

SUBJECT, MAILBOX = UUID(int=1), UUID(int=2)


def kept(verdict: Verdict) -> RecordedVerdict:
    row_id = record(verdict, subject_id=SUBJECT, mailbox_id=MAILBOX, at=now())
    return RecordedVerdict.objects.get(id=row_id)


@pytest.mark.django_db
def test_it_keeps_what_was_said_and_by_which_proof(asking: CardOffice) -> None:
    verdict = prove(asking.card().sign_certificate)
    row = kept(verdict)
    assert verdict.certificate is not None
    assert verdict.revocation is not None
    assert (row.outcome, row.purpose, row.reasons) == ("valid", "prove", [])
    assert (row.issuer, row.serial) == (
        verdict.certificate.issuer_key_id, verdict.certificate.serial,
    )  # fmt: skip
    assert (row.proof_kind, row.proof_digest, row.proof_at) == (
        verdict.revocation.kind, verdict.revocation.digest, verdict.revocation.at,
    )  # fmt: skip


@pytest.mark.django_db
def test_it_leaves_evidence_in_the_story_it_belongs_to(trusting: CardOffice) -> None:
    kept(prove(trusting.card(policy_critical=False).sign_certificate))
    line = Line.objects.get()
    assert (line.event, line.subject_id, line.mailbox_id) == (
        "CertificateJudged", SUBJECT, MAILBOX,
    )  # fmt: skip
    assert '"reasons":["certificate_profile"]' in line.entry
    row = RecordedVerdict.objects.get()
    assert (row.subject_id, row.mailbox_id, row.faults) == (SUBJECT, MAILBOX, ["policy"])
    assert commits_to(
        line, purpose="prove", outcome="invalid", issuer=row.issuer, serial=row.serial,
        proof_kind="", proof_digest="",
    )  # fmt: skip


@pytest.mark.django_db
def test_when_it_was_judged_and_when_it_was_kept_are_two_times(trusting: CardOffice) -> None:
    judged_at, kept_at = now(), now() + timedelta(hours=1)
    verdict = sign_in(b"", judged_at)
    row_id = record(verdict, subject_id=SUBJECT, mailbox_id=MAILBOX, at=kept_at)
    row = RecordedVerdict.objects.get(id=row_id)
    assert (row.judged_at, row.recorded_at, row.purpose) == (judged_at, kept_at, "sign_in")
    assert Line.objects.get().at == kept_at


@pytest.mark.django_db
def test_nothing_personal_and_no_certificate_is_kept(asking: CardOffice) -> None:
    certificate = asking.card().sign_certificate
    assert certificate
    kept(prove(certificate))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v::text || l::text FROM verification_recordedverdict v, evidence_line l"
        )
        ((everything,),) = cursor.fetchall()
    for personal in ("花子", "清瀬", "Kiyose", "319800217", certificate.hex()[:200]):
        assert personal not in everything


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"\xff" * 20_000], ids=["nothing", "too much"])
def test_what_could_not_be_read_is_kept_as_such(trusting: CardOffice, content: bytes) -> None:
    row = kept(sign_in(content))
    assert (row.outcome, row.reasons, row.serial) == ("invalid", ["certificate_malformed"], "")


@pytest.mark.django_db
def test_a_strangers_endless_numbers_are_cut(trusting: CardOffice) -> None:
    forged = trusting.card(signed_by=spare_key(7), serial=1 << 1000, authority_key_id=b"\xaa" * 500)
    row = kept(prove(forged.sign_certificate))
    assert (len(row.issuer), len(row.serial)) == (64, 40)


@pytest.mark.django_db(transaction=True)
def test_act_and_proof_need_one_transaction(trusting: CardOffice) -> None:
    with pytest.raises(OutsideTransaction):
        record(sign_in(b""), subject_id=SUBJECT, mailbox_id=MAILBOX, at=now())


WRONG = [
    pytest.param({"outcome": Outcome.VALID}, id="valid with a reason"),
    pytest.param({"outcome": Outcome.VALID, "reasons": ()}, id="valid without a proof"),
    pytest.param({"reasons": ()}, id="invalid without a reason"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("lie", WRONG)
def test_the_database_refuses_a_verdict_that_contradicts_itself(
    trusting: CardOffice, lie: dict[str, object]
) -> None:
    lying = replace(sign_in(b""), **lie)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError), transaction.atomic():
        record(lying, subject_id=SUBJECT, mailbox_id=uuid4(), at=now())


def test_a_verdict_that_nobody_proved_has_no_person() -> None:
    verdict = Verdict(Outcome.INVALID, Purpose.PROVE, now(), ("certificate_malformed",))
    assert (verdict.revocation, verdict.person) == (None, "")
