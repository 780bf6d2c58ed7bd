"""The table: figures below one another, each with its bare limits and one sentence."""

from collections.abc import Iterator
from statistics import median

from tools.bench.figures import Figure, Row

COLUMNS = "{:<52} {:>12} {:>14} {:>14}  {}"
HEAD = COLUMNS.format("", "target", "measured", "CPU a letter", "").rstrip()


def lines_of(figure: Figure) -> Iterator[str]:
    """Yield a figure's lines: itself, what it means, its bare limits."""
    target = "" if figure.target is None else f"< {_number(figure.target)} {figure.row.unit}"
    verdict = f"{figure.verdict}: {figure.doubt}" if figure.doubt else str(figure.verdict)
    yield _line(figure.row.name, target, figure.row, verdict)
    yield f"  {figure.meaning}"
    for limit in figure.limits:
        yield _line(f"    {limit.name}", "", limit, "")


def _line(name: str, target: str, row: Row, verdict: str) -> str:
    cpu = f"{_number(median(row.cpu))} ms" if row.cpu else ""
    return COLUMNS.format(name, target, f"{_number(row.value)} {row.unit}", cpu, verdict).rstrip()


def _number(value: float) -> str:
    """Return three significant figures, and whole thousands in groups."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
