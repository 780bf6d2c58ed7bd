import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mypost.intake import examiner as examiner_module
from mypost.intake.examiner import Examiner, ExaminerUnavailable, examine_document
from mypost.intake.examiner_zygote import Cage
from mypost.kernel.pdf import Examination, Finding, Limits
from tests.pdf_makers import (
    A_MY_NUMBER,
    ONE_PAGE,
    VECTORS,
    bomb,
    by_fpdf2,
    by_hand,
    by_reportlab,
    encrypted,
    slow,
    with_link,
)

GOOD = by_fpdf2("お知らせ", pages=2)
ACCEPTED = Examination(code=None, pages=2, detail="")
MEGABYTE = 1024**2
ENDLESS = slow(40)
LONG = slow(4)


@pytest.fixture
def examiner() -> Iterator[Examiner]:
    with Examiner() as examiner:
        yield examiner


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def descriptors_of(pid: int) -> set[str]:
    return set(os.listdir(f"/proc/{pid}/fd"))


def status_of(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def lives(pid: int) -> bool:
    try:
        return not status_of(pid)["State"].startswith(("Z", "X"))
    except (FileNotFoundError, ProcessLookupError):
        return False


def ticks_of(pid: int) -> int:
    """Hundredths of a second of processor time that the process has used."""
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11])


def eventually(fact: Callable[[], object], *, seconds: float = 10) -> bool:
    deadline = monotonic() + seconds
    while not fact():
        if monotonic() > deadline:
            return False
        sleep(0.005)
    return True


@contextmanager
def examining(examiner: Examiner, data: bytes) -> Iterator[tuple[list[Examination], int]]:
    """Yield the answers of an examination that goes on in another thread, and its child's pid."""
    zygote, answers = examiner.zygote_pid, list[Examination]()
    assert eventually(lambda: not children_of(zygote))  # it begins with a specimen of its own
    thread = threading.Thread(target=lambda: answers.append(examiner.examine(data)))
    thread.start()
    try:
        assert eventually(lambda: children_of(zygote))
        (child,) = children_of(zygote)
        assert eventually(lambda: ticks_of(child) > 5)
        yield answers, child
    finally:
        thread.join()


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


# Nothing gets out of the child


def test_the_child_has_no_way_out_and_little_to_spend(examiner: Examiner) -> None:
    with examining(examiner, LONG) as (answers, child):
        limits = Path(f"/proc/{child}/limits").read_text()
        descriptors = descriptors_of(child)
    assert re.search(r"Max address space +1073741824 +1073741824 ", limits)
    assert re.search(r"Max cpu time +10 +11 ", limits)
    for nothing in ("file size", "core file size", "processes", "open files"):
        assert re.search(rf"Max {nothing} +0 +0 ", limits), nothing
    assert descriptors == {"0", "1"}  # the document and the verdict
    assert answers[0].code is None


def test_a_document_is_never_examined_as_root(examiner: Examiner) -> None:
    uids = status_of(examiner.zygote_pid)["Uid"].split()
    assert set(uids) == {str(os.getuid() or 65534)}


def test_the_zygote_inherits_no_secret_and_no_descriptor(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CUSTODIAN_KEY", "a secret")
    key = tmp_path / "key"
    key.write_text("a secret")
    with key.open() as secret, Examiner() as examiner:
        os.set_inheritable(secret.fileno(), True)
        zygote = Path(f"/proc/{examiner.zygote_pid}")
        variables = zygote.joinpath("environ").read_bytes().rstrip(b"\0").split(b"\0")
        assert {variable.split(b"=")[0] for variable in variables} <= {b"PYTHONPATH", b"LC_ALL"}
        opened = [os.readlink(file) for file in zygote.joinpath("fd").iterdir()]
        assert "/dev/null" in opened
        assert str(key) not in opened


def test_the_zygote_knows_neither_django_nor_the_database() -> None:
    question = (
        "import sys, mypost.intake.examiner_zygote;"
        "print(sorted({'django', 'psycopg', 'mypost.common'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", question], capture_output=True, check=True)
    assert answer.stdout.strip() == b"[]"


# Deaths and endings


def test_a_zygote_killed_between_two_documents_is_replaced(examiner: Examiner) -> None:
    first = examiner.zygote_pid
    os.kill(first, signal.SIGKILL)
    assert examiner.examine(GOOD) == ACCEPTED
    assert examiner.zygote_pid != first


def test_a_zygote_killed_in_the_middle_loses_no_document(examiner: Examiner) -> None:
    with examining(examiner, LONG) as (answers, _):
        os.kill(examiner.zygote_pid, signal.SIGKILL)
        assert examiner.examine(GOOD) == ACCEPTED
    assert [answer.code for answer in answers] == [None]


def test_a_zygote_and_its_child_killed_together_lose_no_document(examiner: Examiner) -> None:
    with examining(examiner, LONG) as (answers, child):
        os.kill(examiner.zygote_pid, signal.SIGKILL)
        os.kill(child, signal.SIGKILL)
    assert [answer.code for answer in answers] == [None]


def test_a_zygote_that_hangs_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examiner_module, "_GRACE", 0.2)
    with Examiner(cage=Cage(wall=1.5)) as examiner:
        hanging = examiner.zygote_pid
        os.kill(hanging, signal.SIGSTOP)
        assert examiner.examine(GOOD) == ACCEPTED
        assert not lives(hanging)


def test_closing_ends_the_zygote_and_its_children() -> None:
    examiner = Examiner()
    zygote = examiner.zygote_pid
    examiner.close()
    assert not lives(zygote)
    examiner.close()


def test_a_door_that_is_killed_leaves_no_orphan() -> None:
    script = (
        "from mypost.intake import examiner; examiner.examine_document(b'');"
        "print(examiner._examiner.zygote_pid, flush=True); input()"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as door:
        assert door.stdout is not None
        zygote = int(door.stdout.readline())
        door.kill()
    assert eventually(lambda: not lives(zygote))


def test_a_machine_where_no_child_can_live_is_not_the_documents_fault() -> None:
    with Examiner(cage=Cage(memory=MEGABYTE)) as examiner, pytest.raises(ExaminerUnavailable):
        examiner.examine(GOOD)


def test_it_leaves_no_descriptor_and_no_process_behind(examiner: Examiner) -> None:
    door, zygote = os.getpid(), examiner.zygote_pid
    assert eventually(lambda: not children_of(zygote))
    before = (descriptors_of(door), descriptors_of(zygote))
    for _ in range(30):
        examiner.examine(GOOD)
    assert eventually(lambda: not children_of(zygote))
    assert (descriptors_of(door), descriptors_of(zygote)) == before


# Many threads


def test_threads_get_each_their_own_verdict(examiner: Examiner) -> None:
    documents = [by_fpdf2("お知らせ", pages=pages) for pages in range(1, 9)]
    with ThreadPoolExecutor(max_workers=8) as threads:
        verdicts = list(threads.map(examiner.examine, documents * 10))
    assert [verdict.pages for verdict in verdicts] == list(range(1, 9)) * 10


def test_two_documents_are_examined_at_once(examiner: Examiner) -> None:
    zygote = examiner.zygote_pid
    with ThreadPoolExecutor(max_workers=2) as threads:
        verdicts = threads.map(examiner.examine, [LONG, LONG])
        assert eventually(lambda: len(children_of(zygote)) == 2)
        assert [verdict.code for verdict in verdicts] == [None, None]


def test_no_more_documents_are_examined_at_once_than_allowed() -> None:
    with Examiner(parallel=2) as examiner, ThreadPoolExecutor(max_workers=6) as threads:
        zygote = examiner.zygote_pid
        verdicts = [threads.submit(examiner.examine, slow(1)) for _ in range(6)]
        most = 0
        while not all(verdict.done() for verdict in verdicts):
            most = max(most, len(children_of(zygote)))
        assert most <= 3  # two at work, and perhaps one that has answered and not yet ended


def test_threads_that_meet_a_dead_zygote_share_its_successor(examiner: Examiner) -> None:
    os.kill(examiner.zygote_pid, signal.SIGKILL)
    with ThreadPoolExecutor(max_workers=4) as threads:
        verdicts = list(threads.map(examiner.examine, [GOOD] * 12))
    assert verdicts == [ACCEPTED] * 12
