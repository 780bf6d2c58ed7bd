"""A document's verdict comes through, whatever the document does to its reader."""

import os
import signal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mypost.intake import examiner as examiner_module
from mypost.intake.examiner import Examiner, examine_document
from mypost.intake.examiner_zygote import Cage
from mypost.kernel.pdf import Finding, Limits
from tests.intake.examinations import ACCEPTED, ENDLESS, GOOD, MEGABYTE, examining
from tests.pdf_makers import (
    A_MY_NUMBER,
    ONE_PAGE,
    VECTORS,
    bomb,
    by_fpdf2,
    by_hand,
    by_reportlab,
    encrypted,
    with_link,
)

# The verdicts come through


def test_it_tells_the_pages_of_a_good_document() -> None:
    assert examine_document(GOOD) == ACCEPTED


@pytest.mark.parametrize(
    ("data", "finding"),
    [
        (b"", Finding.EMPTY),
        (b"\x89PNG\r\n\x1a\n", Finding.NOT_A_PDF),
        (GOOD[:-200], Finding.CUT_OFF),
        (encrypted(), Finding.ENCRYPTED),
        (with_link(b"/S /Launch /F (cmd.exe)"), Finding.STARTS_PROGRAM),
        (by_fpdf2(A_MY_NUMBER), Finding.MY_NUMBER),
    ],
)
def test_it_tells_what_is_wrong(data: bytes, finding: Finding) -> None:
    assert examine_document(data) == finding.examination


def test_it_reads_japanese_whose_font_is_not_in_the_document() -> None:
    # The child can open no font file; the readers' own tables must do.
    text = "個人番号１２３４５６７８９０１８"
    assert examine_document(by_reportlab(text)) == Finding.MY_NUMBER.examination


def test_it_agrees_with_the_rules_on_all_vectors() -> None:
    if not VECTORS.exists():
        pytest.skip(f"the shared test data is not here: {VECTORS}")
    codes = {path.name: examine_document(path.read_bytes()).code for path in VECTORS.glob("*.pdf")}
    assert {name: code for name, code in codes.items() if code} == {
        "libreoffice-writer-password.pdf": "document_encrypted",
        "with-attachment.pdf": "document_active_content",
        "pdflatex-forms.pdf": "document_active_content",
    }


def test_it_keeps_to_the_limits_it_was_given() -> None:
    with Examiner(limits=Limits(size=len(GOOD) - 1)) as examiner:
        assert examiner.examine(GOOD) == Finding.TOO_LARGE.examination
    with Examiner(limits=Limits(pages=1)) as examiner:
        assert examiner.examine(GOOD) == Finding.TOO_MANY_PAGES.examination


def test_it_does_not_choke_on_a_file_far_too_large() -> None:
    assert examine_document(bytes(64 * MEGABYTE)) == Finding.TOO_LARGE.examination


# A hostile document costs itself only


@pytest.mark.parametrize(
    ("reason", "data"),
    [
        ("its text unpacks to 400 MB", bomb(400 * MEGABYTE)),
        (
            "its objects unpack to 400 MB",
            bomb(400 * MEGABYTE, b"/Type /ObjStm /N 1 /First 4"),
        ),
        (
            "a million objects in a few bytes",
            by_hand({**ONE_PAGE, 4: b"[" + b"<< /A [] /B [] >> " * 500_000 + b"]"}),
        ),
    ],
)
def test_it_refuses_a_document_that_swells(reason: str, data: bytes) -> None:
    with Examiner(cage=Cage(memory=160 * MEGABYTE)) as examiner:
        assert examiner.examine(data).code == "document_invalid", reason
        assert examiner.examine(GOOD) == ACCEPTED


def test_it_says_that_a_document_takes_too_much_memory() -> None:
    with Examiner(cage=Cage(memory=160 * MEGABYTE)) as examiner:
        assert examiner.examine(bomb(400 * MEGABYTE)) == Finding.TOO_HEAVY.examination


@pytest.mark.parametrize("cage", [Cage(wall=1.5), Cage(cpu=1)])
def test_it_refuses_a_document_that_takes_too_long(cage: Cage) -> None:
    with Examiner(cage=cage) as examiner:
        assert examiner.examine(ENDLESS) == Finding.TOO_SLOW.examination
        assert examiner.examine(GOOD) == ACCEPTED


def test_one_that_takes_too_long_does_not_keep_others_waiting() -> None:
    with Examiner(cage=Cage(wall=4)) as examiner, examining(examiner, ENDLESS) as (answers, _):
        assert [examiner.examine(GOOD) for _ in range(5)] == [ACCEPTED] * 5
        assert not answers
    assert answers == [Finding.TOO_SLOW.examination]


@pytest.mark.parametrize("cause", [signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGKILL])
def test_it_refuses_a_document_that_breaks_its_reader(
    examiner: Examiner, cause: signal.Signals
) -> None:
    with examining(examiner, ENDLESS) as (answers, child):
        os.kill(child, cause)
    assert answers == [Finding.BREAKS_READERS.examination]
    assert examiner.examine(GOOD) == ACCEPTED


@pytest.mark.parametrize(
    ("reason", "data"),
    [
        ("nested arrays", by_hand({**ONE_PAGE, 4: b"[" * 1_000_000})),
        ("nested dictionaries", by_hand({**ONE_PAGE, 4: b"<</A" * 200_000})),
        (
            "nested to the last level, many times",
            by_hand({**ONE_PAGE, 4: b"[" + (b"[" * 490 + b"]" * 490) * 200 + b"]"}),
        ),
        ("a very long number", by_hand({**ONE_PAGE, 4: b"9" * 1_000_000})),
        ("a very long name", by_hand({**ONE_PAGE, 4: b"/" + b"A" * 1_000_000})),
        (
            "a hundred filters",
            by_hand(
                {
                    **ONE_PAGE,
                    4: b"<< /Length 0 /Filter ["
                    + b"/FlateDecode " * 100
                    + b"] >>\nstream\n\nendstream",
                }
            ),
        ),
    ],
)
def test_an_ugly_object_is_answered_like_any_other(reason: str, data: bytes) -> None:
    examination = examine_document(data)
    assert examination.code in (None, "document_invalid"), reason
    assert examine_document(GOOD) == ACCEPTED


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_happens_to_its_bytes_a_document_gets_a_verdict(data: st.DataObject) -> None:
    mutant = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(mutant)))
        end = start + data.draw(st.integers(0, 8))
        mutant[start:end] = data.draw(st.binary(max_size=8) | st.sampled_from(FRAGMENTS))
    assert examine_document(bytes(mutant)).code in (None, *CODES)


FRAGMENTS = [b"<<", b">>", b"[", b"1 0 R", b"null", b"/Kids", b"stream\n", b"endobj", b"-1", b"(("]
CODES = {finding.examination.code for finding in Finding}


@given(st.binary(max_size=2000))
@settings(max_examples=50, deadline=None)
def test_random_bytes_are_refused_with_or_without_a_header(noise: bytes) -> None:
    assert examine_document(noise).code == "document_invalid"
    assert examine_document(b"%PDF-1.7\n" + noise + b"\nstartxref\n9\n%%EOF").code in CODES


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
