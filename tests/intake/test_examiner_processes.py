"""The processes that examine: what they can reach, how they end, how many work at once."""

import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mypost.intake.examiner import Examiner, ExaminerUnavailable
from mypost.intake.examiner_zygote import Cage
from tests.intake.examinations import (
    ACCEPTED,
    FOR_EVER,
    MEGABYTE,
    children_of,
    descriptors_of,
    endless,
    eventually,
    good,
    held,
    lengthy,
    limits_of,
    lives,
    started,
    status_of,
)
from tests.pdf_makers import by_reportlab

# Nothing gets out of the child


def test_the_child_has_no_way_out_and_little_to_spend(examiner: Examiner) -> None:
    with held(examiner, endless()) as (answers, child):
        os.kill(child, signal.SIGCONT)  # it may have been stopped after its first limit
        assert eventually(lambda: re.search(r"Max open files +0 +0 ", limits_of(child)))
        limits, descriptors = limits_of(child), descriptors_of(child)
        os.kill(child, signal.SIGKILL)
    assert re.search(r"Max address space +1073741824 +1073741824 ", limits)
    assert re.search(r"Max cpu time +10 +11 ", limits)
    for nothing in ("file size", "core file size", "processes"):
        assert re.search(rf"Max {nothing} +0 +0 ", limits), nothing
    assert descriptors == {"0", "1"}  # the document and the verdict
    assert answers


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
    assert examiner.examine(good()) == ACCEPTED
    assert examiner.zygote_pid != first


def test_a_zygote_killed_in_the_middle_loses_no_document(examiner: Examiner) -> None:
    with held(examiner, lengthy()) as (answers, _):
        os.kill(examiner.zygote_pid, signal.SIGKILL)
        assert examiner.examine(good()) == ACCEPTED
    assert [answer.code for answer in answers] == [None]


def test_a_zygote_and_its_child_killed_together_lose_no_document(examiner: Examiner) -> None:
    with held(examiner, lengthy()) as (answers, child):
        os.kill(examiner.zygote_pid, signal.SIGKILL)
        os.kill(child, signal.SIGKILL)
    assert [answer.code for answer in answers] == [None]


def test_a_zygote_that_hangs_is_replaced() -> None:
    with Examiner(cage=Cage(wall=FOR_EVER)) as examiner:
        hanging = examiner.zygote_pid
        os.kill(hanging, signal.SIGSTOP)
        assert examiner._zygote is not None
        examiner._zygote._patience = 0.1  # this one's alone: its successor has all its time
        assert examiner.examine(good()) == ACCEPTED
        assert not lives(hanging)


def test_a_stuck_zygote_is_given_up_a_little_after_its_child_would_have_been() -> None:
    with Examiner(cage=Cage(wall=7)) as examiner:
        started(examiner)
        assert examiner._zygote is not None
        assert examiner._zygote._patience == 7 + 5


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
        examiner.examine(good())


def test_it_leaves_no_descriptor_and_no_process_behind(examiner: Examiner) -> None:
    door, zygote = os.getpid(), examiner.zygote_pid
    assert eventually(lambda: not children_of(zygote))
    before = (descriptors_of(door), descriptors_of(zygote))
    for _ in range(5):
        examiner.examine(good())
    assert eventually(lambda: not children_of(zygote))
    assert (descriptors_of(door), descriptors_of(zygote)) == before


# Many threads


def test_threads_get_each_their_own_verdict(examiner: Examiner) -> None:
    documents = [by_reportlab("お知らせ", pages=pages) for pages in range(1, 9)]
    with ThreadPoolExecutor(max_workers=8) as threads:
        verdicts = list(threads.map(examiner.examine, documents * 3))
    assert [verdict.pages for verdict in verdicts] == list(range(1, 9)) * 3


def test_no_more_documents_are_examined_at_once_than_allowed() -> None:
    with (
        Examiner(cage=Cage(wall=FOR_EVER), parallel=2) as examiner,
        ThreadPoolExecutor(max_workers=1) as threads,
        held(examiner, lengthy()) as (first, _),
        held(examiner, lengthy()) as (second, _),
    ):
        third = threads.submit(examiner.examine, good())
        with pytest.raises(TimeoutError):
            third.result(timeout=0.3)  # ten times what it would take
        assert len(children_of(examiner.zygote_pid)) == 2
        assert not first + second
    assert third.result() == ACCEPTED
    assert [answer.code for answer in first + second] == [None, None]


def test_threads_that_meet_a_dead_zygote_share_its_successor(examiner: Examiner) -> None:
    os.kill(examiner.zygote_pid, signal.SIGKILL)
    with ThreadPoolExecutor(max_workers=4) as threads:
        verdicts = list(threads.map(examiner.examine, [good()] * 12))
    assert verdicts == [ACCEPTED] * 12
