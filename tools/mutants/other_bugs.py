"""Bugs in what is not Python: pages, scripts, grants; and constraints that are not there."""

import ast
import re
from collections.abc import Iterator

from tools.mutants.bug import Bug
from tools.mutants.python_bugs import bugs_in as python_bugs_in

TEMPLATE = [
    ("no token", re.compile(rb"{% csrf_token %}"), b""),
    ("condition", re.compile(rb"(?<={% if )(?!not )"), b"not "),
    ("condition", re.compile(rb"(?<={% if )not "), b""),
    ("left out", re.compile(rb"{% include [^%]+%}"), b""),
    ("left out", re.compile(rb"{{ [^}]+ }}"), b""),
    ("attribute", re.compile(rb' (?:aria-[a-z]+|required|data-confirm|role|for)="[^"{]*"'), b""),
    ("method", re.compile(rb'method="post"'), b'method="get"'),
    ("loop", re.compile(rb"(?<= in )([\w.]+)(?= %})"), rb"\1|slice:'1:'"),
]
STATEMENT = re.compile(rb"(?m)(?<=^  )(?!const|let|return|import|export)[\w. ]+[(=][^\n{}]*;$")
SCRIPT = [
    ("condition", re.compile(rb"(?<=\bif \()"), b"!"),
    ("comparison", re.compile(rb"==="), b"!=="),
    ("comparison", re.compile(rb"!=="), b"==="),
    ("and-or", re.compile(rb"&&"), b"||"),
    ("left out", STATEMENT, b""),
    ("number", re.compile(rb"\b[1-9]\d*\b"), b"0"),
]
GRANT = [
    ("verb taken", re.compile(rb"(?<=GRANT )SELECT, |, (?:INSERT|DELETE|UPDATE)\b(?! \()"), b""),
    ("verb given", re.compile(rb"(?<=GRANT )(?=SELECT |SELECT,)"), b"DELETE, "),
    ("column taken", re.compile(rb"(?<=\()\w+, "), b""),
    ("columns opened", re.compile(rb"(?<=UPDATE) \([^)]+\)"), b""),
    ("role taken", re.compile(rb", mypost_\w+"), b""),
    ("role given", re.compile(rb"(?<=TO )(?=mypost_member_web;)"), b"mypost_sender, "),
]  # fmt: skip
RULES = {".html": TEMPLATE, ".txt": TEMPLATE, ".js": SCRIPT, ".sql": GRANT}


def bugs_in(path: str, source: bytes) -> list[Bug]:
    """Return every bug that can be planted in one file, by its ending."""
    if "/migrations/" in path and path.endswith(".py"):
        return list(_without_a_constraint(path, source))
    if path.endswith(".py"):
        return python_bugs_in(path, source)
    ending = path[path.rindex(".") :]
    return list(_by_pattern(path, source, RULES[ending]))


def _by_pattern(
    path: str, source: bytes, rules: list[tuple[str, re.Pattern[bytes], bytes]]
) -> Iterator[Bug]:
    for kind, pattern, instead in rules:
        for found in pattern.finditer(source):
            yield Bug(path, kind, found.start(), found.end(), found.expand(instead))


def _without_a_constraint(path: str, source: bytes) -> Iterator[Bug]:
    """A migration that forgets one constraint, or lets it allow more."""
    lines = [0]
    for line in source.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(attr="AddConstraint")):
                yield _element(path, source, lines, node, "no constraint")
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "constraints":
                        for one in getattr(value, "elts", []):
                            yield _element(path, source, lines, one, "no constraint")
            case ast.keyword(arg="unique", value=ast.Constant(value=True) as value):
                start = lines[value.lineno - 1] + value.col_offset
                yield Bug(path, "not unique", start, start + len(b"True"), b"False")


def _element(path: str, source: bytes, lines: list[int], node: ast.expr, kind: str) -> Bug:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    start = lines[node.lineno - 1] + node.col_offset
    end = lines[node.end_lineno - 1] + node.end_col_offset
    comma = re.match(rb"\s*,", source[end:])
    return Bug(path, kind, start, end + (comma.end() if comma else 0), b"")
