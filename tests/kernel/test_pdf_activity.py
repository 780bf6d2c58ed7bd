import pikepdf
import pytest

from mypost.kernel.pdf import Finding, examine
from tests.pdf_makers import (
    ONE_PAGE,
    appended,
    by_hand,
    by_reportlab,
    changed,
    packed_away,
    sample,
    stream,
    with_annotation,
    with_catalogue,
    with_link,
    with_page,
)

SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
DEEP = b"<< /K " * 300 + SCRIPT + b" >>" * 300

HIDING_PLACES = [
    ("runs when the document opens", with_catalogue(b"/OpenAction " + SCRIPT)),
    ("behind a reference", with_catalogue(b"/OpenAction 4 0 R", {4: SCRIPT})),
    ("runs when the document closes", with_catalogue(b"/AA << /WC %s >>" % SCRIPT)),
    ("runs when the page opens", with_page(b"/AA << /O %s >>" % SCRIPT)),
    ("behind a link", with_annotation(b"/Subtype /Link /A " + SCRIPT)),
    (
        "when the pointer enters an annotation",
        with_annotation(b"/Subtype /Link /AA << /E %s >>" % SCRIPT),
    ),
    (
        "after a harmless jump",
        with_link(
            b"/S /GoTo /D [3 0 R /Fit] /Next [ << /S /Named /N /Print /Next %s >> ]" % SCRIPT
        ),
    ),
    (
        "behind a bookmark",
        with_catalogue(b"/Outlines << /First << /Title (a) /A %s >> >>" % SCRIPT),
    ),
    (
        "in the document's list of scripts",
        with_catalogue(b"/Names << /JavaScript << /Names [(a) %s] >> >>" % SCRIPT),
    ),
    (
        "deep in a tree of names",
        with_catalogue(
            b"/Names << /JavaScript 4 0 R >>",
            {4: b"<< /Kids [5 0 R] >>", 5: b"<< /Names [(a) 6 0 R] >>", 6: SCRIPT},
        ),
    ),
    (
        "calculates a form field",
        with_catalogue(b"/AcroForm << /Fields [<< /FT /Tx /T (a) /AA << /C %s >> >>] >>" % SCRIPT),
    ),
    (
        "in a field that no page shows",
        with_catalogue(
            b"/AcroForm << /Fields [4 0 R] >>", {4: b"<< /T (a) /Kids [<< /A %s >>] >>" % SCRIPT}
        ),
    ),
    (
        "as a stream",
        with_catalogue(b"/OpenAction << /S /JavaScript /JS 4 0 R >>", {4: stream(b"app.alert(1)")}),
    ),
    ("its type spelt with escapes", with_link(b"/S /J#61v#61Script /J#53 (a)")),
    ("only its key, spelt with escapes", with_link(b"/S /Unheard /#4a#53 (a)")),
    ("only its type", with_link(b"/S /JavaScript")),
    (
        "its type in an object of its own",
        with_catalogue(b"/OpenAction << /S 4 0 R /N 5 0 R >>", {4: b"/JavaScript", 5: b"(a)"}),
    ),
    ("in the trailer", by_hand(trailer=b"/Info << /A %s >>" % SCRIPT)),
    ("in an object that nothing uses", by_hand({**ONE_PAGE, 4: SCRIPT})),
    ("in a stream's dictionary", by_hand({**ONE_PAGE, 4: stream(b"", b"/A " + SCRIPT)})),
    ("three hundred levels deep", with_catalogue(b"/OpenAction " + DEEP)),
    (
        "in a later revision",
        appended(by_hand(), 1, b"<< /Type /Catalog /Pages 2 0 R /OpenAction %s >>" % SCRIPT),
    ),
    (
        "in a film's action",
        with_link(b"/S /Rendition /JS (app.alert\\(1\\))"),
    ),
]


@pytest.mark.parametrize(("place", "data"), HIDING_PLACES)
def test_it_finds_a_script(place: str, data: bytes) -> None:
    assert examine(data).code == "document_active_content", place


def test_it_finds_a_script_in_a_compressed_object() -> None:
    data = packed_away(with_catalogue(b"/OpenAction " + SCRIPT))
    assert examine(data).code == "document_active_content"


@pytest.mark.parametrize(
    ("finding", "action"),
    [
        (Finding.STARTS_PROGRAM, b"/S /Launch /F (cmd.exe)"),
        (Finding.STARTS_PROGRAM, b"/S /Launch /Win << /F (calc.exe) >>"),
        (Finding.STARTS_PROGRAM, b"/S /L#61unch /F (cmd.exe)"),
        (Finding.OTHER_FILE, b"/S /GoToR /F (\\\\\\\\10.0.0.1\\\\x.pdf) /D [0 /Fit]"),
        (Finding.OTHER_FILE, b"/S /Thread /F (other.pdf) /D 0"),
        (Finding.ATTACHMENT, b"/S /GoToE /T << /R /C /N (a.pdf) >>"),
        (Finding.FORM_DATA, b"/S /SubmitForm /F << /FS /URL /F (https://example.jp) >>"),
        (Finding.FORM_DATA, b"/S /ImportData /F (data.fdf)"),
        (Finding.MEDIA, b"/S /Rendition /OP 0"),
        (Finding.MEDIA, b"/S /Movie /T (film)"),
        (Finding.MEDIA, b"/S /Sound /Sound 4 0 R"),
        (Finding.MEDIA, b"/S /RichMediaExecute"),
    ],
)
def test_it_refuses_an_action_that_leaves_the_document(finding: Finding, action: bytes) -> None:
    assert examine(with_link(action)) == finding.examination
    assert examine(packed_away(with_link(action))) == finding.examination


@pytest.mark.parametrize(
    ("finding", "annotation"),
    [
        (Finding.ATTACHMENT, b"/Subtype /FileAttachment"),
        (Finding.MEDIA, b"/Subtype /RichMedia"),
        (Finding.MEDIA, b"/Subtype /Screen"),
        (Finding.MEDIA, b"/Subtype /Movie"),
        (Finding.MEDIA, b"/Subtype /Sound"),
        (Finding.MEDIA, b"/Subtype /3D"),
        (Finding.MEDIA, b"/Subtype /3#44"),
    ],
)
def test_it_refuses_an_annotation_unlike_paper(finding: Finding, annotation: bytes) -> None:
    assert examine(with_annotation(annotation)) == finding.examination


def test_it_refuses_an_attached_file() -> None:
    def attach(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["table.xlsx"] = b"PK"

    assert examine(changed(by_hand(), attach)) == Finding.ATTACHMENT.examination


@pytest.mark.parametrize(
    ("reason", "objects"),
    [
        ("a file specification", {4: b"<< /Type /Filespec /F (a) /EF << /F 5 0 R >> >>"}),
        ("a file specification of Windows", {4: b"<< /F (a) /EF << /UF 5 0 R >> >>"}),
        ("its contents behind a reference", {4: b"<< /EF 6 0 R >>", 6: b"<< /F 5 0 R >>"}),
        ("only its bytes", {5: stream(b"PK", b"/Type /EmbeddedFile")}),
    ],
)
def test_it_finds_an_attachment_that_nothing_lists(reason: str, objects: dict[int, bytes]) -> None:
    data = by_hand({**ONE_PAGE, 5: stream(b"PK"), **objects})
    assert examine(data) == Finding.ATTACHMENT.examination, reason


def test_it_refuses_a_stream_whose_bytes_lie_in_another_file() -> None:
    data = by_hand({**ONE_PAGE, 4: stream(b"", b"/F (/etc/passwd)")})
    assert examine(data) == Finding.OTHER_FILE.examination


def test_it_refuses_an_xfa_form() -> None:
    data = with_catalogue(b"/AcroForm << /XFA 4 0 R /Fields [] >>", {4: stream(b"<xdp/>")})
    assert examine(data) == Finding.DYNAMIC_FORM.examination


def test_it_refuses_a_postscript_program() -> None:
    data = by_hand({**ONE_PAGE, 4: stream(b"quit", b"/Type /XObject /Subtype /PS")})
    assert examine(data) == Finding.POSTSCRIPT.examination


@pytest.mark.parametrize(
    ("reason", "uri"),
    [
        ("a script", b"(javascript:alert\\(1\\))"),
        ("a script in capitals", b"(JavaScript:alert\\(1\\))"),
        ("a script that a browser would mend", b"(\\001 java\\tscr\\nipt:alert\\(1\\))"),
        ("a script written in hexadecimal", b"<6A6176617363726970743A61>"),
        ("a script written in UTF-16", b"<FEFF006A00610076006100730063007200690070007400 3A0061>"),
        ("a page of its own", b"(data:text/html,<script>)"),
        ("a file of the reader", b"(file:///etc/passwd)"),
        ("a network share", b"(\\\\\\\\10.0.0.1\\\\share)"),
        ("a program of the reader's system", b"(ms-msdt:/id)"),
        ("another old script", b"(vbscript:a)"),
    ],
)
def test_it_refuses_a_link_that_runs_or_reads(reason: str, uri: bytes) -> None:
    assert examine(with_link(b"/S /URI /URI " + uri)) == Finding.LINK.examination, reason


@pytest.mark.parametrize(
    "uri",
    [
        b"(https://www.city.example.jp/docs/JavaScript/Launch?a=b:c)",
        b"(HTTP://example.jp)",
        b"(mailto:city@example.jp)",
        b"(tel:+81312345678)",
        b"(www.example.jp/a)",
        b"(/relative/path:1)",
        b"(#chapter)",
        b"()",
        b"(https://example.jp/\xe3\x81\x82)",
    ],
)
def test_it_accepts_a_plain_link(uri: bytes) -> None:
    assert examine(with_link(b"/S /URI /URI " + uri)).code is None


@pytest.mark.parametrize(
    ("reason", "entries"),
    [
        ("shows a page when it opens", b"/OpenAction [3 0 R /Fit]"),
        ("the same as an action", b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"),
        ("offers to print", b"/OpenAction << /S /Named /N /Print >>"),
        ("sets layers", b"/OpenAction << /S /SetOCGState /State [] >>"),
        ("empties a form", b"/AcroForm << /Fields [<< /T (a) /A << /S /ResetForm >> >>] >>"),
        ("hides a field", b"/AcroForm << /Fields [<< /T (a) /A << /S /Hide /T (a) >> >>] >>"),
        ("numbers pages in digits", b"/PageLabels << /Nums [0 << /S /D >>] >>"),
        ("says how links are based", b"/URI << /Base (https://example.jp/) >>"),
        ("counts, when certified, what it has not", b"/Legal << /JavaScriptActions 0 >>"),
        (
            "lists of scripts and files that are empty",
            b"/Names << /JavaScript << /Names [] >> /EmbeddedFiles << /Names [] >> >>",
        ),
        ("speaks about it", b"/Outlines << /First << /Title (/S /JavaScript /JS \\(a\\)) >> >>"),
        ("has a glyph called EF", b"/CharProcs << /EF 2 0 R >>"),
    ],
)
def test_it_accepts_a_document_that_only(reason: str, entries: bytes) -> None:
    assert examine(with_catalogue(entries)).code is None, reason


def test_it_accepts_a_text_about_scripts() -> None:
    assert examine(by_reportlab("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>")).code is None


def test_it_does_not_mind_what_an_earlier_revision_did() -> None:
    # No reader runs what a later revision has replaced.
    scripted = with_catalogue(b"/OpenAction 4 0 R", {4: SCRIPT})
    assert examine(appended(scripted, 4, b"[3 0 R /Fit]")).code is None


@pytest.mark.parametrize("conceal", [False, True])
def test_it_finds_what_a_writing_library_makes(conceal: bool) -> None:
    def script(pdf: pikepdf.Pdf) -> None:
        action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("日本"))
        pdf.Root.Names = pikepdf.Dictionary(
            JavaScript=pikepdf.Dictionary(Names=[pikepdf.String("a"), pdf.make_indirect(action)])
        )

    data = changed(by_hand(), script)
    assert examine(packed_away(data) if conceal else data) == Finding.SCRIPT.examination


@pytest.mark.parametrize(
    ("name", "finding"),
    [
        ("with-attachment.pdf", Finding.ATTACHMENT),
        ("pdflatex-forms.pdf", Finding.FORM_DATA),  # its button sends the form to a web server
    ],
)
def test_it_refuses_the_vectors_that_act(name: str, finding: Finding) -> None:
    assert examine(sample(name)) == finding.examination
