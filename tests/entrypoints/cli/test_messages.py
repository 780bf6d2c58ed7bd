"""Translations are compiled when they are newer, whole, and beside their source."""

import os
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError

from mypost.entrypoints.cli import messages
from mypost.entrypoints.cli.__main__ import main

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one catalogue of a house of its own."""
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    source = tmp_path / "product" / "ja" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    return source


def write(source: Path, word: str, *, at: int) -> None:
    source.write_text(f'{HEAD}msgid "letter"\nmsgstr "{word}"\n', encoding="utf-8")
    os.utime(source, (at, at))


def compiled(source: Path) -> str:
    with source.with_suffix(".mo").open("rb") as file:
        return GNUTranslations(file).gettext("letter")


def test_it_is_compiled_when_it_is_new_or_was_changed_and_else_left_alone(source: Path) -> None:
    for at, word, reads in ((1000, "文", "文"), (3000, "手紙", "手紙"), (1999, "何か", "手紙")):
        write(source, word, at=at)
        assert main(["compile-messages"]) == 0
        assert compiled(source) == reads
        os.utime(source.with_suffix(".mo"), (2000, 2000))
    assert {path.name for path in source.parent.iterdir()} == {"django.po", "django.mo"}


def test_a_broken_catalogue_leaves_what_was_compiled_before(source: Path) -> None:
    write(source, "手紙", at=1000)
    messages.compile_all()
    os.utime(source.with_suffix(".mo"), (2000, 2000))
    source.write_text(f"{HEAD}msgid letter\n", encoding="utf-8")
    with pytest.raises(PoFileError):
        messages.compile_all()
    assert compiled(source) == "手紙"


def test_the_houses_own_catalogues_are_where_they_are_looked_for() -> None:
    assert Path(__file__).parents[3] / "locale" == messages.LOCALE
