"""Bugs of the kinds that people make in Python, and of those that our promises hang on."""

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any, cast

from tools.mutants.bug import Bug

COMPARISONS: dict[type[ast.cmpop], tuple[bytes, bytes]] = {
    ast.Lt: (b"<", b"<="),
    ast.LtE: (b"<=", b"<"),
    ast.Gt: (b">", b">="),
    ast.GtE: (b">=", b">"),
    ast.Eq: (b"==", b"!="),
    ast.NotEq: (b"!=", b"=="),
    ast.In: (b"in", b"not in"),
    ast.NotIn: (b"not in", b"in"),
    ast.Is: (b"is", b"is not"),
    ast.IsNot: (b"is not", b"is"),
}
QUERIES = {"filter", "exclude", "get", "update", "Q", "first", "save"}
CHAINED = {"select_for_update", "order_by", "distinct", "exclude", "filter", "strip", "casefold",
           "lower", "for_update"}  # fmt: skip
HARMLESS_DECORATORS = re.compile(
    rb"dataclass|property|method|wraps|cache|contextmanager|overload|register|receiver|router"
)
NOT_A_PROMISE = {"log", "logging", "print", "warnings"}
OUR_OWN = {"dispatch_uid"}  # names that nobody is told
LARGE = 1000  # from here a number is doubled, not moved by one
NO_TRANSACTION = b'__import__("contextlib").nullcontext()'
CODE = re.compile(r"[a-z][a-z0-9_.-]{2,40}")


def bugs_in(path: str, source: bytes) -> list[Bug]:
    """Return every bug that can be planted in one Python file."""
    return list(_File(path, source).bugs())


class _File:
    def __init__(self, path: str, source: bytes) -> None:
        self._path, self._source = path, source
        self._lines = [0]
        for line in source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def bugs(self) -> Iterator[Bug]:
        for node in _looked_at(ast.parse(self._source)):
            for kind in KINDS.get(type(node), []):
                yield from kind(self, node)

    def start(self, node: ast.AST) -> int:
        place = cast(ast.expr, node)  # whatever has a place has it in the same words
        return self._lines[place.lineno - 1] + place.col_offset

    def end(self, node: ast.AST) -> int:
        place = cast(ast.expr, node)
        return self._lines[(place.end_lineno or 0) - 1] + (place.end_col_offset or 0)

    def text(self, node: ast.AST) -> bytes:
        return self._source[self.start(node) : self.end(node)]

    def bug(self, kind: str, start: int, end: int, instead: bytes) -> Bug:
        return Bug(self._path, kind, start, end, instead)

    def over(self, kind: str, node: ast.AST, instead: bytes) -> Bug:
        return self.bug(kind, self.start(node), self.end(node), instead)

    def between(self, kind: str, left: ast.AST, right: ast.AST, word: bytes, new: bytes) -> Bug:
        place = self._source.index(word, self.end(left), self.start(right))
        return self.bug(kind, place, place + len(word), new)

    def dot(self, node: ast.Attribute) -> int:
        """Where `.attr` begins, behind whatever parentheses its owner stands in."""
        return self._source.rindex(b".", self.end(node.value), self.end(node))

    def whole_argument(self, call: ast.Call, argument: ast.AST) -> tuple[int, int]:
        """An argument with the comma after it, or before it when it is the last."""
        start, end = self.start(argument), self.end(argument)
        rest = self._source[end : self.end(call)]
        if after := re.match(rb"\s*,\s*", rest):
            return start, end + after.end()
        before = re.search(rb",\s*$", self._source[self.start(call) : start])
        return (start - len(before.group())) if before else start, end


def _looked_at(tree: ast.Module) -> Iterator[ast.AST]:
    """Every node, without annotations, docstrings, logging, and what is only for type checkers."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if _is_told_only(node):
            continue
        yield node
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "bases", "decorator_list"):
                continue
            children = value if isinstance(value, list) else [value]
            waiting.extend(child for child in children if isinstance(child, ast.AST))


def _is_told_only(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.Expr(value=ast.Call(func=func)):
            first = func
            while isinstance(first, ast.Attribute):
                first = first.value
            return isinstance(first, ast.Name) and first.id in NOT_A_PROMISE
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.Assign(value=ast.Call(func=ast.Attribute(value=ast.Name(id="models")))):
            return True  # a field without its migration: `make check` says so
        case ast.Call(func=ast.Name(id="zip")):
            return True  # strict says what is so already
        case ast.ClassDef(name="Meta"):
            return True  # the same of a constraint; the database has it from the migrations
    return False


def _comparison(file: _File, node: ast.Compare) -> Iterator[Bug]:
    left = node.left
    for op, right in zip(node.ops, node.comparators, strict=True):
        word, new = COMPARISONS[type(op)]
        yield file.between("comparison", left, right, word, new)
        left = right


def _and_or(file: _File, node: ast.BoolOp) -> Iterator[Bug]:
    word, new = (b"and", b"or") if isinstance(node.op, ast.And) else (b"or", b"and")
    for left, right in zip(node.values, node.values[1:], strict=False):
        yield file.between("and-or", left, right, word, new)


def _condition(file: _File, node: ast.If | ast.IfExp) -> Iterator[Bug]:
    yield file.over("condition", node.test, b"not (" + file.text(node.test) + b")")


def _filtering(file: _File, node: ast.comprehension) -> Iterator[Bug]:
    for test in node.ifs:
        yield file.over("condition", test, b"True")


def _constant(file: _File, node: ast.Constant) -> Iterator[Bug]:
    match node.value:
        case bool():
            yield file.over("truth", node, str(not node.value).encode())
        case int() | float() as number:
            new = number * 2 if abs(number) >= LARGE else number + 1
            yield file.over("number", node, repr(new).encode())


def _word(file: _File, node: ast.Assign | ast.keyword | ast.Compare) -> Iterator[Bug]:
    """A code, a state, a name of an event: told to others, so it must stay what it is."""
    value = node.comparators[0] if isinstance(node, ast.Compare) else node.value
    if isinstance(node, ast.keyword) and node.arg in OUR_OWN:
        return
    text = value.value if isinstance(value, ast.Constant) else None
    if isinstance(text, str) and CODE.fullmatch(text):
        written = file.text(value)
        yield file.over("word", value, written[:-1] + b"x" + written[-1:])


def _left_out(file: _File, node: ast.stmt) -> Iterator[Bug]:
    yield file.over("left out", node, b"pass")


def _call_left_out(file: _File, node: ast.Expr) -> Iterator[Bug]:
    if isinstance(node.value, ast.Call):
        yield file.over("left out", node, b"pass")


def _assignment_left_out(file: _File, node: ast.Assign) -> Iterator[Bug]:
    if all(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets):
        yield file.over("left out", node, b"pass")


def _returned(file: _File, node: ast.Return) -> Iterator[Bug]:
    match node.value:
        case None:
            yield file.over("left out", node, b"pass")
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()) as value:
            yield file.over("answer", value, b"not (" + file.text(value) + b")")


def _arithmetic(file: _File, node: ast.BinOp) -> Iterator[Bug]:
    words = {ast.Add: (b"+", b"-"), ast.Sub: (b"-", b"+"), ast.Mult: (b"*", b"+")}
    if type(node.op) in words and not (_is_text(node.left) or _is_text(node.right)):
        word, new = words[type(node.op)]
        yield file.between("arithmetic", node.left, node.right, word, new)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr | ast.List | ast.Tuple) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    )


def _asked_less(file: _File, node: ast.Call) -> Iterator[Bug]:
    """A query that forgets one of its conditions, a save that forgets which fields."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in QUERIES and len(node.args) + len(node.keywords) > 1:
        for keyword in node.keywords:
            start, end = file.whole_argument(node, keyword)
            yield file.bug("condition forgotten", start, end, b"")


def _unchained(file: _File, node: ast.Call) -> Iterator[Bug]:
    """A query without its lock or its order, a text that is not stripped."""
    if isinstance(node.func, ast.Attribute) and node.func.attr in CHAINED:
        yield file.bug("unchained", file.dot(node.func), file.end(node), b"")


def _no_transaction(file: _File, node: ast.withitem) -> Iterator[Bug]:
    if file.text(node.context_expr).startswith(b"transaction.atomic("):
        yield file.over("no transaction", node.context_expr, NO_TRANSACTION)


def _undecorated(file: _File, node: ast.FunctionDef) -> Iterator[Bug]:
    for decorator in node.decorator_list:
        if not HARMLESS_DECORATORS.search(file.text(decorator)):
            yield file.bug("undecorated", file.start(decorator) - 1, file.end(decorator), b"")


Kind = Callable[[_File, Any], Iterator[Bug]]
KINDS: dict[type[ast.AST], list[Kind]] = {
    ast.Compare: [_comparison, _word],
    ast.BoolOp: [_and_or],
    ast.If: [_condition],
    ast.IfExp: [_condition],
    ast.comprehension: [_filtering],
    ast.Constant: [_constant],
    ast.Assign: [_word, _assignment_left_out],
    ast.keyword: [_word],
    ast.Raise: [_left_out],
    ast.AugAssign: [_left_out],
    ast.Continue: [_left_out],
    ast.Expr: [_call_left_out],
    ast.Return: [_returned],
    ast.BinOp: [_arithmetic],
    ast.Call: [_asked_less, _unchained],
    ast.withitem: [_no_transaction],
    ast.FunctionDef: [_undecorated],
}
