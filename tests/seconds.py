"""Says at the end of a long run where its time went, by part of the house."""

from collections import Counter
from pathlib import Path

from _pytest.terminal import TerminalReporter

LONG = 60.0  # seconds of tests; a shorter run needs no account


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Print seconds and numbers of tests by folder, the longest first."""
    seconds, tests = Counter[str](), Counter[str]()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if hasattr(report, "duration") and hasattr(report, "nodeid"):
                part = _part(report.nodeid)
                seconds[part] += report.duration
                tests[part] += report.when == "call"
    if sum(seconds.values()) > LONG:
        terminalreporter.section("where the time went")
        for part, spent in seconds.most_common():
            terminalreporter.write_line(f"{spent:7.1f}s  {tests[part]:5} tests  {part}")


def _part(nodeid: str) -> str:
    folders = Path(nodeid.split("::")[0]).parent.parts
    return "/".join(folders[:3] if "entrypoints" in folders else folders[:2])
