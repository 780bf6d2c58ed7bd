"""The examination of a document, in a child process of its own."""

import io
from statistics import median

import pikepdf

from mypost.intake.examiner import examine_document
from tools.bench import world
from tools.bench.bare import seconds_of
from tools.bench.figures import Figure, Row, in_ms, p95
from tools.bench.ground import Ground

DOCUMENTS = 40  # in one run


def measure(ground: Ground, runs: int) -> Figure:
    """Examine the same document again and again."""
    paper = world.paper()

    def examine_some() -> list[float]:
        return in_ms(seconds_of(lambda: examine_document(paper), DOCUMENTS))

    examine_some()  # starts the process that the children are forked from
    taken, spans = ground.watch.repeat(runs, examine_some)
    opened = [
        median(in_ms(seconds_of(lambda: pikepdf.open(io.BytesIO(paper)), DOCUMENTS)))
        for _ in range(runs)
    ]
    return Figure(
        Row("document", "ms", [median(run) for run in taken]),
        f"The examination of a PDF of {len(paper) // 1000} KB, median.",
        spans,
        limits=[
            Row("95 of 100 are faster than", "ms", [p95(run) for run in taken]),
            Row("bare opening with pikepdf", "ms", opened),
        ],
    )
