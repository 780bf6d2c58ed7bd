"""Others' test data, beside the repository. Without it the tests that need it are skipped."""

import json
from pathlib import Path
from typing import Any

import pytest

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors"
ABSENT = pytest.param(None, marks=pytest.mark.skip(reason=f"no test vectors in {VECTORS.name}/"))


def files(folder: str) -> list[Any]:
    """The JSON files under one folder of vectors, as parameters named by their path."""
    found = sorted((VECTORS / folder).rglob("*.json"))
    return [pytest.param(path, id=str(path.relative_to(VECTORS))) for path in found] or [ABSENT]


def wycheproof(name: str) -> list[dict[str, Any]]:
    """All cases of one Wycheproof file, each with its group's facts."""
    path = VECTORS / "wycheproof" / f"{name}_test.json"
    if not path.exists():
        pytest.skip(f"no test vectors: {path.name}")
    groups = json.loads(path.read_text())["testGroups"]
    return [{**group, **case} for group in groups for case in group["tests"]]
