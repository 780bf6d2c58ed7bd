"""How long a person waits after `make run`."""

from tools.bench.figures import Figure, Row
from tools.bench.ground import Ground

TARGET = 10.0  # seconds


def measure(ground: Ground, runs: int) -> Figure:
    """Start the house once where nothing is, then again and again."""
    house = ground.house
    ground.leave()
    first = house.start()
    again, spans = ground.watch.repeat(runs, house.start, prepare=house.stop)
    return Figure(
        Row("start", "s", again),
        "The second start of the whole house, from exec until every door answers.",
        spans,
        TARGET,
        [Row("the first start, which seeds the demo world", "s", [first])],
    )
