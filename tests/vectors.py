"""Others' test data, beside the repository.

Without it the tests that need it are skipped; where CI=true its absence is an error, so that no
set of tests can stay green because half of it was not there.
"""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

VECTORS = Path(__file__).resolve().parents[2] / "shared" / "vectors"
CI = "CI"  # the variable that says: this run must be whole


def vector(*parts: str) -> Path:
    """Return the path of one file, or end the test that asks for it."""
    path = VECTORS.joinpath(*parts)
    if path.exists():
        return path
    if os.environ.get(CI):
        raise FileNotFoundError(f"the shared test data must be here: {path}")
    pytest.skip(f"the shared test data is not here: {path}")


def files(folder: str) -> list[Any]:
    """The JSON files under one folder of vectors, as parameters named by their path.

    Where there are none, the one parameter is the folder itself: a test reads it by `read`.
    """
    found = sorted((VECTORS / folder).rglob("*.json"))
    paths = found or [VECTORS / folder]
    return [pytest.param(path, id=str(path.relative_to(VECTORS))) for path in paths]


def read(path: Path) -> str:
    """Return the content of one of `files`."""
    return vector(*path.relative_to(VECTORS).parts).read_text(encoding="utf-8")


def wycheproof(name: str) -> list[dict[str, Any]]:
    """All cases of one Wycheproof file, each with its group's facts."""
    groups = json.loads(vector("wycheproof", f"{name}_test.json").read_text())["testGroups"]
    return [{**group, **case} for group in groups for case in group["tests"]]


@cache
def naughty_strings() -> list[str]:
    """The Big List of Naughty Strings."""
    strings: list[str] = json.loads(vector("text", "blns.json").read_text(encoding="utf-8"))
    return strings
