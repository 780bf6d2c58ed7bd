"""The processes that examine: what they can reach, how they end, how many work at once."""

import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mypost.intake import examiner as examiner_module
from mypost.intake.examiner import Examiner, ExaminerUnavailable
from mypost.intake.examiner_zygote import Cage
from tests.intake.examinations import (
    ACCEPTED,
    GOOD,
    LONG,
    MEGABYTE,
    children_of,
    descriptors_of,
    eventually,
    examining,
    lives,
    status_of,
)
from tests.pdf_makers import by_fpdf2, slow

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
