"""Papers out of data: our own templates and fonts, nothing fetched, the same bytes every time."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock

import pylopdf_fonts_jp
import typst

from .errors import TemplateUnknown, TypesettingFailed

__all__ = ["TEMPLATES", "TemplateUnknown", "TypesettingFailed", "typeset"]

TEMPLATES = frozenset({"notice", "invoice", "statement", "newsletter", "passcode"})

_FOLDER = Path(__file__).parent / "templates"


def typeset(template: str, data: Mapping[str, object], *, at: datetime) -> bytes:
    """Return the PDF of one paper, A4, tagged, with its fonts inside.

    template: one of TEMPLATES; README.md tells which fields each one reads.
    data: anything that JSON can hold. It is read as text only, never as markup.
    at: aware. Written into the file as its only time, so the same paper has the same bytes.
    Raises TemplateUnknown; TypesettingFailed, and then there is no paper at all.
    Source: ISO 19005-3 (PDF/A-3, level A); ISO 14289-1 (PDF/UA-1).
    """
    if template not in TEMPLATES:
        raise TemplateUnknown(template)
    if at.tzinfo is None:
        raise ValueError("at must be aware")
    return _press(template).print(_as_json(data), seconds=int(at.timestamp()))


def _as_json(data: Mapping[str, object]) -> str:
    try:
        text = json.dumps(data, ensure_ascii=False, allow_nan=False)
        text.encode()  # a lone surrogate is JSON to Python, and text to nobody
    except (TypeError, ValueError) as error:
        raise TypesettingFailed(str(error)) from error
    return text


class _Press:
    """One template, read and kept, with the compiler that knows it.

    The compiler is made from a file: one made from bytes fails the second time. It refuses a
    second thread while one is inside, so the threads of a process queue here.
    """

    def __init__(self, template: str) -> None:
        self._turn = Lock()
        self._compiler = typst.Compiler(
            _FOLDER / f"{template}.typ",
            root=_FOLDER,
            font_paths=_fonts(),
        )

    def print(self, data: str, *, seconds: int) -> bytes:
        """Return the PDF. data: JSON text. seconds: since 1970, UTC. Raises TypesettingFailed."""
        try:
            with self._turn:
                pdf, warnings = self._compiler.compile_with_warnings(
                    format="pdf",
                    sys_inputs={"data": data},
                    pdf_standards=["a-3a", "ua-1"],
                    timestamp=seconds,
                )
        except typst.TypstError as error:
            raise TypesettingFailed(error.message) from error
        # A warning is a paper with a hole: without a font, all its text is missing.
        if warnings:
            raise TypesettingFailed(warnings[0].message)
        assert isinstance(pdf, bytes)
        return pdf


@cache
def _press(template: str) -> _Press:
    return _Press(template)


@cache
def _fonts() -> typst.Fonts:
    # The machine's own fonts would make the bytes depend on the machine.
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[pylopdf_fonts_jp.sans_path().parent],
    )
