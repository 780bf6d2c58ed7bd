"""Which test files can notice a change in a file, nearest first.

Python files: by the imports of the whole house, read without running anything. A test's own
`conftest.py` counts as imported by it, the common one does not: it knows every room. Other files
(templates, grants, scripts): by whoever names them.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("mypost", "sandbox", "tools", "config", "tests")
COMMON = "tests.conftest"
NAMING = ("templates/**/*.html", "static/js/*.js", "mypost/**/*.py", "config/**/*.py",
          "sandbox/**/*.py", "tools/**/*.py", "tests/**/*.py")  # fmt: skip
QUOTED = re.compile(r"[\"']([\w./-]+)[\"']")
GUARDS = "tests/guards"  # they look at everything, and first at what shapes the database
IN_EVERY_NAME = {"", "test", "page", "of", "the", "a", "at", "to", "in", "and"}
NEAR = 2  # imports away: behind what tests the file itself


class Reach:
    """The house as it stands in one folder."""

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root

    def of(self, changed: Iterable[str]) -> list[tuple[int, str]]:
        """Return (distance, test file) for every test that a change in these files can reach.

        changed: paths below the root. Distance: imports and namings between the two. Among equals
        come first what is named after a file, what lies in the folder of the same name, and what
        shares words with it.
        """
        changed = list(changed)
        steps = self._steps(changed)
        found = {path: steps[path] for path in steps if _is_test(path)}
        mirrored = {path for one in changed for path in self._below(self._mirror(one))}
        found |= {path: min(found.get(path, 1), 1) for path in mirrored}
        guarded = 0 if any("/migrations/" in path for path in changed) else NEAR
        for guard in self._below(GUARDS):
            found.setdefault(guard, guarded)
        namesakes = {f"test_{Path(path).stem}.py" for path in changed}
        words = set[str]().union(*(_words(*Path(path).parts[-2:]) for path in changed))

        whole_pages = "test_pages_" if any(path.endswith(".html") for path in changed) else ""

        def nearness(path: str) -> tuple[object, ...]:
            name = Path(path).name
            alike = -len(words & _words(name)), not name.startswith(whole_pages)
            return found[path], name not in namesakes, path not in mirrored, *alike, path

        return [(found[path], path) for path in sorted(found, key=nearness)]

    def _steps(self, changed: list[str]) -> dict[str, int]:
        """Walk from the changed files to everything above them, breadth first."""
        steps = dict.fromkeys(changed, 0)
        waiting = deque(changed)
        while waiting:
            path = waiting.popleft()
            for above in self._above(path):
                if above not in steps:
                    steps[above] = steps[path] + 1
                    waiting.append(above)
        return steps

    def _above(self, path: str) -> Iterator[str]:
        if path.endswith(".py"):
            yield from self._importers(path)
        yield from self._namers(path)

    def _importers(self, path: str) -> Iterator[str]:
        module = _module(path)
        if module.endswith(".conftest") and module != COMMON:
            yield from self._below(str(Path(path).parent))
        if module not in self._imports.modules or module == COMMON:
            return
        for importer in sorted(self._imports.find_modules_that_directly_import(module)):
            yield self._file_of(importer)

    def _namers(self, path: str) -> Iterator[str]:
        """Whoever writes a file's name between quotes, or a module's, as Django's settings do."""
        name = path.removeprefix("templates/").removeprefix("static/")
        names = {name, f"./{Path(name).name}", _module(path)}
        for other in sorted(set().union(*(self._names.get(one, ()) for one in names))):
            if other != path:
                yield other

    @cached_property
    def _imports(self) -> grimp.ImportGraph:
        return grimp.build_graph(*PACKAGES, cache_dir=None)

    @cached_property
    def _names(self) -> dict[str, set[str]]:
        """Every quoted name in the house, and the files that write it."""
        found = defaultdict[str, set[str]](set)
        for file in (file for pattern in NAMING for file in self._root.glob(pattern)):
            for name in QUOTED.findall(file.read_text(encoding="utf-8")):
                found[name].add(str(file.relative_to(self._root)))
        return found

    def _mirror(self, path: str) -> str:
        """The folder of tests/ that mirrors where a file stands, or the nearest above it."""
        door = ("entrypoints",) if path.startswith("templates/") else ()
        folder = Path("tests", *door, *Path(path).parts[1:-1])
        while not (self._root / folder).is_dir():
            folder = folder.parent
        return "" if folder == Path("tests") else str(folder)

    def _below(self, folder: str) -> Iterator[str]:
        for file in sorted((self._root / folder).rglob("test_*.py")) if folder else []:
            yield str(file.relative_to(self._root))

    def _file_of(self, module: str) -> str:
        path = module.replace(".", "/")
        return f"{path}/__init__.py" if (self._root / path).is_dir() else f"{path}.py"


def _words(*names: str) -> set[str]:
    """What names are made of, without their endings and plurals."""
    parts = (part for name in names for part in name.partition(".")[0].split("_"))
    return {part.removesuffix("s") for part in parts} - IN_EVERY_NAME


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _is_test(path: str) -> bool:
    return path.startswith("tests/") and Path(path).name.startswith("test_")
