import io

import pypdf
import pytest

from mypost.kernel.pdf import Finding, examine
from tests.pdf_makers import (
    A_MY_NUMBER,
    NOT_A_MY_NUMBER,
    by_hand,
    by_reportlab,
    packed_away,
    with_annotation,
    with_catalogue,
)

NUMBER = A_MY_NUMBER.encode()


@pytest.mark.parametrize(
    "text",
    [
        A_MY_NUMBER,
        "個人番号：１２３４５６７８９０１８",
        "個人番号 1234 5678 9018 です",
        "1234-5678-9018",
    ],
)
def test_it_refuses_a_my_number_on_a_page(text: str) -> None:
    assert examine(by_reportlab(text)) == Finding.MY_NUMBER.examination


def test_it_reads_to_the_last_page() -> None:
    first, last = by_reportlab("お知らせ", pages=30), by_reportlab(A_MY_NUMBER)
    assert examine(joined(first, last)) == Finding.MY_NUMBER.examination


def joined(*documents: bytes) -> bytes:
    writer, file = pypdf.PdfWriter(), io.BytesIO()
    for document in documents:
        writer.append(io.BytesIO(document))
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize(
    "text",
    [NOT_A_MY_NUMBER, "お客様番号 1234567890123", "03-1234-5678", "4242 4242 4242 4242"],
)
def test_it_accepts_other_numbers(text: str) -> None:
    assert examine(by_reportlab(text)).code is None


@pytest.mark.parametrize(
    ("place", "data"),
    [
        ("a form field", with_catalogue(b"/AcroForm << /Fields [<< /V (%s) >>] >>" % NUMBER)),
        (
            "a field's first value",
            with_catalogue(b"/AcroForm << /Fields [<< /DV (%s) >>] >>" % NUMBER),
        ),
        ("a note", with_annotation(b"/Subtype /Text /Contents (No. %s)" % NUMBER)),
        ("a bookmark", with_catalogue(b"/Outlines << /First << /Title (%s) >> >>" % NUMBER)),
        ("the title", by_hand(trailer=b"/Info << /Title (%s) >>" % NUMBER)),
        (
            "UTF-16",
            with_annotation(b"/Contents <FEFF%s>" % A_MY_NUMBER.encode("utf-16-be").hex().encode()),
        ),
        (
            "full-width digits",
            with_annotation(
                b"/Contents <FEFF%s>"
                % "１２３４５６７８９０１８".encode("utf-16-be").hex().encode()
            ),
        ),
    ],
)
def test_it_refuses_a_my_number_in(place: str, data: bytes) -> None:
    assert examine(data) == Finding.MY_NUMBER.examination, place


def test_it_refuses_a_my_number_in_a_compressed_object() -> None:
    data = packed_away(with_annotation(b"/Contents (%s)" % NUMBER))
    assert examine(data) == Finding.MY_NUMBER.examination


def test_it_does_not_take_a_link_or_a_date_for_a_my_number() -> None:
    link = b"/Subtype /Link /A << /S /URI /URI (https://example.jp/%s) >>" % NUMBER
    assert examine(with_annotation(link)).code is None
    assert examine(by_hand(trailer=b"/Info << /CreationDate (D:%s00) >>" % NUMBER)).code is None
