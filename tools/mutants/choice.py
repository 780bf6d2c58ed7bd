"""Which bugs are planted: so many of each part of the house, of as many kinds as there are."""

import random
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from tools.mutants.bug import Bug
from tools.mutants.other_bugs import bugs_in

PAGES_OF_DOORS = ("member_web", "sender_web", "operator_web")
NOT_THE_PRODUCT = "templates/components/specimen.html"  # the style guide
WHERE = ("mypost/**/*.py", "mypost/*/migrations/grants.sql", "templates/**/*.html",
         "templates/**/*.txt", "static/js/*.js")  # fmt: skip


def files(root: Path, folders: Iterable[str]) -> list[str]:
    """Return the product's files, below these folders where any are named."""
    found = sorted({str(f.relative_to(root)) for one in WHERE for f in root.glob(one)})
    found.remove(NOT_THE_PRODUCT)
    folders = tuple(folders)
    return [path for path in found if not folders or path.startswith(folders)]


def part_of(path: str) -> str:
    """Return the part of the house that a file belongs to: a room, a door, or a kind of file."""
    parts = path.split("/")
    if path.endswith(".sql"):
        return "grants"
    if "migrations" in parts:
        return "constraints"
    if parts[0] == "static":
        return "scripts"
    if parts[0] == "templates":
        return f"pages of {parts[1]}" if parts[1] in PAGES_OF_DOORS else "other pages"
    inner = parts[1:-1]
    return "/".join(inner[:2]) if inner[0] == "entrypoints" else inner[0] if inner else "mypost"


def choose(root: Path, folders: Iterable[str], *, count: int, seed: int) -> list[Bug]:
    """Return so many bugs; the same ones for the same seed and the same files.

    The parts take turns, so that a small room is looked at as hard as a large one; within a part
    the kinds take turns, so that a frequent kind does not hide a rare one.
    """
    chance = random.Random(seed)  # noqa: S311  which bugs, not secrets
    parts = defaultdict[str, dict[str, list[Bug]]](lambda: defaultdict(list))
    for path in files(root, folders):
        for bug in bugs_in(path, (root / path).read_bytes()):
            parts[part_of(path)][bug.kind].append(bug)
    queues = {part: _in_turns(kinds, chance) for part, kinds in sorted(parts.items())}
    chosen: list[Bug] = []
    while len(chosen) < count and queues:
        for part in sorted(queues, key=lambda _: chance.random()):
            if len(chosen) < count and queues[part]:
                chosen.append(queues[part].pop())
        queues = {part: queue for part, queue in queues.items() if queue}
    return chosen


def _in_turns(kinds: dict[str, list[Bug]], chance: random.Random) -> list[Bug]:
    for bugs in kinds.values():
        chance.shuffle(bugs)
    names = sorted(kinds)
    chance.shuffle(names)
    deepest = max(len(bugs) for bugs in kinds.values())
    turns = [
        kinds[name][turn] for turn in range(deepest) for name in names if turn < len(kinds[name])
    ]
    return turns[::-1]
