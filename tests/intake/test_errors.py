"""What intake refuses: codes that programs act on (API.md), and whether trying again can help."""

import pytest

from mypost.common.problems import Refusal
from mypost.intake import errors
from mypost.intake.antivirus import AntivirusUnavailable
from mypost.intake.errors import FieldError, FieldsInvalid, IntakeError, ItemsInvalid
from mypost.intake.examiner import ExaminerUnavailable

CODES: dict[type[IntakeError], tuple[str, bool]] = {
    errors.ConsignmentNotFound: ("consignment_not_found", True),
    errors.ConsignmentClosed: ("consignment_closed", True),
    errors.ItemsMissing: ("items_missing", True),
    errors.ItemsInvalid: ("items_invalid", True),
    errors.FieldsInvalid: ("field_invalid", True),
    errors.DocumentTooLarge: ("document_too_large", True),
    errors.DigestMismatch: ("digest_mismatch", False),  # a line was bad: send it again
    errors.SenderSuspended: ("sender_suspended", True),
    errors.KeyReused: ("idempotency_key_reused", True),
    errors.TopicUnknown: ("topic_unknown", True),
    AntivirusUnavailable: ("antivirus_unavailable", False),
    ExaminerUnavailable: ("examiner_unavailable", False),
}


@pytest.mark.parametrize("refusal", CODES, ids=lambda refusal: refusal.__name__)
def test_its_code_and_whether_it_is_for_good_are_what_we_promised(
    refusal: type[IntakeError],
) -> None:
    assert (refusal.code, refusal.permanent) == CODES[refusal]


def test_there_is_no_other() -> None:
    assert set(IntakeError.__subclasses__()) == set(CODES)
    assert issubclass(IntakeError, Refusal)


def test_what_is_wrong_in_a_file_or_a_form_is_told_place_by_place() -> None:
    faults = [FieldError("reference", "column_missing", "This column is required.")]
    assert ItemsInvalid("The head row is not right.", faults).errors == faults
    assert ItemsInvalid("The file has no items.").errors == []
    assert ItemsInvalid("The file has no items.").detail == "The file has no items."
    assert FieldsInvalid(faults).errors == faults
    assert FieldsInvalid(faults).detail == "Some fields are missing or wrong."
