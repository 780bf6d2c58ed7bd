"""Bring the Japanese catalogues up to date, or say what they lack. Needs no GNU gettext.

    python -m tools.messages            append each new string, untranslated, to its area's file
    python -m tools.messages --check    list what is untranslated, fuzzy, or has lost a placeholder

Exit status of --check: 0 every string is Japanese too, 1 some are not.
"""

import argparse
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("ja", "LC_MESSAGES", "django.po")
SOURCES = {"mypost": (".py",), "templates": (".html", ".txt")}
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "gettext_noop": None,
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w*\}")
HEAD = """\
# Japanese words of {area}.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: ja\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""

Key = tuple[str, str]  # context, or "" for none, and msgid


@dataclass(frozen=True)
class Wanted:
    """One string of the sources that readers of Japanese must get in Japanese."""

    context: str
    text: str
    plural: str
    place: Path

    @property
    def key(self) -> Key:
        return self.context, self.text

    @property
    def area(self) -> str:
        """The folder of locale/ that its translation belongs to."""
        match self.place.parts:
            case ("mypost", "entrypoints", _file):
                return "common"
            case ("mypost", "entrypoints", door, *_):
                return door
            case ("mypost", *_) | ("templates", "mail", *_):
                return "rooms"
            case ("templates", door, *_) if (ROOT / "mypost" / "entrypoints" / door).is_dir():
                return door
        return "common"


# What is wanted


def wanted_strings(root: Path) -> dict[Key, Wanted]:
    """Return every string that the sources give to gettext, each once, by its first place."""
    found: dict[Key, Wanted] = {}
    for path in _source_files(root):
        for wanted in strings_of(path.read_text(encoding="utf-8"), path.relative_to(root)):
            found.setdefault(wanted.key, wanted)
    return found


def _source_files(root: Path) -> Iterator[Path]:
    for folder, endings in SOURCES.items():
        yield from sorted(p for p in (root / folder).rglob("*") if p.suffix in endings)


def strings_of(source: str, place: Path) -> Iterator[Wanted]:
    """Yield the strings of one file; anything but Python is read as a Django template."""
    # Inside parentheses a template's indentation means nothing to Python's tokenizer.
    code = source if place.suffix == ".py" else f"({templatize(source, origin=str(place))}\n)"
    for _line, message, _comments, context in extract("python", BytesIO(code.encode()), KEYWORDS):
        text, plural = (message, "") if isinstance(message, str) else message[:2]
        if text:
            yield Wanted(context or "", text, plural, place)


# What there is


def read_catalogues(root: Path) -> dict[Path, Catalog]:
    """Return every area's Japanese catalogue by its file."""
    files = sorted((root / "locale").glob(f"*/{CATALOGUE}"))
    return {file: read_po(BytesIO(file.read_bytes()), abort_invalid=True) for file in files}


def _messages(catalogues: Iterable[Catalog]) -> Iterator[tuple[Key, Message]]:
    for catalogue in catalogues:
        for message in catalogue:
            if message.id:
                yield (message.context or "", _singular(message.id)), message


def _singular(text: str | Sequence[str] | None) -> str:
    return text if isinstance(text, str) else (text or [""])[0]


# What is wrong


def faults(wanted: Mapping[Key, Wanted], catalogues: Iterable[Catalog]) -> Iterator[str]:
    """Yield one line for each string that lacks a good translation in every area."""
    known: dict[Key, list[Message]] = {}
    for key, message in _messages(catalogues):
        known.setdefault(key, []).append(message)
    for key, string in wanted.items():
        for fault in _faults_of(string, known.get(key, [])):
            yield f"{string.area}: {fault}: {string.text!r} ({string.place})"
    for (_context, text), messages in known.items():
        if any(message.fuzzy for message in messages):
            yield f"fuzzy: {text!r}"


def _faults_of(string: Wanted, messages: Sequence[Message]) -> Iterator[str]:
    translations = [_translation(message) for message in messages]
    if not any(translations):
        yield "untranslated"
    expected = _placeholders(string.plural or string.text)
    if any(text and _placeholders(text) != expected for text in translations):
        yield "other placeholders"


def _translation(message: Message) -> str:
    """Return the one form that Japanese has."""
    return _singular(message.string)


def _placeholders(text: str) -> tuple[set[str], int]:
    """Return the named ones, which may stand anywhere, and how many stand by order alone."""
    found = PLACEHOLDER.findall(text.replace("%%", ""))
    named = {name for name in found if len(name) > 2}
    return named, sum(len(name) == 2 for name in found)


# What is done about it


def append_new(root: Path) -> int:
    """Append what no catalogue knows to its area's file, untranslated; return how many."""
    known = {key for key, _message in _messages(read_catalogues(root).values())}
    new = [string for key, string in wanted_strings(root).items() if key not in known]
    for area in sorted({string.area for string in new}):
        _append(root / "locale" / area / CATALOGUE, [s for s in new if s.area == area])
    return len(new)


def _append(file: Path, strings: Iterable[Wanted]) -> None:
    addition = Catalog(locale="ja", fuzzy=False)
    for string in strings:
        id = (string.text, string.plural) if string.plural else string.text
        addition.add(id, context=string.context or None)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(HEAD.format(area=file.parts[-4]), encoding="utf-8")
    # Appended, not rewritten: translators keep their order and comments, and no date changes.
    with file.open("ab") as stream:
        stream.write(b"\n")
        write_po(stream, addition, omit_header=True, no_location=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says, return the exit status."""
    parser = argparse.ArgumentParser(description="Bring the catalogues of translations up to date.")
    parser.add_argument("--check", action="store_true", help="change nothing; fail for what lacks")
    if not parser.parse_args(arguments).check:
        print(f"{append_new(ROOT)} new strings")
        return 0
    found = list(faults(wanted_strings(ROOT), read_catalogues(ROOT).values()))
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
