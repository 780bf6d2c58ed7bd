import dataclasses

import pikepdf
import pytest

from mypost.kernel.pdf import Examination, Finding, Limits, examine
from tests.pdf_makers import (
    ONE_PAGE,
    Revision,
    appended,
    blank,
    by_fpdf2,
    by_hand,
    changed,
    encrypted,
    packed_away,
    sample,
    stream,
    with_catalogue,
    with_page,
)

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
ZIP = b"PK\x03\x04\x14\x00\x00\x00\x08\x00"
HTML = b"<!doctype html><p>%PDF-1.7 %%EOF"
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def good() -> bytes:
    """One with text in a font that it brings along."""
    return by_fpdf2("お知らせ", pages=2)


def test_it_accepts_a_good_document_and_counts_its_pages() -> None:
    assert examine(good()) == Examination(code=None, pages=2, detail="")


def test_a_refusal_tells_no_page_count_and_one_sentence() -> None:
    refused = examine(encrypted())
    assert (refused.code, refused.pages) == ("document_encrypted", None)
    assert refused.detail == "The document is encrypted or asks for a password."


def test_every_finding_has_a_sentence_of_its_own() -> None:
    details = {finding.examination.detail for finding in Finding}
    assert len(details) == len(Finding)
    assert {finding.examination.code for finding in Finding} == {  # API.md, codes of refusal
        "document_invalid", "document_too_large", "document_encrypted", "document_active_content",
        "contains_my_number",
    }  # fmt: skip


@pytest.mark.parametrize("data", [PNG, ZIP, HTML, OLD_WORD, b"\x00" * 99, b"a", b"%!PS-Adobe-3.0"])
def test_it_refuses_a_file_of_another_type(data: bytes) -> None:
    assert examine(data) == Finding.NOT_A_PDF.examination


def test_it_refuses_an_empty_file() -> None:
    assert examine(b"") == Finding.EMPTY.examination


def test_it_refuses_a_header_without_a_document() -> None:
    assert examine(b"%PDF-1.7\nstartxref\n0\n%%EOF") == Finding.UNREADABLE.examination


@pytest.mark.parametrize("before", [b"\n", b"\xef\xbb\xbf", HTML, b"GIF89a"])
def test_it_refuses_anything_before_the_header(before: bytes) -> None:
    assert examine(before + by_hand()) == Finding.NOT_A_PDF.examination


@pytest.mark.parametrize("after", [ZIP, b"<script>", b"%", b"\x00\x00x"])
def test_it_refuses_anything_after_the_end(after: bytes) -> None:
    assert examine(by_hand() + after) == Finding.CUT_OFF.examination


@pytest.mark.parametrize("padding", [b"", b"\n", b"\r\n", b"\x00" * 900, b" \n\x00"])
def test_it_bears_with_padding_after_the_end(padding: bytes) -> None:
    assert examine(by_hand().rstrip() + padding).code is None


def test_its_end_stands_in_the_last_1024_bytes() -> None:
    document = by_hand().rstrip()  # ISO 32000-1, annex H: where readers look for it
    end = len(document) - document.rindex(b"startxref")
    assert examine(document.ljust(len(document) - end + 1024)).code is None
    beyond = document.ljust(len(document) - end + 1025)
    assert examine(beyond) == Finding.CUT_OFF.examination


def test_it_refuses_a_document_cut_off_anywhere() -> None:
    whole = good().rstrip()
    for length in [*range(1, len(whole), 97), len(whole) - 1]:
        assert examine(whole[:length]).code == "document_invalid", length


def test_it_refuses_a_hole_in_the_middle() -> None:
    whole = good()
    for start in range(100, len(whole) - 300, 211):
        assert examine(whole[:start] + whole[start + 50 :]).code == "document_invalid", start


@pytest.mark.parametrize("user", ["", "a password"])
@pytest.mark.parametrize("revision", [2, 3, 4, 6])
def test_it_refuses_an_encrypted_document(user: str, revision: Revision) -> None:
    assert examine(encrypted(user=user, revision=revision)) == Finding.ENCRYPTED.examination


@pytest.mark.parametrize(
    "handler",
    [
        b"/Filter /Adobe.PubSec /SubFilter /adbe.pkcs7.s5 /V 4 /Recipients [(a)]",  # certificates
        b"/Filter /Standard /V 9 /R 9 /O (a) /U (b) /P -1",  # a revision not known yet
    ],
)
def test_it_refuses_an_encryption_that_it_does_not_know(handler: bytes) -> None:
    data = by_hand(trailer=b"/ID [(a) (b)] /Encrypt << %s >>" % handler)
    assert examine(data) == Finding.ENCRYPTED.examination


def test_it_refuses_a_document_without_pages() -> None:
    empty = b"<< /Type /Pages /Kids [] /Count 0 >>"
    assert examine(by_hand({**ONE_PAGE, 2: empty})) == Finding.NO_PAGES.examination


def test_it_refuses_more_pages_than_allowed() -> None:
    document = blank(4)
    assert examine(document, limits=Limits(pages=4)).pages == 4
    assert examine(document, limits=Limits(pages=3)) == Finding.TOO_MANY_PAGES.examination


def test_it_refuses_more_bytes_than_allowed() -> None:
    document = by_hand()
    assert examine(document, limits=Limits(size=len(document))).code is None
    too_large = examine(document, limits=Limits(size=len(document) - 1))
    assert too_large == Finding.TOO_LARGE.examination


def test_it_refuses_more_text_than_it_can_examine() -> None:
    document = good()
    assert examine(document, limits=Limits(characters=8)).code is None
    assert examine(document, limits=Limits(characters=7)) == Finding.TOO_MUCH_TEXT.examination


def test_the_limits_are_twenty_megabytes_and_two_thousand_pages() -> None:
    assert dataclasses.astuple(Limits()) == (20 * 1024 * 1024, 2000, 10_000_000)


@pytest.mark.parametrize(
    ("reason", "tree"),
    [
        ("a node is its own kid", {2: b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"}),
        (
            "two nodes hold each other",
            {
                2: b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
                4: b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>",
            },
        ),
        ("a page appears twice", {2: b"<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>"}),
        (
            "a whole branch appears twice, which doubles at each level",
            {
                2: b"<< /Type /Pages /Kids [4 0 R 4 0 R] /Count 4 >>",
                4: b"<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>",
            },
        ),
        ("the count lies", {2: b"<< /Type /Pages /Kids [3 0 R] /Count 70 >>"}),
        ("a kid is a number", {2: b"<< /Type /Pages /Kids [7 3 0 R] /Count 2 >>"}),
        ("a kid is missing", {2: b"<< /Type /Pages /Kids [3 0 R 9 0 R] /Count 2 >>"}),
    ],
)
def test_it_refuses_a_page_tree_that_is_no_tree(reason: str, tree: dict[int, bytes]) -> None:
    assert examine(by_hand({**ONE_PAGE, **tree})).code == "document_invalid", reason


@pytest.mark.parametrize(
    ("reason", "content"),
    [
        ("a key stands twice: each reader takes another", b"<< /A 1 /A 2 >>"),
        ("nested deeper than any reader goes", b"[" * 600 + b"]" * 600),
        ("a reference to a reference", b"3 0 R"),
        ("an end that never comes", b"<< /A [ 1 2 "),
        ("a stream longer than it says", b"<< /Length 2 >>\nstream\nabcdefgh\nendstream"),
        ("a packed stream that does not unpack", stream(b"not deflate", b"/Filter /FlateDecode")),
    ],
)
def test_it_refuses_a_damaged_object_even_when_nothing_uses_it(reason: str, content: bytes) -> None:
    assert examine(by_hand({**ONE_PAGE, 4: content})).code == "document_invalid", reason


def test_it_refuses_a_table_that_points_beside_an_object() -> None:
    # A reader that meets this searches the file for objects by itself, and finds others than we.
    document = by_hand({**ONE_PAGE, 4: b"<< /A 1 >>"})
    assert examine(document.replace(b"4 0 obj", b"5 0 obj")) == Finding.DAMAGED.examination


def test_it_accepts_a_blank_page_that_forgets_to_say_it_needs_nothing() -> None:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    assert examine(by_hand({**ONE_PAGE, 3: page})).pages == 1


def test_it_accepts_a_document_that_was_changed_after_it_was_made() -> None:
    catalogue = b"<< /Type /Catalog /Pages 2 0 R /Lang (ja) >>"
    assert examine(appended(by_hand(), 1, catalogue)).pages == 1


def test_it_accepts_compressed_objects() -> None:
    assert examine(packed_away(good())).pages == 2


def test_it_accepts_pictures_packed_in_ways_it_does_not_unpack() -> None:
    picture = stream(b"\x00", b"/Subtype /Image /Width 1 /Height 1 /Filter /CCITTFaxDecode")
    resources = b"/Resources << /XObject << /I 4 0 R >> >>"
    assert examine(with_page(resources, {4: picture})).code is None


def test_it_accepts_a_plain_form_and_a_signature_field() -> None:
    form = b"""/AcroForm << /SigFlags 3 /Fields [
        << /FT /Tx /T (name) /V (Hanako) >>
        << /FT /Sig /T (seal) /V << /Type /Sig /Filter /Adobe.PPKLite
           /SubFilter /ETSI.CAdES.detached /ByteRange [0 9 9 9] /Contents <3080> >> >> ] >>"""
    assert examine(with_catalogue(form)).code is None


def test_it_accepts_a_linearized_document_but_not_its_first_part() -> None:
    whole = changed(good(), lambda _: None, linearize=True)
    assert examine(whole).code is None
    first_part = whole[: whole.index(b"%%EOF") + 5]  # ends as a document ends
    assert examine(first_part).code == "document_invalid"


def test_it_leaves_the_readers_as_it_found_them() -> None:
    before = pikepdf.get_object_conversion_mode()
    examine(by_hand())
    assert pikepdf.get_object_conversion_mode() == before


def test_a_vector_protected_by_a_password_is_refused() -> None:
    data = sample("libreoffice-writer-password.pdf")
    assert examine(data) == Finding.ENCRYPTED.examination
