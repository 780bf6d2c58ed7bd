"""The codes of what the kernel refuses: stable, because machines read them."""

import pytest

from mypost.kernel import errors
from mypost.kernel.errors import KernelError
from mypost.kernel.typesetting import TemplateUnknown, TypesettingFailed

CODES: dict[type[KernelError], str] = {
    KernelError: "kernel_error",
    errors.EntryTooLarge: "entry_too_large",
    errors.EntryMalformed: "entry_malformed",
    errors.NotCanonical: "not_canonical",
    errors.TileTooShort: "tile_too_short",
    errors.CheckpointInvalid: "checkpoint_invalid",
    errors.VerifierKeyMalformed: "verifier_key_malformed",
    errors.KeyMalformed: "key_malformed",
    errors.SealBroken: "seal_broken",
    errors.ReceiptMalformed: "receipt_malformed",
    errors.CertificateMalformed: "certificate_malformed",
    errors.BasicFourMalformed: "basic_four_malformed",
    errors.BirthDateMalformed: "birth_date_malformed",
    errors.AuthorityRefused: "authority_refused",
    errors.RevocationProofInvalid: "revocation_proof_invalid",
    TemplateUnknown: "template_unknown",
    TypesettingFailed: "typesetting_failed",
}


@pytest.mark.parametrize("refusal", CODES, ids=lambda refusal: refusal.__name__)
def test_each_refusal_keeps_its_code_and_says_one_sentence(refusal: type[KernelError]) -> None:
    assert refusal.code == CODES[refusal]
    assert (refusal.__doc__ or "").strip().endswith(".")


def test_there_is_no_other_that_anybody_is_shown() -> None:
    shown = {one for one in KernelError.__subclasses__() if not one.__name__.startswith("_")}
    assert shown | {KernelError} == set(CODES)
