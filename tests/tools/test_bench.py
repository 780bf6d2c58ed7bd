"""The bench judges fairly: it knows its own processes, and says nothing on a loaded machine."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools.bench import machine, report
from tools.bench.figures import Figure, Row, Verdict, a_letter, p95
from tools.bench.machine import Span, Watch

ROOT = Path(__file__).resolve().parents[2]
QUIET = Span(wall=10.0, cpu=4.0, ours=5.0, busy=6.0)
LOADED = Span(wall=10.0, cpu=4.0, ours=5.0, busy=9.0)
BURN = "import time\nwhile time.process_time() < 0.3: pass"


def burn(seconds: float = 0.3) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def burn_in_a_child() -> None:
    subprocess.run([sys.executable, "-c", BURN], check=True)


def figure(*runs: float, target: float | None = 20.0, span: Span = QUIET) -> Figure:
    row = Row("consignment", "s", runs, [0.5] * len(runs))
    return Figure(row, "Ten thousand letters.", [span], target, [Row("bare COPY", "s", [1.5])])


@pytest.mark.parametrize(
    ("judged", "verdict"),
    [
        (figure(19.0, 21.0, 19.5), Verdict.GOOD),
        (figure(19.0, 21.0, 22.0), Verdict.MISSED),
        (figure(20.0), Verdict.MISSED),
        (figure(5.0, span=LOADED), Verdict.NOT_JUDGED),
        (figure(50.0, span=LOADED), Verdict.NOT_JUDGED),
        (figure(5.0, target=None), Verdict.NO_TARGET),
    ],
)
def test_a_figure_is_judged_by_its_median_on_a_quiet_machine(
    judged: Figure, verdict: Verdict
) -> None:
    assert judged.verdict == verdict


def test_a_figure_that_is_not_judged_says_why() -> None:
    told = next(iter(report.lines_of(figure(5.0, span=LOADED))))
    assert told.endswith("not judged: machine was loaded, 0.4 cores by others")


def test_the_table_gives_target_measure_and_processor_time_beside_the_bare_limit() -> None:
    head, meaning, limit = report.lines_of(figure(19.0, 21.0, 19.5))
    assert head.split() == ["consignment", "<", "20.0", "s", "19.5", "s", "0.50", "ms", "good"]
    assert meaning.strip() == "Ten thousand letters."
    assert limit.split() == ["bare", "COPY", "1.50", "s"]


def test_processor_time_is_told_for_each_letter() -> None:
    assert a_letter([QUIET], 10_000) == [pytest.approx(0.4)]


def test_95_of_100_do_not_exceed_the_p95() -> None:
    assert p95([float(n) for n in range(100, 0, -1)]) == 95.0
    assert p95([7.0]) == 7.0


def test_processor_time_counts_a_child_that_has_ended() -> None:
    before = machine.cpu_seconds([os.getpid()])
    burn_in_a_child()
    assert machine.cpu_seconds([os.getpid()]) - before >= 0.25


def test_descendants_are_found_below_a_process() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert {os.getpid(), child.pid} <= machine.descendants([os.getpid()])
        assert os.getpid() not in machine.descendants([child.pid])
        child.communicate(b"\n")


def test_what_a_stranger_uses_is_told_apart_from_what_we_use() -> None:
    by_strangers = Watch(list).repeat(1, burn)[1]
    by_us = Watch(lambda: [os.getpid()]).repeat(1, burn)[1]
    assert sum(span.busy - span.ours for span in by_strangers) >= 0.25
    assert sum(span.ours for span in by_us) >= 0.25


def test_preparing_a_run_is_not_counted() -> None:
    watch = Watch(lambda: [os.getpid()])
    results, spans = watch.repeat(
        2, lambda: "done", prepare=burn_in_a_child, workers=lambda: [os.getpid()]
    )
    assert results == ["done", "done"]
    assert all(span.cpu < 0.2 for span in spans)


def test_it_runs_as_a_command_and_prints_the_figure() -> None:
    command = [sys.executable, "-m", "tools.bench", "--quick", "document"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "bare opening with pikepdf" in ran.stdout


def test_it_refuses_a_figure_that_does_not_exist() -> None:
    command = [sys.executable, "-m", "tools.bench", "speed"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 2


def test_it_refuses_a_folder_in_memory() -> None:
    if not os.access("/dev/shm", os.W_OK) or machine.file_system(Path("/dev/shm")) != "tmpfs":
        pytest.skip("this machine has no folder in memory")
    command = [sys.executable, "-m", "tools.bench", "--folder", "/dev/shm", "receipt"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "fsync costs nothing" in ran.stderr
