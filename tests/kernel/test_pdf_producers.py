import pytest

from mypost.kernel.pdf import Finding, examine
from tests.pdf_makers import A_MY_NUMBER, PRODUCERS, Writer, by_fpdf2, packed_away, sample

GOOD_VECTORS = [
    ("002-trivial-libre-office-writer.pdf", 1, "LibreOffice, objects compressed"),
    ("annotated_pdf.pdf", 1, "an annotation of text"),
    ("cmyk-image.pdf", 1, "nothing but a picture"),
    ("crazyones-pdfa.pdf", 1, "PDF/A"),
    ("google-doc-document.pdf", 1, "Google Docs; no line break after the end"),
    ("grayscale-image.pdf", 1, "nothing but a picture"),
    ("habibi-oneline-cmap.pdf", 1, "Arabic, written from right to left"),
    ("habibi-rotated.pdf", 4, "turned pages"),
    ("habibi.pdf", 1, "Arabic, written from right to left"),
    ("imagemagick-ASCII85Decode.pdf", 1, "a picture as ASCII"),
    ("imagemagick-CCITTFaxDecode.pdf", 1, "a fax"),
    ("imagemagick-images.pdf", 6, "every kind of picture"),
    ("imagemagick-lzw.pdf", 1, "packed in an old way"),
    ("inline-image.pdf", 1, "a picture among the text"),
    ("libre-office-link.pdf", 1, "a link to the web"),
    ("libreoffice-form.pdf", 1, "a form without scripts"),
    ("minimal-document.pdf", 1, "LaTeX"),
    ("mistitled_outlines_example.pdf", 4, "bookmarks"),
    ("multicolumn.pdf", 3, "columns"),
    ("output_with_metadata_pymupdf.pdf", 1, "metadata"),
    ("pdfkit.pdf", 1, "Qt's web engine"),
    ("pdflatex-4-pages.pdf", 4, "LaTeX"),
    ("pdflatex-image.pdf", 1, "a photograph"),
    ("pdflatex-outline.pdf", 4, "links within the document"),
    ("reportlab-overlay.pdf", 1, "ReportLab"),
]


@pytest.mark.parametrize(("name", "pages", "reason"), GOOD_VECTORS)
def test_it_accepts(name: str, pages: int, reason: str) -> None:
    examination = examine(sample(name))
    assert (examination.code, examination.pages) == (None, pages), reason


@pytest.mark.parametrize("write", PRODUCERS)
def test_it_accepts_and_reads_a_document_written(write: Writer) -> None:
    assert examine(write("花子さんへのお知らせ", pages=2)).pages == 2
    assert examine(write(A_MY_NUMBER)) == Finding.MY_NUMBER.examination


def test_it_reads_a_document_that_one_program_wrote_and_another_packed() -> None:
    assert examine(packed_away(by_fpdf2(A_MY_NUMBER))) == Finding.MY_NUMBER.examination
