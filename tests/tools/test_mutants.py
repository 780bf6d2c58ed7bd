"""Bugs for the tests to notice: what is planted is what is said, and follows from the seed."""

import ast
from pathlib import Path

import pytest

from tests.conftest import LONG
from tools.mutants.choice import choose, files, part_of
from tools.mutants.other_bugs import bugs_in
from tools.reach import ROOT

PYTHON = "mypost/letters/commands.py"
PAGE = "templates/member_web/box/box.html"
SCRIPT = "static/js/app.js"
GRANTS = "mypost/letters/migrations/grants.sql"
MIGRATION = "mypost/letters/migrations/0001_first.py"
NO_CONSTRAINT = 'migrations.CreateModel(options={"constraints": [models.CheckConstraint("a"), ]})'


def planted(path: str, source: str, kind: str) -> list[str]:
    """Return the file with each bug of a kind, in the order of their places."""
    written = source.encode()
    bugs = [bug for bug in bugs_in(path, written) if bug.kind == kind]
    return [bug.planted(written).decode() for bug in sorted(bugs, key=lambda bug: bug.start)]


@pytest.mark.parametrize(
    ("kind", "source", "bugs"),
    [
        ("comparison", "a < b <= c", ["a <= b <= c", "a < b < c"]),
        ("comparison", "(a) > (b)", ["(a) >= (b)"]),
        ("comparison", "a != b", ["a == b"]),
        ("comparison", "a not in b", ["a in b"]),
        ("comparison", "a is b", ["a is not b"]),
        ("and-or", "a and b and c", ["a or b and c", "a and b or c"]),
        ("condition", "if a:\n  b", ["if not (a):\n  b"]),
        ("condition", "x = a if b else c", ["x = a if not (b) else c"]),
        ("condition", "x = [a for a in b if c]", ["x = [a for a in b if True]"]),
        ("truth", "x = True", ["x = False"]),
        ("truth", "x = zip(a, b, strict=True)", []),
        ("number", "x = 5, 0.5, 1_000", ["x = 6, 0.5, 1_000", "x = 5, 1.5, 1_000",
                                         "x = 5, 0.5, 2000"]),
        ("word", 'x = "refused"', ['x = "refusedx"']),
        ("word", "f(state='open')", ["f(state='openx')"]),
        ("word", "a.connect(b, dispatch_uid='c_d')", []),
        ("word", 'if a == "letter": b', ['if a == "letterx": b']),
        ("word", 'x = "A sentence that people read."', []),
        ("number", "class A(B):\n  class Meta:\n    a = f(1)", []),
        ("left out", "raise A", ["pass"]),
        ("left out", "a += 1", ["pass"]),
        ("left out", "while a: continue", ["while a: pass"]),
        ("left out", "record(a, b)", ["pass"]),
        ("left out", "a.b = c", ["pass"]),
        ("left out", "def f():\n  return", ["def f():\n  pass"]),
        ("left out", 'a = b\n"A docstring."\nlog.warning(a)', []),
        ("answer", "def f():\n  return a or b", ["def f():\n  return not (a or b)"]),
        ("arithmetic", "x = a + b", ["x = a - b"]),
        ("arithmetic", "x = a * b", ["x = a + b"]),
        ("arithmetic", "x = a + f'b'", []),
        ("condition forgotten", "a.filter(b=1, c=2)", ["a.filter(c=2)", "a.filter(b=1)"]),
        ("condition forgotten", "a.filter(b=1)", []),
        ("unchained", "x = (\n  a\n  .select_for_update()\n  .get()\n)",
         ["x = (\n  a\n  \n  .get()\n)"]),
        ("unchained", "x = a.strip()", ["x = a"]),
        ("no transaction", "with transaction.atomic():\n  a",
         ['with __import__("contextlib").nullcontext():\n  a']),
        ("undecorated", "@writes\ndef f(): pass", ["\ndef f(): pass"]),
        ("undecorated", "@property\ndef f(): pass", []),
    ],
)  # fmt: skip
def test_in_python(kind: str, source: str, bugs: list[str]) -> None:
    assert planted(PYTHON, source, kind) == bugs


@pytest.mark.parametrize(
    ("path", "kind", "source", "bugs"),
    [
        (PAGE, "no token", "<form>{% csrf_token %}</form>", ["<form></form>"]),
        (PAGE, "condition", "{% if a %}", ["{% if not a %}"]),
        (PAGE, "condition", "{% if not a %}", ["{% if a %}"]),
        (PAGE, "left out", '{% include "a.html" %}{{ b }}', ["{{ b }}", '{% include "a.html" %}']),
        (PAGE, "attribute", '<a role="alert" class="b">', ['<a class="b">']),
        (PAGE, "method", '<form method="post">', ['<form method="get">']),
        (PAGE, "loop", "{% for a in b.c %}", ["{% for a in b.c|slice:'1:' %}"]),
        (SCRIPT, "condition", "if (a) b", ["if (!a) b"]),
        (SCRIPT, "comparison", "a === b !== c", ["a !== b !== c", "a === b === c"]),
        (SCRIPT, "and-or", "a && b", ["a || b"]),
        (SCRIPT, "left out", "f() {\n  a.b(c);\n}", ["f() {\n  \n}"]),
        (SCRIPT, "number", "wait(300)", ["wait(0)"]),
        (GRANTS, "verb taken", "GRANT SELECT, UPDATE, DELETE ON a TO b;",
         ["GRANT UPDATE, DELETE ON a TO b;", "GRANT SELECT, UPDATE ON a TO b;"]),
        (GRANTS, "verb given", "GRANT SELECT ON a TO b;", ["GRANT DELETE, SELECT ON a TO b;"]),
        (GRANTS, "column taken", "GRANT UPDATE (a, b) ON c TO d;", ["GRANT UPDATE (b) ON c TO d;"]),
        (GRANTS, "columns opened", "GRANT UPDATE (a, b) ON c TO d;", ["GRANT UPDATE ON c TO d;"]),
        (GRANTS, "role taken", "TO mypost_worker, mypost_sender;", ["TO mypost_worker;"]),
        (GRANTS, "role given", "TO mypost_member_web;", ["TO mypost_sender, mypost_member_web;"]),
        (MIGRATION, "no constraint", "migrations.AddConstraint(a), b", [" b"]),
        (MIGRATION, "no constraint", NO_CONSTRAINT,
         ['migrations.CreateModel(options={"constraints": [ ]})']),
        (MIGRATION, "not unique", "models.TextField(unique=True)",
         ["models.TextField(unique=False)"]),
    ],
)  # fmt: skip
def test_in_pages_scripts_rights_and_migrations(
    path: str, kind: str, source: str, bugs: list[str]
) -> None:
    assert planted(path, source, kind) == bugs


def test_a_bug_says_where_it_is_and_what_stands_there_now() -> None:
    source = b"a = 1\nif b:\n    c.d = 2\n"
    (bug,) = [bug for bug in bugs_in(PYTHON, source) if bug.kind == "left out"]
    assert bug.told(source) == f"{PYTHON}:3 left out: c.d = 2 \N{RIGHTWARDS ARROW} pass"
    (bug,) = bugs_in(PAGE, b"{% csrf_token %}")
    assert bug.told(b"{% csrf_token %}").endswith(" \N{RIGHTWARDS ARROW} nothing")


@pytest.mark.parametrize("path", files(ROOT, ["mypost"] if LONG else ["mypost/intake/answers"]))
def test_whatever_is_planted_in_python_is_python_and_another_one(path: str) -> None:
    """A bug that does not parse would count as noticed, by every test."""
    source = (ROOT / path).read_bytes()
    before = ast.dump(ast.parse(source))
    for bug in bugs_in(path, source) if path.endswith(".py") else []:
        assert ast.dump(ast.parse(bug.planted(source))) != before, bug.told(source)


# Which ones


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A large room and a small one; the large one has many numbers and one raise."""
    large = "x = [1, 2, 3, 4, 5, 6, 7, 8, 9]\nraise A\n"
    for path, source in {
        "mypost/letters/commands.py": large,
        "mypost/vault/store.py": "x = 1\ny = 2\n",
        "templates/components/specimen.html": "{{ a }}",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(source, encoding="utf-8")
    return tmp_path


def test_the_same_seed_chooses_the_same_bugs_and_another_one_others(house: Path) -> None:
    first, again, other = (choose(house, [], count=6, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert set(first) != set(other)


@pytest.mark.parametrize("seed", range(5))
def test_parts_and_kinds_take_turns(house: Path, seed: int) -> None:
    chosen = choose(house, [], count=4, seed=seed)
    assert sorted(part_of(bug.path) for bug in chosen) == ["letters", "letters", "vault", "vault"]
    assert {bug.kind for bug in chosen if bug.path == PYTHON} == {"number", "left out"}


def test_when_a_part_has_no_more_the_others_go_on_until_all_are_chosen(house: Path) -> None:
    chosen = choose(house, [], count=1_000, seed=1)
    assert len(chosen) == len(set(chosen)) == 12
    assert {bug.path for bug in chosen} == {PYTHON, "mypost/vault/store.py"}  # no style guide


def test_bugs_may_be_asked_for_below_some_folders_alone(house: Path) -> None:
    assert {bug.path for bug in choose(house, ["mypost/letters"], count=9, seed=1)} == {PYTHON}


@pytest.mark.parametrize(
    ("path", "part"),
    [
        (PYTHON, "letters"),
        ("mypost/kernel/jpki/ocsp.py", "kernel"),
        ("mypost/entrypoints/member_web/box.py", "entrypoints/member_web"),
        ("mypost/entrypoints/middleware.py", "entrypoints"),
        (GRANTS, "grants"),
        (MIGRATION, "constraints"),
        (SCRIPT, "scripts"),
        (PAGE, "pages of member_web"),
        ("templates/mail/alert.txt", "other pages"),
    ],
)
def test_every_file_belongs_to_a_part(path: str, part: str) -> None:
    assert part_of(path) == part
