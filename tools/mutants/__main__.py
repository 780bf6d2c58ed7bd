"""The command: choose bugs, judge each, say how many were noticed and which were not."""

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from tools.mutants.bug import Bug
from tools.mutants.choice import choose, part_of
from tools.mutants.ground import Ground, Verdict, close
from tools.reach import ROOT

GROUND: Ground | None = None  # of this process


def main() -> int:
    """Return 1 when less than nine in ten were noticed."""
    given = _arguments()
    bugs = choose(ROOT, given.folders, count=given.count, seed=given.seed)
    if given.list:
        for bug in bugs:
            print(_told(bug))
        return 0
    verdicts = []
    for verdict in _judged(bugs, given):
        verdicts.append(verdict)
        mark = "noticed " if verdict.noticed_by else "SURVIVED"
        print(f"{mark} {verdict.seconds:4.0f} s  {_told(verdict.bug)}  [{verdict.noticed_by}]")
        sys.stdout.flush()
    return _report(verdicts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tools.mutants", description="Plant bugs.")
    parser.add_argument("folders", nargs="*", help="only below these folders")
    parser.add_argument("--count", type=int, default=150, help="how many bugs")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--minutes", type=float, default=6.0, help="of tests for one bug at most")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--list", action="store_true", help="plant nothing, only say which")
    return parser.parse_args()


def _judged(bugs: list[Bug], given: argparse.Namespace) -> Iterator[Verdict]:
    with (
        tempfile.TemporaryDirectory(prefix="mutants-") as folder,
        ProcessPoolExecutor(given.processes, initializer=_prepare, initargs=(folder,)) as pool,
    ):
        waiting = [pool.submit(_judge, bug, given.minutes) for bug in bugs]
        for done in as_completed(waiting):
            yield done.result()
        for one in Path(folder).iterdir():
            close(one)


def _prepare(folder: str) -> None:
    global GROUND
    GROUND = Ground(Path(folder, str(os.getpid())))


def _judge(bug: Bug, minutes: float) -> Verdict:
    assert GROUND is not None
    return GROUND.judge(bug, minutes=minutes)


def _told(bug: Bug) -> str:
    return bug.told((ROOT / bug.path).read_bytes())


def _report(verdicts: list[Verdict]) -> int:
    planted, noticed = Counter[str](), Counter[str]()
    for verdict in verdicts:
        planted[part_of(verdict.bug.path)] += 1
        noticed[part_of(verdict.bug.path)] += bool(verdict.noticed_by)
    for part in sorted(planted):
        print(f"{part:28} {noticed[part]:3} of {planted[part]:3}")
    share = noticed.total() / max(planted.total(), 1)
    print(f"{'all':28} {noticed.total():3} of {planted.total():3}, {share:.0%}")
    for verdict in verdicts:
        if not verdict.noticed_by:
            print(f"survived: {_told(verdict.bug)}")
    return 0 if share >= 0.9 else 1


if __name__ == "__main__":
    sys.exit(main())
