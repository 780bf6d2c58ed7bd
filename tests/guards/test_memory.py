"""What one test leaves in a process does not reach the next."""

import ast
from pathlib import Path
from uuid import UUID

from mypost.entrypoints.sender_api import auth
from mypost.vault import custodian
from mypost.verification import auth_app_provider
from mypost.verification.sources import lists
from tests.memory import Memory

MYPOST = Path(__file__).resolve().parents[2] / "mypost"


def test_answers_of_outside_parties_are_forgotten(memory: Memory) -> None:
    auth_app_provider._known["http://localhost:1/keys"] = (float("inf"), {"keys": []})
    lists._kept["http://localhost:1", "key", "place"] = None  # type: ignore[assignment]
    memory.forget()
    assert (auth_app_provider._known, lists._kept) == ({}, {})


def test_counts_kept_by_objects_of_a_module_are_forgotten(memory: Memory) -> None:
    auth.limiter.take(UUID(int=1), at=0.0)
    memory.forget()
    assert auth.limiter._buckets == {}


def test_keys_read_from_files_are_forgotten(memory: Memory) -> None:
    custodian.wrap_private_key(b"a key", context=b"")
    assert custodian._key.cache_info().currsize > 0
    memory.forget()
    assert custodian._key.cache_info().currsize == 0


def test_a_table_that_a_test_changed_is_whole_again(memory: Memory) -> None:
    name, table, original = next(kept for kept in memory.containers if len(kept[1]) > 1)
    table.clear()
    memory.forget()
    assert table == original, name


def test_no_module_puts_another_value_behind_its_own_names() -> None:
    """Such a name could not be found: what is remembered stands in a container or a cache."""
    rebinding = [
        f"{path.relative_to(MYPOST)}: {', '.join(node.names)}"
        for path in MYPOST.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Global)
    ]
    assert rebinding == []
