"""PDFs for tests: good ones from many producers, and hostile ones written by hand.

Nothing is built when this is imported. Tables of tests hold makers, not bytes. What is costly is
built once, and the producers are imported where they write: most tests need none of them.
"""

import io
import json
import shutil
import subprocess
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, Protocol

import pikepdf
import pytest
from pylopdf_fonts_jp import __file__ as fonts_module

from tests.vectors import vector

FONTS = Path(fonts_module).parent
CHROMIUM = shutil.which("chromium")
A_MY_NUMBER = "123456789018"
NOT_A_MY_NUMBER = "123456789012"

Revision = Literal[2, 3, 4, 5, 6]

# The least that is a document: catalogue, page tree, one empty page.
ONE_PAGE = {
    1: b"<< /Type /Catalog /Pages 2 0 R >>",
    2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>",
}


def sample(name: str) -> bytes:
    """A PDF of somebody else's making."""
    return vector("pdf", name).read_bytes()


# By hand


def by_hand(objects: Mapping[int, bytes] = ONE_PAGE, *, trailer: bytes = b"") -> bytes:
    """Write numbered objects as they are, with a true cross-reference table."""
    body, places = b"%PDF-1.7\n", {}
    for number, content in sorted(objects.items()):
        places[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    size = max(objects) + 1
    free = b"0000000000 65535 f \n"
    table = free + b"".join(
        b"%010d 00000 n \n" % places[number] if number in places else free
        for number in range(1, size)
    )
    return (
        body
        + b"xref\n0 %d\n%strailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            size,
            table,
            size,
            trailer,
            len(body),
        )
    )


def with_catalogue(entries: bytes, others: Mapping[int, bytes] | None = None) -> bytes:
    catalogue = b"<< /Type /Catalog /Pages 2 0 R %s >>" % entries
    return by_hand({**ONE_PAGE, 1: catalogue, **(others or {})})


def with_page(entries: bytes, others: Mapping[int, bytes] | None = None) -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] %s >>" % entries
    return by_hand({**ONE_PAGE, 3: page, **(others or {})})


def with_annotation(entries: bytes) -> bytes:
    return with_page(b"/Annots [<< /Type /Annot /Rect [0 0 9 9] %s >>]" % entries)


def with_link(action: bytes) -> bytes:
    return with_annotation(b"/Subtype /Link /A << /Type /Action %s >>" % action)


def blank(pages: int) -> bytes:
    """So many empty pages."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3 + pages))
    tree = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages)
    leaves = dict.fromkeys(range(3, 3 + pages), ONE_PAGE[3])
    return by_hand({1: ONE_PAGE[1], 2: tree, **leaves})


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def appended(original: bytes, number: int, content: bytes) -> bytes:
    """Add a revision that gives one object a new content, as an editor saves a change."""
    previous = int(original.rsplit(b"startxref", 1)[1].split()[0])
    size = int(original.rsplit(b"/Size", 1)[1].split()[0])
    place = len(original)
    body = original + b"%d 0 obj\n%s\nendobj\n" % (number, content)
    return body + (
        b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root 1 0 R /Prev %d >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (number, place, max(size, number + 1), previous, len(body))
    )


# Costly ones


@cache
def slow(pages: int) -> bytes:
    """A small file whose text takes long to read: about a fifth of a second for each page."""
    kids = b" ".join(b"%d 0 R" % number for number in range(5, 5 + pages))
    words = zlib.compress(b"BT /F 9 Tf " + b"(a) Tj " * 100_000 + b"ET")
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources"
        b" << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
    )
    return by_hand(
        {
            1: ONE_PAGE[1],
            2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
            4: stream(words, b"/Filter /FlateDecode"),
            **dict.fromkeys(range(5, 5 + pages), page),
        }
    )


@cache
def bomb(size: int, entries: bytes = b"") -> bytes:
    """A small file in which one stream unpacks to `size` bytes."""
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(bytes(2**20)) for _ in range(size // 2**20)) + packer.flush()
    twice = stream(zlib.compress(packed), b"/Filter [/FlateDecode /FlateDecode] " + entries)
    return with_page(b"/Contents 4 0 R", {4: twice})


# With pikepdf


def saved(pdf: pikepdf.Pdf, **options: Any) -> bytes:
    file = io.BytesIO()
    pdf.save(file, **options)
    return file.getvalue()


def changed(data: bytes, change: Callable[[pikepdf.Pdf], object], **options: Any) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        return saved(pdf, **options)


@cache
def encrypted(*, user: str = "", owner: str = "secret", revision: Revision = 6) -> bytes:
    strong = revision >= 4
    security = pikepdf.Encryption(
        user=user,
        owner=owner,
        R=revision,
        aes=strong,
        metadata=strong,
    )
    return changed(by_hand(), lambda _: None, encryption=security)


def packed_away(data: bytes) -> bytes:
    """Move every object that may into compressed object streams, as PDF 1.5 allows."""
    generate = pikepdf.ObjectStreamMode.generate
    return changed(data, lambda _: None, object_stream_mode=generate)


# Real producers, each with one line of text on each of its pages


class Writer(Protocol):
    __name__: str

    def __call__(self, text: str, *, pages: int = 1) -> bytes: ...


def by_reportlab(text: str, *, pages: int = 1) -> bytes:
    """With a Japanese font that is named and not embedded."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiKakuGo-W5"))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for _ in range(pages):
        canvas.setFont("HeiseiKakuGo-W5", 11)
        canvas.drawString(60, 700, text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


@cache  # a fifth of a second each: it reads the whole font and cuts it down
def by_fpdf2(text: str, *, pages: int = 1) -> bytes:
    import fpdf

    document = fpdf.FPDF()
    document.add_font("noto", fname=str(FONTS / "NotoSansJP-Regular.otf"))
    document.set_font("noto", size=11)
    for _ in range(pages):
        document.add_page()
        document.cell(text=text)
    return bytes(document.output())


def by_pypdf(text: str, *, pages: int = 1) -> bytes:
    import pypdf

    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.append(io.BytesIO(by_reportlab(text)))
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def by_pikepdf(text: str, *, pages: int = 1) -> bytes:
    original = by_reportlab(text, pages=pages)
    return changed(original, lambda _: None, linearize=True)


@cache
def by_typst(text: str, *, pages: int = 1) -> bytes:
    import typst

    source = '#set text(font: "Noto Sans JP")\n' + "#pagebreak()\n".join(
        [f"#{json.dumps(text, ensure_ascii=False)}\n"] * pages
    )
    with TemporaryDirectory() as folder:
        file = Path(folder) / "letter.typ"
        file.write_text(source, encoding="utf-8")
        return bytes(typst.compile(str(file), font_paths=[str(FONTS)], pdf_standards=["a-3a"]))


@cache
def by_chromium(text: str, *, pages: int = 1) -> bytes:
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    page = f"<p style='break-after:page'>{text}</p>" * (pages - 1) + f"<p>{text}</p>"
    with TemporaryDirectory() as folder:
        source, printed = Path(folder) / "letter.html", Path(folder) / "letter.pdf"
        source.write_text(f"<!doctype html><meta charset=utf-8>{page}", encoding="utf-8")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        profile = [f"--user-data-dir={folder}/profile", f"--print-to-pdf={printed}"]
        command = [CHROMIUM, *options, *profile, source.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        return printed.read_bytes()


PRODUCERS: list[Writer] = [by_reportlab, by_fpdf2, by_pypdf, by_pikepdf, by_typst, by_chromium]
