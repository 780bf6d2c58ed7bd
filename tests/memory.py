"""Whatever a process remembers between two tests: found by looking, not by a list of names.

The product may keep keys, lists and answers for minutes. A test must not meet what another left:
a port that is used again, and the keys of whoever had it before, are how a signature fails once in
six thousand. So every cached function and every module's own dict, list and set is put back. The
kernel is left alone: it cannot ask the world anything, so what it remembers is always true.
"""

import sys
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

import mypost

OURS = ("mypost.", "sandbox.", "config.")
PURE = "mypost.kernel"
AUTHORITIES = ("trust", "_trusted")  # who vouches for a server: read from the machine, 22 ms
REMEMBERS = (dict, list, set)
SCRIPTS = (".__main__", ".examiner_zygote")  # these run as processes of their own
Container = dict[Any, Any] | list[Any] | set[Any]


class Memory:
    """What the loaded modules held when they were new."""

    def __init__(self) -> None:
        self.caches: list[_lru_cache_wrapper[Any]] = []
        self.containers: list[tuple[str, Container, Container]] = []
        self._seen: set[int] = set()
        for module in walk_packages(mypost.__path__, "mypost."):
            if "migrations" not in module.name and not module.name.endswith(SCRIPTS):
                __import__(module.name)
        self._learn()

    def forget(self) -> None:
        """Bring everything back to what it was, whatever happened since."""
        for cached in self.caches:
            cached.cache_clear()
        for _name, container, original in self.containers:
            if container != original:
                _refill(container, original)

    def _learn(self) -> None:
        ours = [name for name in sys.modules if name.startswith(OURS) and PURE not in name]
        for module in ours:
            for name, held in _held_by(sys.modules[module]):
                if id(held) not in self._seen:
                    self._seen.add(id(held))
                    self._keep(f"{module}.{name}", held)

    def _keep(self, name: str, held: Any) -> None:
        if isinstance(held, _lru_cache_wrapper):
            if _is_ours(held) and held.__name__ not in AUTHORITIES:
                self.caches.append(held)
        else:
            self.containers.append((name, held, held.copy()))


def _is_ours(held: "_lru_cache_wrapper[Any]") -> bool:
    return held.__module__.startswith(OURS) and PURE not in held.__module__


def _held_by(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Every cache and container of a module, and of the objects of our own that it holds."""
    for name, value in vars(module).items():
        if name.startswith("__"):
            continue
        if isinstance(value, (_lru_cache_wrapper, *REMEMBERS)):
            yield name, value
        elif type(value).__module__.startswith(OURS):
            for inner, kept in getattr(value, "__dict__", {}).items():
                if isinstance(kept, REMEMBERS):
                    yield f"{name}.{inner}", kept
        elif isinstance(value, type) and value.__module__ == module.__name__:
            for inner, kept in vars(value).items():
                method = getattr(kept, "__func__", kept)
                if isinstance(method, _lru_cache_wrapper):
                    yield f"{name}.{inner}", method


def _refill(container: Any, original: Any) -> None:
    container.clear()
    (container.extend if isinstance(container, list) else container.update)(original)
