"""A document's verdict comes through, whatever the document does to its reader."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import astuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mypost.intake import examiner as examiner_module
from mypost.intake.examiner import Examiner, examine_document
from mypost.intake.examiner_zygote import Cage
from mypost.kernel.pdf import Finding, Limits
from tests.conftest import LONG
from tests.intake.examinations import (
    ACCEPTED,
    FOR_EVER,
    MEGABYTE,
    endless,
    eventually,
    good,
    held,
    lengthy,
    started,
)
from tests.pdf_makers import (
    ONE_PAGE,
    bomb,
    by_hand,
    by_reportlab,
    encrypted,
    with_link,
)
from tests.vectors import vector

Maker = Callable[[], bytes]

FUZZ = settings(max_examples=300 if LONG else 30)  # each example is a process

# The verdicts come through


def test_it_tells_the_pages_of_a_good_document() -> None:
    assert examine_document(good()) == ACCEPTED


WRONG: dict[Finding, Maker] = {
    Finding.EMPTY: bytes,
    Finding.NOT_A_PDF: lambda: b"\x89PNG\r\n\x1a\n",
    Finding.CUT_OFF: lambda: good()[:-200],
    Finding.ENCRYPTED: encrypted,
    Finding.STARTS_PROGRAM: lambda: with_link(b"/S /Launch /F (cmd.exe)"),
    # The child can open no font file; the readers' own tables must do for a font by name.
    Finding.MY_NUMBER: lambda: by_reportlab("個人番号１２３４５６７８９０１８"),
    Finding.TOO_LARGE: lambda: bytes(24 * MEGABYTE),
}


@pytest.mark.parametrize("finding", WRONG)
def test_it_tells_what_is_wrong(finding: Finding) -> None:
    assert examine_document(WRONG[finding]()) == finding.examination


def test_it_agrees_with_the_rules_on_all_vectors(examiner: Examiner) -> None:
    samples = vector("pdf").glob("*.pdf")
    codes = {path.name: examiner.examine(path.read_bytes()).code for path in samples}
    assert {name: code for name, code in codes.items() if code} == {
        "libreoffice-writer-password.pdf": "document_encrypted",
        "with-attachment.pdf": "document_active_content",
        "pdflatex-forms.pdf": "document_active_content",
    }


def test_it_keeps_to_the_limits_it_was_given() -> None:
    with Examiner(limits=Limits(size=len(good()), pages=1), cage=Cage(wall=FOR_EVER)) as examiner:
        assert examiner.examine(good()) == Finding.TOO_MANY_PAGES.examination
        assert examiner.examine(good() + b"\n") == Finding.TOO_LARGE.examination


# A hostile document costs itself only


@pytest.fixture(scope="module")
def narrow() -> Iterator[Examiner]:
    """An examiner with little memory. A zygote has fifty megabytes of it already."""
    with Examiner(cage=Cage(memory=100 * MEGABYTE, wall=FOR_EVER)) as examiner:
        yield examiner


def a_crowd() -> bytes:
    """Two hundred thousand objects in a few megabytes."""
    return by_hand({**ONE_PAGE, 4: b"[" + b"<< /A [] /B [] >> " * 200_000 + b"]"})


def test_a_child_has_a_gibibyte_and_ten_seconds() -> None:
    assert astuple(Cage()) == (1_073_741_824, 10, 10.0)


SWELLING: dict[str, tuple[Maker, set[Finding]]] = {
    "its text unpacks to much": (lambda: bomb(128 * MEGABYTE), {Finding.TOO_HEAVY}),
    "its objects unpack to much": (
        lambda: bomb(128 * MEGABYTE, b"/Type /ObjStm /N 1 /First 4"),
        {Finding.TOO_HEAVY},
    ),
    # The reader may take the shortage for a fault of the file.
    "many objects in a few bytes": (
        a_crowd,
        {Finding.TOO_HEAVY, Finding.DAMAGED, Finding.BREAKS_READERS},
    ),
}


@pytest.mark.parametrize("reason", SWELLING)
def test_it_refuses_a_document_that_swells(narrow: Examiner, reason: str) -> None:
    make, findings = SWELLING[reason]
    assert narrow.examine(make()) in [finding.examination for finding in findings]
    assert narrow.examine(good()) == ACCEPTED


@pytest.mark.parametrize("cage", [Cage(wall=0.5), Cage(cpu=1, wall=FOR_EVER)], ids=["wall", "cpu"])
def test_it_refuses_a_document_that_takes_too_long(cage: Cage) -> None:
    with Examiner(cage=cage) as examiner:
        started(examiner)
        assert examiner.examine(endless()) == Finding.TOO_SLOW.examination
        assert eventually(lambda: examiner.examine(good()) == ACCEPTED)


def test_one_that_takes_long_does_not_keep_others_waiting(examiner: Examiner) -> None:
    with held(examiner, lengthy()) as (answers, _):
        assert [examiner.examine(good()) for _ in range(3)] == [ACCEPTED] * 3
        assert not answers
    assert [answer.code for answer in answers] == [None]


@pytest.mark.parametrize("cause", [signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGKILL])
def test_it_refuses_a_document_that_breaks_its_reader(
    examiner: Examiner, cause: signal.Signals
) -> None:
    with held(examiner, endless()) as (answers, child):
        os.kill(child, cause)
    assert answers == [Finding.BREAKS_READERS.examination]
    assert examiner.examine(good()) == ACCEPTED


HUNDRED_FILTERS = b"<< /Length 0 /Filter [" + b"/FlateDecode " * 100 + b"] >>\nstream\n\nendstream"
UGLY: dict[str, Maker] = {
    "nested arrays": lambda: b"[" * 1_000_000,
    "nested dictionaries": lambda: b"<</A" * 200_000,
    "nested to the last level, many times": lambda: b"[" + (b"[" * 490 + b"]" * 490) * 50 + b"]",
    "a very long number": lambda: b"9" * 200_000,
    "a very long name": lambda: b"/" + b"A" * 1_000_000,
    "a hundred filters": lambda: HUNDRED_FILTERS,
}


@pytest.mark.parametrize("reason", UGLY)
def test_an_ugly_object_is_answered_like_any_other(examiner: Examiner, reason: str) -> None:
    examination = examiner.examine(by_hand({**ONE_PAGE, 4: UGLY[reason]()}))
    assert examination.code in (None, "document_invalid")
    assert examiner.examine(good()) == ACCEPTED


FRAGMENTS = [b"<<", b">>", b"[", b"1 0 R", b"null", b"/Kids", b"stream\n", b"endobj", b"-1", b"(("]
CODES = {  # API.md, codes of refusal: those that looking at a document may give
    "document_invalid", "document_too_large", "document_encrypted", "document_active_content",
    "contains_my_number",
}  # fmt: skip


@FUZZ
@given(st.data())
def test_whatever_happens_to_its_bytes_a_document_gets_a_verdict(data: st.DataObject) -> None:
    mutant = bytearray(good())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(mutant)))
        end = start + data.draw(st.integers(0, 8))
        mutant[start:end] = data.draw(st.binary(max_size=8) | st.sampled_from(FRAGMENTS))
    assert examine_document(bytes(mutant)).code in (None, *CODES)


@FUZZ
@given(st.binary(max_size=2000), st.booleans())
def test_random_bytes_are_refused_with_or_without_a_header(noise: bytes, dressed: bool) -> None:
    if dressed:
        noise = b"%PDF-1.7\n" + noise + b"\nstartxref\n9\n%%EOF"
    assert examine_document(noise).code in (CODES if dressed else {"document_invalid"})


@pytest.mark.parametrize(
    "line",
    [
        b"not JSON",
        b"{}",
        b"[1]",
        b'[null, "many", ""]',
        b'["document_invalid", null, "words of its own"]',
        b'["accepted", 3, ""]',
        b'[["document_invalid"], null, ""]',
        b"\xff\x00",
    ],
)
def test_it_does_not_believe_a_child_that_was_taken_over(line: bytes) -> None:
    assert examiner_module._read_verdict(line) == Finding.BREAKS_READERS.examination
