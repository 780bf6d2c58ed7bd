"""A Mincho of our own under /static/fonts/, for readers whose fonts lack registered glyphs."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pylopdf_fonts_jp
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

FOLDER = "fonts"


class OwnFonts(BaseFinder):
    """Find the Mincho in the package that brings it for papers, and nothing else of it."""

    def __init__(self) -> None:
        self._font: Path = pylopdf_fonts_jp.serif_path()
        self._storage = FileSystemStorage(location=self._font.parent)
        # collectstatic and WhiteNoise read it off the storage, as of Django's own finder.
        self._storage.prefix = FOLDER  # type: ignore[attr-defined]

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:
        """Return the file of a static path, None for others; a list of it when asked for all."""
        found = [str(self._font)] if path == f"{FOLDER}/{self._font.name}" else []
        return found if find_all else next(iter(found), None)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        """Yield the one file, with where it lies."""
        yield self._font.name, self._storage
