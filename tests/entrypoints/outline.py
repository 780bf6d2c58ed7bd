"""What a page says as a whole, as lines of text: words, links, forms, and the states of each.

    # Sign in                           a heading of the first rank
    [Help](/help/)                      a link
    POST /account/login/                a form with its token; what is inside stands further right
      Password: <password password required>     a control with its label: kind, name, states
      {Sign in}                         a button
    ‹:check: chosen ~success›           a badge or the like, its icon and its modifier

What is wrong with any page is written with two exclamation marks: a form that posts without its
token, a control without a label, a reference to an id that is not there, an id that is twice.
"""

import re
import textwrap
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from django.test import Client

from tests.entrypoints.html_tree import Node, read

INLINE = {
    "a", "abbr", "b", "br", "button", "code", "em", "i", "img", "input", "kbd", "label", "output",
    "mark", "progress", "rp", "rt", "ruby", "select", "small", "span", "strong", "svg", "textarea",
    "time",
}  # fmt: skip
CONTROLS = ("input", "select", "textarea")
BOXES = {"details", "dialog", "fieldset", "form", "nav", "search", "section", "table", "template",
         "iframe", "ul", "ol", "div"}  # fmt: skip
# Told another way, or a matter of looks alone.
UNTOLD = {"id", "class", "href", "src", "type", "name", "value", "for", "method", "action", "style",
          "novalidate", "width", "height", "viewBox", "viewbox", "preserveaspectratio", "tabindex",
          "scope", "data-label", "datetime", "cols", "rows", "rel", "hx-headers", "hx-select",
          "hx-select-oob", "hx-swap", "hx-sync", "hx-target", "hx-trigger"}  # fmt: skip
LOOKS = {"solid", "outline", "text", "small", "large", "wide", "column", "roomy", "stacked",
         "choice", "choices", "full", "short", "help", "required"}  # fmt: skip
ITEMS = {"li": "- ", "tr": "| ", "dd": "  "}
MARKS = {"summary": "▸ ", "legend": "= "}
UNSEEN = {"script", "style", "link", "meta", "head"}
REFERENCES = ("for", "form", "aria-describedby", "aria-labelledby", "aria-controls")
WIDTH = 80
PAGE = "site-main"  # all but the frame, which is the same on every page of a door


class _Writer:
    def __init__(self, page: Node, *, words: bool) -> None:
        self.words = words
        self.lines: list[str] = []
        self.line = ""
        self.labels: dict[str, str] = {}
        self.ids = [node.facts["id"] for node in page.walk() if "id" in node.facts]
        self.labels = {
            node.facts["for"]: self.words_of(node, but=CONTROLS)
            for node in page.walk() if node.tag == "label" and "for" in node.facts
        }  # fmt: skip

    def say_title(self, page: Node, part: Node) -> None:
        """The name of the page, where it is not its first heading."""
        titles = [
            node.text().removesuffix("｜MyPost") for node in page.walk() if node.tag == "title"
        ]
        headings = [node.text() for node in part.walk() if node.tag == "h1"]
        if self.words and titles != headings:
            self.lines.append(f"title: {', '.join(titles)}")

    # What stands on one line

    def inline(self, child: "Node | str") -> str:
        if isinstance(child, str):
            return child if self.words else " " * bool(child.strip())
        if child.tag in CONTROLS:
            return self.control(child)
        if child.tag == "label" and child.facts.get("for") in self.ids:
            return "".join(self.control(node) for node in child.walk() if node.tag in CONTROLS)
        within, notes = "".join(self.inline(each) for each in child.inside), self.notes(child)
        words = " ".join(within.split())
        match child.tag:
            case "a":
                return f"[{words}{notes}]({child.facts.get('href', '!! no address')})"
            case "button":
                return f"{{{words}{self.named(child)}{notes}}}"
            case "svg":
                return self.icon(child)
            case "br":
                return " / "
            case "option":
                return f"{words}={child.facts.get('value', '')}{notes}; "
        return self.phrase(child, within, notes)

    def phrase(self, child: Node, within: str, notes: str) -> str:
        if child.tag == "time":
            wrong = "" if re.search(r"\d", child.text()) else " !! no day"
            return f"@{_moment(child.facts.get('datetime', '!!'))}{wrong}"
        if child.tag in ("img", "progress"):
            return f"<{child.tag}{self.named(child)}{notes}>"
        if notes:
            return f"‹{' '.join(within.split())}{notes}›"
        return f" {within} " if child.tag == "span" else within

    def words_of(self, node: Node, but: tuple[str, ...] = ()) -> str:
        told = [each for each in node.inside if isinstance(each, str) or each.tag not in but]
        return " ".join("".join(self.inline(each) for each in told).split())

    def inside_label(self, label: Node) -> str:
        """Nothing of its words, which stand at its control; the control, if it is inside."""
        controls = [node for node in label.walk() if node.tag in ("input", "select", "textarea")]
        return "".join(self.inline(control) for control in controls)

    def control(self, child: Node) -> str:
        kind = child.facts.get("type", "text") if child.tag == "input" else child.tag
        words, notes = self.words_of(child), self.notes(child)
        label = self.labels.get(child.facts.get("id", "")) or child.facts.get("aria-label", "")
        if self.words and not label and kind != "hidden" and "hidden" not in child.facts:
            notes += " !! no label" * ("id" in child.facts)
        lead = f"{label}: " if self.words and label and kind != "hidden" else ""
        return f"{lead}<{kind}{self.named(child)}{notes}{f' “{words}”' if words else ''}>"

    def named(self, child: Node) -> str:
        name, value = child.facts.get("name", ""), child.facts.get("value", "")
        if child.facts.get("type") == "text" and not self.words:
            value = ""
        kind = child.facts.get("type", "") if child.tag == "button" else ""
        told = f" {name}" * bool(name) + f"={value}" * bool(value)
        return told + f" type={kind}" * (kind not in ("", "submit"))

    def icon(self, child: Node) -> str:
        uses = [node.facts.get("href", "") for node in child.walk() if node.tag == "use"]
        drawn = "".join(f"{use.rpartition('#')[2]}" for use in uses) or "drawing"
        lit = sum("--on" in node.facts.get("class", "") for node in child.walk())
        label = child.facts.get("aria-label", "") if self.words else ""
        hidden = "" if child.facts.get("aria-hidden") == "true" or "role" in child.facts else " !!"
        return f":{drawn}{lit or ''}{f' {label}' if label else ''}{hidden}: "

    def notes(self, child: Node) -> str:
        """The states and modifiers of an element."""
        told = []
        for name, value in child.facts.items():
            if name in REFERENCES:
                told += [f"!! {name}={one}" for one in value.split() if one not in self.ids]
            if name in UNTOLD or name in REFERENCES[:1] or (name, value) == ("aria-hidden", "true"):
                continue
            is_said = name in SPOKEN
            value = "" if is_said and not self.words else " ".join(value.split())
            if value.startswith("{"):
                value = "{…}"
            if name in REFERENCES:
                name, value = name.removeprefix("aria-"), ""
            told.append(f"{name}={value}" if value else name)
        classes = child.facts.get("class", "").split()
        told += [f"~{each.partition('--')[2]}" for each in classes if "--" in each]
        if self.ids.count(child.facts.get("id", "")) > 1:
            told.append("!! id twice")
        return "".join(f" {each}" for each in told if each[:1] != "~" or each[1:] not in LOOKS)

    # What begins a line

    def block(self, node: Node, depth: int) -> None:
        for child in node.inside:
            if isinstance(child, str) or (child.tag in INLINE and not self.has_blocks(child)):
                self.line += self.inline(child)
                continue
            self.end_line(depth)
            self.begin(child, depth)

    def begin(self, child: Node, depth: int) -> None:
        notes, rank = self.notes(child), re.fullmatch(r"h([1-6])", child.tag)
        if child.tag in ITEMS:
            self.item(child, depth, notes)
        elif child.tag in BOXES and (child.tag in ("form", "iframe") or notes):
            self.add(depth, f"{self.box(child)}{notes}".strip())
            self.block(child, depth + 1)
            self.end_line(depth + 1)
        elif child.tag not in UNSEEN:
            self.line += "#" * int(rank[1]) + " " if rank else MARKS.get(child.tag, "")
            label = child.facts.get("data-label", "") if self.words else ""
            self.line += f"{label}: " if label else ""
            self.block(child, depth)
            self.line += notes
            self.end_line(depth)

    def item(self, child: Node, depth: int, notes: str) -> None:
        """Its first line carries the mark, the others stand further right."""
        start = len(self.lines)
        self.block(child, depth + 1)
        self.end_line(depth + 1)
        told = [line.strip() for line in self.lines[start:]]
        if child.tag == "tr" and len(told) == sum(
            node.tag in ("td", "th") for node in child.walk()
        ):
            self.lines[start:] = [" | ".join(told)]
        first = self.lines[start].strip() if len(self.lines) > start else ""
        mark = f"{ITEMS[child.tag]}{notes.strip()} " if notes else ITEMS[child.tag]
        self.lines[start : start + 1] = ["  " * depth + mark + first]

    def box(self, child: Node) -> str:
        if child.tag != "form":
            return f"<{child.tag} {child.facts['src']}>" if "src" in child.facts else child.tag
        method = child.facts.get("method", "get").upper()
        names = {node.facts.get("name") for node in child.walk()}
        token = "csrfmiddlewaretoken" in names
        wrong = {("POST", False): " !! without token", ("GET", True): " !! with token"}
        return f"{method} {child.facts.get('action', '')}".strip() + wrong.get((method, token), "")

    @staticmethod
    def has_blocks(child: Node) -> bool:
        return any(node.tag not in INLINE | {"use", "rect", "option"} for node in child.walk())

    def end_line(self, depth: int) -> None:
        line, self.line = self.line, ""
        self.add(depth, " ".join(re.sub(r"<hidden csrfmiddlewaretoken=\w+>", "", line).split()))

    def add(self, depth: int, line: str) -> None:
        if line.strip():
            self.lines.append("  " * depth + line)


def _tidied(html: str, named: Mapping[Any, str]) -> str:
    for value in sorted(named, key=lambda value: -len(str(value))):
        html = html.replace(str(value), named[value])
    return re.sub(r"(?s)<!--.*?-->", "", html)


def outline(
    html: str,
    named: Mapping[Any, str] | None = None,
    *,
    within: str = PAGE,
    words: bool = True,
) -> str:
    """A page, or the first element of a kind in it, as lines of text.

    named: what changes from run to run (ids, moments), and what to write instead.
    words: without them only what both languages have in common is left.
    """
    page = read(_tidied(html, named or {}))
    writer = _Writer(page, words=words)
    part = _part(page, within)
    writer.say_title(page, part)
    writer.block(part, 0)
    writer.end_line(0)
    return "\n".join(_wrapped(line) for line in writer.lines) if words else "\n".join(writer.lines)


def _moment(at: str) -> str:
    """What has just happened is `now`: its second is another one in every run."""
    if re.match(r"[\d-]+T", at) and abs(datetime.now(UTC) - datetime.fromisoformat(at)) < timedelta(
        minutes=10
    ):
        return "now"
    return at


def _part(page: Node, within: str) -> Node:
    """The first element of this tag or class."""
    return next(
        node for node in page.walk()
        if node.tag == within or within in node.facts.get("class", "").split()
    )  # fmt: skip


def _wrapped(line: str) -> str:
    """A line in the columns of an editor, where a Japanese character has two."""
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.fill(
        re.sub("([\u2e80-\uffdc])", "\\1\0", line), WIDTH, subsequent_indent=f"{indent}    ",
        break_long_words=False, break_on_hyphens=False,
    ).replace("\0", "")  # fmt: skip


class Answer(Protocol):
    """What a page needs to be read."""

    @property
    def status_code(self) -> int: ...
    @property
    def content(self) -> bytes: ...


def said(
    http: Client,
    asked: str | Callable[[], Answer],
    named: Mapping[Any, str] | None = None,
    *,
    within: str = PAGE,
    same: tuple[str, ...] = (),
) -> str:
    """The outline of a page in English, after looking that the Japanese one has the same build.

    asked: a path, or the asking. same: words that are the same in both languages by right.
    """
    html = {}
    for language in ("ja", "en"):
        http.cookies["mypost_language"] = language
        answer = http.get(asked) if isinstance(asked, str) else asked()
        html[language] = answer.content.decode()
        assert f'<html lang="{language}">' in html[language], answer.status_code
    build = {each: _build(html[each], named, within) for each in html}
    differing = set(build["ja"]) ^ set(build["en"])
    assert build["ja"] == build["en"], differing
    untranslated = _untranslated(html, named or {}, within, same)
    assert not untranslated, untranslated
    return outline(html["en"], named, within=within)


def written(text: str) -> str:
    """What a test expects `said` to return, written at the depth of the test."""
    return textwrap.dedent(text).strip()


SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-label", "data-confirm", "data-copied")
SAME = ("MyPost", "JavaScript", "English", "日本語", "PDF", "PIN", "http", "@", "-")


def _build(html: str, named: Mapping[Any, str] | None, within: str) -> list[str]:
    """The outline without its words, and without the mark at the language that is ours."""
    build = outline(html, named, within=within, words=False)
    return re.sub(
        r"language=\w+ lang=\w+( aria-pressed=\w+)?|(?<==)(ja|en) selected", "LANGUAGE", build
    ).splitlines()


def _untranslated(
    html: Mapping[str, str], named: Mapping[Any, str], within: str, same: tuple[str, ...]
) -> list[str]:
    """What a Japanese page says in the words of the English one."""
    runs = {}
    for language, text in html.items():
        page = read(_tidied(text, named))
        part = _part(page, within)
        runs[language] = {
            " ".join(each.split())
            for node in part.walk() if node.tag not in ("script", "style", "code", "pre")
            for each in [*(child for child in node.inside if isinstance(child, str)),
                         *(node.facts.get(name, "") for name in SPOKEN)]
        }  # fmt: skip
    known = (*SAME, *same, *named.values())
    told = (run for run in runs["ja"] & runs["en"] if re.search("[A-Za-z]{2}", run))
    return sorted(
        run for run in told
        if not re.search("[ぁ-鿿]", run) and not any(each in run for each in known)
    )  # fmt: skip
