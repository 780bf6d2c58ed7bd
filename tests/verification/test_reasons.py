"""Every code has its own sentence, in both languages."""

import ast
from pathlib import Path

import pytest
from django.utils import translation

from mypost.verification import commands
from mypost.verification.reasons import INDETERMINATE, SENTENCES


def codes_in(module: str | None) -> set[str]:
    assert module is not None
    tree = ast.parse(Path(module).read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    begins = ("certificate_", "revocation_", "signature_", "trust_", "check_")
    return {text for text in texts if isinstance(text, str) and text.startswith(begins)}


# Verdicts are kept with their codes, so a code is never renamed.
CODES = {
    "certificate_malformed", "certificate_foreign", "certificate_forged", "certificate_for_tests",
    "certificate_wrong_kind", "certificate_profile", "certificate_expired",
    "certificate_not_yet_valid", "certificate_revoked", "certificate_on_hold",
    "revocation_unknown", "signature_wrong", "trust_store_empty", "check_timed_out",
}  # fmt: skip


def test_every_code_that_a_check_can_give_has_a_sentence() -> None:
    assert codes_in(commands.__file__) == set(SENTENCES) == CODES


def test_three_codes_say_that_nobody_can_say_now() -> None:
    assert {"revocation_unknown", "trust_store_empty", "check_timed_out"} == INDETERMINATE


@pytest.mark.parametrize("code", sorted(CODES))
def test_each_sentence_is_there_in_japanese(code: str) -> None:
    with translation.override("ja"):
        japanese = str(SENTENCES[code])
    with translation.override("en"):
        english = str(SENTENCES[code])
    assert japanese != english
    assert japanese.endswith("。")
    assert english.endswith(".")


def test_no_two_codes_share_a_sentence() -> None:
    with translation.override("ja"):
        assert len({str(sentence) for sentence in SENTENCES.values()}) == len(SENTENCES)
