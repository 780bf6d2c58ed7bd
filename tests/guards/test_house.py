"""Promises about the code itself."""

import ast
import re
from pathlib import Path

import pytest

from mypost.letters import commands as letters

ROOT = Path(__file__).resolve().parents[2]


def variables_in_settings() -> set[str]:
    text = (ROOT / "config/settings.py").read_text(encoding="utf-8")
    return set(re.findall(r'env\.\w+\(\s*"(\w+)"', text))


def test_every_variable_has_its_line_in_the_documentation() -> None:
    documented = (ROOT / "docs/environment.md").read_text(encoding="utf-8")
    assert variables_in_settings()
    missing = [name for name in sorted(variables_in_settings()) if f"`{name}`" not in documented]
    assert missing == []


def test_every_documented_variable_exists() -> None:
    documented = (ROOT / "docs/environment.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(\w+)` \|", documented, flags=re.MULTILINE))
    assert named == variables_in_settings()


def test_every_number_is_what_the_documentation_says_it_is_without_being_set() -> None:
    text = (ROOT / "config/settings.py").read_text(encoding="utf-8")
    numbers = re.findall(r'env\.number\("(\w+)", ([\d_]+)', text)
    documented = (ROOT / "docs/environment.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(\w+)` \| `(\d+)` \|", documented, flags=re.MULTILINE))
    assert len(numbers) >= 5
    assert {name: int(number) for name, number in numbers} == {
        name: int(told[name]) for name, _ in numbers
    }


def commands_of(module: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [function for function in functions if not function.name.startswith("_")]


@pytest.mark.parametrize("name", ["consign", "hand_over"])
def test_every_command_that_changes_a_letter_leaves_evidence(name: str) -> None:
    assert letters.__file__ is not None
    (command,) = [c for c in commands_of(Path(letters.__file__)) if c.name == name]
    called = {node.attr for node in ast.walk(command) if isinstance(node, ast.Attribute)}
    assert called & {"record", "record_many"}


def test_there_is_no_other_command_that_changes_a_letter() -> None:
    assert letters.__file__ is not None
    names = {command.name for command in commands_of(Path(letters.__file__))}
    assert names == {"consign", "hand_over", "facts_of"}


def rooms_and_doors() -> list[Path]:
    return sorted(path.parent for path in (ROOT / "mypost").glob("*/__init__.py"))


@pytest.mark.parametrize("room", rooms_and_doors(), ids=lambda path: path.name)
def test_every_room_introduces_itself(room: Path) -> None:
    readme = room / "README.md"
    assert readme.exists()
    assert len(readme.read_text(encoding="utf-8").splitlines()) >= 5


def python_files() -> list[Path]:
    return [p for d in ("mypost", "sandbox", "tools", "config") for p in (ROOT / d).rglob("*.py")]


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    long = [p.name for p in python_files() if len(p.read_text(encoding="utf-8").split("\n")) > 400]
    assert long == []


def test_no_function_is_longer_than_sixty_lines() -> None:
    long = []
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > 60:
                long.append(f"{path.name}:{node.name}")
    assert long == []
