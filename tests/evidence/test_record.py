"""Recording an act: with the act, or not at all."""

import pytest
from django.db import transaction

from mypost.evidence import commands as evidence
from mypost.evidence.errors import OutsideTransaction
from mypost.evidence.models import Line
from mypost.kernel.evidence_entry import Event, commitment, read_entry
from tests.conftest import NOW
from tests.evidence.acts import MAILBOX, act


@pytest.mark.django_db(transaction=True)
def test_it_is_refused_outside_a_transaction() -> None:
    with pytest.raises(OutsideTransaction):
        evidence.record(Event.AUDIT_ACCESS, subject_id=MAILBOX, at=NOW)
    assert not Line.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_leaves_no_evidence() -> None:
    with pytest.raises(ZeroDivisionError):
        act_and_fail()
    assert not Line.objects.exists()


@transaction.atomic
def act_and_fail() -> None:
    evidence.record(Event.AUDIT_ACCESS, subject_id=MAILBOX, at=NOW)
    raise ZeroDivisionError


@pytest.mark.django_db
def test_facts_are_kept_as_commitments_only() -> None:
    facts = {"recipient": "0123-4567-89AB-CDEF-GHJK"}
    evidence.record(Event.AUDIT_ACCESS, subject_id=MAILBOX, at=NOW, facts=facts)
    line = Line.objects.get()
    assert facts["recipient"] not in line.entry
    kept = read_entry(line.entry.encode()).facts["recipient"]
    assert kept == commitment(bytes(line.salt), "recipient", facts["recipient"])


@pytest.mark.django_db
def test_equal_acts_look_unlike() -> None:
    evidence.record_many([act(0), act(0)])
    one, other = Line.objects.all()
    assert one.salt != other.salt
    assert one.id != other.id


@pytest.mark.django_db
def test_an_act_without_a_mailbox_belongs_to_its_subject() -> None:
    evidence.record(Event.AUDIT_ACCESS, subject_id=MAILBOX, at=NOW)
    assert Line.objects.get().mailbox_id == MAILBOX
