"""A figure: what was measured, run by run, what it must stay under, whether it may be judged."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median

from tools.bench.machine import Span, strangers

STRANGERS_ALLOWED = 0.2  # cores; more than that, and a figure says something about somebody else


class Verdict(StrEnum):
    """What may be said of a figure."""

    GOOD = "good"
    MISSED = "MISSED"
    NOT_JUDGED = "not judged"
    NO_TARGET = "for information"


@dataclass(frozen=True)
class Row:
    """One measured thing. runs: one value a run, in the unit. cpu: the same, ms a letter."""

    name: str
    unit: str
    runs: Sequence[float]
    cpu: Sequence[float] = ()

    @property
    def value(self) -> float:
        return median(self.runs)


@dataclass(frozen=True)
class Figure:
    """A row with its meaning in one sentence, its target, and the bare limits beside it.

    target: in the row's unit, and to stay under. spans: what passed in each run.
    """

    row: Row
    meaning: str
    spans: Sequence[Span]
    target: float | None = None
    limits: Sequence[Row] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        if self.target is None:
            return Verdict.NO_TARGET
        if self.doubt:
            return Verdict.NOT_JUDGED
        return Verdict.GOOD if self.row.value < self.target else Verdict.MISSED

    @property
    def doubt(self) -> str:
        """Why the figure says nothing certain, "" when nothing speaks against it."""
        cores = strangers(self.spans)
        return (
            f"machine was loaded, {cores:.1f} cores by others" if cores > STRANGERS_ALLOWED else ""
        )


def p95(values: Sequence[float]) -> float:
    """Return the value that 95 of 100 do not exceed."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def a_letter(spans: Sequence[Span], letters: int) -> list[float]:
    """Return the milliseconds of processor time that each letter of a run took."""
    return [span.cpu / letters * 1000 for span in spans]


def in_ms(seconds: Sequence[float]) -> list[float]:
    """Return seconds as milliseconds."""
    return [taken * 1000 for taken in seconds]
