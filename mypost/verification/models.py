"""Verdicts as they were given: insert-only, and nothing personal."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from mypost.verification.verdicts import Outcome, Purpose


class RecordedVerdict(models.Model):
    """One verdict: what it said, and on which proof of (non-)revocation it rests.

    issuer: the authority's key identifier; serial: both hex, as the certificate tells them, "" when
    it could not be read. reasons: codes of reasons.py. faults: rules of the profile. The
    certificate is not kept: whoever relied on it stands in evidence by subject_id.
    """

    id = models.UUIDField(primary_key=True)
    mailbox_id = models.UUIDField()
    subject_id = models.UUIDField()
    purpose = models.CharField(max_length=10)
    outcome = models.CharField(max_length=13)
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    faults = ArrayField(models.CharField(max_length=40), default=list)
    issuer = models.CharField(max_length=64, blank=True)
    serial = models.CharField(max_length=40, blank=True)
    proof_kind = models.CharField(max_length=10, blank=True)
    proof_digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the answer, hex
    proof_at = models.DateTimeField(null=True)  # when the answer was true
    judged_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "-judged_at"], name="verdict_of_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                name="verdict_is_for_a_purpose",
                condition=models.Q(purpose__in=[purpose.value for purpose in Purpose]),
            ),
            models.CheckConstraint(
                name="verdict_has_reasons_unless_valid",
                condition=models.Q(outcome=Outcome.VALID.value, reasons=[])
                | (
                    models.Q(outcome__in=[Outcome.INVALID.value, Outcome.INDETERMINATE.value])
                    & ~models.Q(reasons=[])
                ),
            ),
            models.CheckConstraint(  # hard-fail: without a proof nothing was VALID
                name="verdict_is_valid_by_proof",
                condition=~models.Q(outcome=Outcome.VALID.value)
                | (models.Q(proof_at__isnull=False) & ~models.Q(proof_digest="")),
            ),
        ]

    def as_facts(self) -> dict[str, str]:
        """The facts that evidence commits to."""
        return {
            "purpose": self.purpose,
            "outcome": self.outcome,
            "issuer": self.issuer,
            "serial": self.serial,
            "proof_kind": self.proof_kind,
            "proof_digest": self.proof_digest,
        }
