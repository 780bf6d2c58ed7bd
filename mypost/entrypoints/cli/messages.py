"""Translations: locale/<area>/<language>/LC_MESSAGES/django.po, compiled beside it."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parents[3] / "locale"


def compile_all() -> int:
    """Compile each catalogue that is newer than what was compiled of it."""
    for source in LOCALE.glob("*/*/LC_MESSAGES/django.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            _compile(source, target)
    return 0


def _compile(source: Path, target: Path) -> None:
    with source.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    waiting = target.with_name(f".{target.name}.{os.getpid()}")
    with waiting.open("wb") as file:
        write_mo(file, catalogue)
    waiting.rename(target)  # a door that reads it now gets the old one or the new one, whole
