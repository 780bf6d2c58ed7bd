"""What the evidence room refuses."""

from mypost.common.problems import Refusal


class EvidenceError(Refusal):
    """Base of this room's refusals."""


class OutsideTransaction(EvidenceError):
    """Evidence is recorded in the transaction of its act, or not at all."""

    code = "evidence_outside_transaction"


class LogKeyAbsent(EvidenceError):
    """This process holds no key that signs checkpoints."""

    code = "log_key_absent"


class ReceiptNotReady(EvidenceError):
    """The log has not taken in this letter's evidence yet; ask again in a few seconds."""

    code = "receipt_not_ready"
    permanent = False
