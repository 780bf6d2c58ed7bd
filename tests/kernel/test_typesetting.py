import io
import re
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from mypost.kernel import typesetting
from mypost.kernel.customer_barcode import bars
from mypost.kernel.typesetting import TEMPLATES, TemplateUnknown, TypesettingFailed, typeset

AT = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)

SENDER = {
    "name": "みなと市",
    "address": "〒979-9901　福島県みなと市港町1番1号",
    "website": "https://www.city.minato.example.jp/",
    "colour": "#00508f",
    "mark": "港",
}
CONTACT = {"name": "市民税課", "phone": "0246-00-1131", "hours": "平日 8時30分から17時15分まで"}
TABLE = {
    "caption": "期別の税額",
    "columns": ["期別", "税額"],
    "align": ["left", "right"],
    "rows": [["第1期", "33,000円"], ["第2期", "31,500円"]],
    "total": ["合計", "64,500円"],
}
CHART = {"caption": "使用量（kWh）", "bars": [["9月", 348], ["10月", 312]]}
ADDRESSEE = {"postal_code": "979-9912", "address": "みなと市潮見町", "name": "佐藤　花子"}
LETTER: dict[str, object] = {
    "language": "ja",
    "number": "みな市税第4417号",
    "date": "令和8年11月18日",
    "department": "総務部 市民税課",
    "title": "納付のお知らせ",
    "sender": SENDER,
    "contact": CONTACT,
    "addressee": ADDRESSEE,
    "remarks": ["行き違いの場合はご容赦ください。"],
}
ARTICLE = {"heading": "水道管の凍結", "paragraphs": ["寒さに備えましょう。"], "contact": "水道課"}

PAPERS: dict[str, dict[str, object]] = {
    "notice": {
        **LETTER,
        "paragraphs": ["下記のとおりお知らせします。"],
        "facts": [["納期限", "令和8年12月18日"]],
        "table": TABLE,
    },
    "invoice": {
        **LETTER,
        "amount": 1234567,
        "tax": "うち消費税112,233円",
        "due": "令和8年12月9日",
        "period": "10月分",
        "payment": "口座振替",
        "registration": "T2380001999001",
        "facts": [["ご契約種別", "従量電灯B"]],
        "usage": [["ご使用量", "312 kWh"]],
        "lines": [["基本料金", "30 A", "36.96", "1,108.80"]],
        "chart": CHART,
    },
    "statement": {
        **LETTER,
        "paragraphs": ["ポイントの増減をお知らせします。"],
        "summary": [["前月末", "2,372", "P"], ["今月末", "2,184", "P"]],
        "emphasis": 1,
        "facts": [["会員番号", "558-0217"]],
        "table": TABLE,
    },
    "newsletter": {
        **LETTER,
        "masthead": "みなと市政だより",
        "issue": "12月号",
        "published": "令和8年11月16日発行",
        "statistics": [["人口", "47,982人"]],
        "lead": {
            "kicker": "特集",
            "heading": "歩いて10分の避難",
            "paragraphs": ["高い場所へ避難してください。"],
            "box": {"heading": "決めておくこと", "items": ["集まる場所"]},
        },
        "table": TABLE,
        "chart": CHART,
        "front": [ARTICLE],
        "inside": [ARTICLE],
        "calendar": {**TABLE, "heading": "今月の予定"},
    },
    "passcode": {
        **LETTER,
        "addressee": {**ADDRESSEE, "building": "港ハイツ302"},
        "service": "本人限定受取（特定事項伝達型）",
        "return_to": "返還先　〒979-9901　福島県みなと市港町1番2号",
        "barcode": bars("9799912", "1-302"),
        "paragraphs": ["ご住所を確かめるための手紙です。"],
        "code_label": "パスコード",
        "code": "7K2M-9QXR-04TV",
        "valid_until": "2026年12月22日まで",
        "steps_heading": "入力のしかた",
        "steps": ["ログインします。", "入力します。"],
    },
}


@cache
def paper(template: str) -> bytes:
    """The sample of a template, set once for all who only look at it."""
    return typeset(template, PAPERS[template], at=AT)


each_template = pytest.mark.parametrize("template", sorted(PAPERS))


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return "".join("".join(pages).split())


def with_name(name: str) -> dict[str, object]:
    return {**PAPERS["notice"], "addressee": {**ADDRESSEE, "name": name}}


def test_there_is_a_sample_of_each_template() -> None:
    assert {"notice", "invoice", "statement", "newsletter", "passcode"} == TEMPLATES
    assert PAPERS.keys() == TEMPLATES


@each_template
def test_the_same_paper_has_the_same_bytes(template: str) -> None:
    assert typeset(template, PAPERS[template], at=AT) == paper(template)


@each_template
def test_another_time_gives_other_bytes_and_stands_in_the_file(template: str) -> None:
    later = typeset(template, PAPERS[template], at=AT + timedelta(days=1))
    with pikepdf.open(io.BytesIO(later)) as pdf:
        assert pdf.docinfo["/CreationDate"] == "D:20261123010203Z"


def test_the_time_zone_of_the_caller_does_not_show() -> None:
    in_japan = AT.astimezone(timezone(timedelta(hours=9)))
    assert typeset("notice", PAPERS["notice"], at=in_japan) == paper("notice")


@each_template
def test_it_declares_itself_for_the_archive_and_for_screen_readers(template: str) -> None:
    with pikepdf.open(io.BytesIO(paper(template))) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "ja-JP"
        assert metadata["dc:title"] == "納付のお知らせ"


@each_template
def test_its_words_can_be_searched(template: str) -> None:
    text = text_of(paper(template))
    assert "みな市税第4417号" in text
    assert "0246-00-1131" in text


def test_a_letter_names_its_addressee_with_respect() -> None:
    assert "佐藤花子様" in text_of(paper("notice"))


def test_an_amount_is_grouped_by_thousands() -> None:
    assert "1,234,567円" in text_of(paper("invoice"))


def test_the_bars_are_told_to_those_who_cannot_see_them() -> None:
    with pikepdf.open(io.BytesIO(paper("invoice"))) as document:
        spoken = [str(each.Alt) for each in document.objects if "/Alt" in dictionary(each)]
    assert spoken == ["使用量（kWh）: 9月 348、10月 312"]


def dictionary(value: pikepdf.Object) -> pikepdf.Object:
    return value if isinstance(value, pikepdf.Dictionary) else pikepdf.Dictionary()


@each_template
def test_a_letter_fits_one_page_and_a_newsletter_two(template: str) -> None:
    with pypdfium2.PdfDocument(paper(template)) as letter:
        assert len(letter) == (2 if template == "newsletter" else 1)


@each_template
def test_it_speaks_english(template: str) -> None:
    pdf = typeset(template, {**PAPERS[template], "language": "en"}, at=AT)
    assert "Enquiries" in text_of(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.Lang == "en-GB"


@pytest.mark.parametrize("name", ["髙﨑　𠮷濵", "渡邉\U000e0101　健一", "O’Brien Zoë", "ｶﾅ"])
def test_names_of_the_register_can_be_set(name: str) -> None:
    assert typeset("notice", with_name(name), at=AT).startswith(b"%PDF-1.7")


def test_markup_in_the_data_is_only_text() -> None:
    marks = ["#panic()", "*a*", "$x$", "=", "<label>", "@preview", "\\", '"', "//", "/*", "`"]
    said = [f"花子{mark}花子" for mark in marks]
    text = text_of(typeset("notice", {**PAPERS["notice"], "paragraphs": said}, at=AT))
    for words in said:
        assert words in text
    assert said[0] in text_of(typeset("notice", with_name(said[0]), at=AT))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("😀", "no font of ours has it"),
        ("\ue000", "a private character means something else on each machine"),
        ("\x00", "no letter"),
        ("\ud800", "half a character"),
    ],
)
def test_it_refuses_what_it_cannot_show_rather_than_print_a_hole(name: str, reason: str) -> None:
    with pytest.raises(TypesettingFailed):
        typeset("notice", with_name(name), at=AT)


@pytest.mark.parametrize("field", ["title", "number", "facts", "contact", "sender"])
def test_it_refuses_a_paper_that_lacks_a_field(field: str) -> None:
    paper = deepcopy(PAPERS["notice"])
    del paper[field]
    with pytest.raises(TypesettingFailed, match=field):
        typeset("notice", paper, at=AT)


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, b"bytes", AT])
def test_it_refuses_what_json_cannot_hold(value: object) -> None:
    with pytest.raises(TypesettingFailed):
        typeset("notice", {**PAPERS["notice"], "title": value}, at=AT)


@pytest.mark.parametrize("template", ["letterhead", "", "../secret", "notice.typ", "NOTICE"])
def test_it_refuses_a_template_that_is_not_ours(template: str) -> None:
    with pytest.raises(TemplateUnknown):
        typeset(template, PAPERS["notice"], at=AT)


def test_it_refuses_a_time_without_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        typeset("notice", PAPERS["notice"], at=AT.replace(tzinfo=None))


def test_a_failure_does_not_spoil_the_next_paper() -> None:
    before = paper("notice")
    with pytest.raises(TypesettingFailed):
        typeset("notice", with_name("😀"), at=AT)
    assert typeset("notice", PAPERS["notice"], at=AT) == before


def test_many_threads_may_ask_at_once_and_nobody_gets_anothers_paper() -> None:
    names = [f"花子{number}" for number in range(8)]
    with ThreadPoolExecutor(4) as threads:
        pdfs = list(threads.map(lambda name: typeset("notice", with_name(name), at=AT), names))
    for name, pdf in zip(names, pdfs, strict=True):
        assert f"{name}様" in text_of(pdf)


def test_no_template_imports_what_would_have_to_be_fetched() -> None:
    folder = Path(typesetting.__file__).parent / "templates"
    imports = [
        line
        for template in folder.glob("*.typ")
        for line in re.findall(
            r"(?:import|include|read|image|plugin)\s*\(?\s*\"([^\"]+)", template.read_text("utf-8")
        )
    ]
    assert set(imports) == {"letterhead.typ"}
