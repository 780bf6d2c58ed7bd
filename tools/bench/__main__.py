"""Measure the figures and print them.

    python -m tools.bench [--quick] [--folder FOLDER] [NAME …]

Exit status: 0 no judged figure misses its target, 1 one does.
"""

import argparse
import signal
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.bench import machine, report
from tools.bench.figures import Figure, Verdict
from tools.bench.ground import Ground, prepared

# Those that need the whole house first, then those that need the machine for themselves.
NAMES = ("start", "letter", "consignment", "mailbox", "receipt", "log", "document", "verdict")
RUNS, FEW_RUNS = 5, 3


def main() -> int:
    """Do what the command line says, return the exit status."""
    parser = _parser()
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # or the house would outlive us
    wanted = [name for name in NAMES if name in (given.names or NAMES)]
    runs = FEW_RUNS if given.quick else RUNS
    with TemporaryDirectory(prefix="mypost-bench-", dir=given.folder) as folder:
        if machine.file_system(Path(folder)) == "tmpfs":
            parser.error(f"{folder} lies in memory, where fsync costs nothing: give --folder")
        print(f"{machine.describe(Path(folder))}. Medians of {runs} runs.\n\n{report.HEAD}")
        with prepared(Path(folder)) as ground:
            figures = [_measure(name, ground, runs) for name in wanted]
    return 1 if any(figure.verdict is Verdict.MISSED for figure in figures) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", choices=[*NAMES, []], metavar="NAME", help=", ".join(NAMES)
    )
    parser.add_argument("--quick", action="store_true", help=f"{FEW_RUNS} runs instead of {RUNS}")
    parser.add_argument("--folder", type=Path, help="where to make the temporary installation")
    return parser


def _measure(name: str, ground: Ground, runs: int) -> Figure:
    # A figure's module knows the rooms, which need the settings that were just prepared.
    figure: Figure = import_module(f"tools.bench.{name}").measure(ground, runs)
    print(*report.lines_of(figure), sep="\n", end="\n\n", flush=True)
    return figure


if __name__ == "__main__":
    sys.exit(main())
