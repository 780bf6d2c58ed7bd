"""Reading a file of items: encodings, head rows, dialects, and rows that cannot be read."""

import json
from collections.abc import Mapping

import pytest

from mypost.intake.errors import FieldError, ItemsInvalid
from mypost.intake.items_file import CSV, NDJSON, read_items_file
from tests.vectors import VECTORS, vector

HEAD = "recipient,reference,subject\n"
ROW = "A,1,お知らせ\n"


def rows(content: str | bytes, form: str = CSV) -> list[Mapping[str, object] | FieldError]:
    written = content.encode() if isinstance(content, str) else content
    file = read_items_file(written, form)
    found = list(file.rows())
    assert len(found) == file.count
    return found


def fault(content: str | bytes, form: str = CSV) -> ItemsInvalid:
    written = content.encode() if isinstance(content, str) else content
    with pytest.raises(ItemsInvalid) as caught:
        read_items_file(written, form)
    return caught.value


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_it_reads_what_japanese_offices_write(encoding: str) -> None:
    (row,) = rows("仮名ID,整理番号,件名\nA,①,髙橋～様\n".encode(encoding))
    assert row == {"recipient": "A", "reference": "①", "subject": "髙橋～様", "documents": []}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "euc-jp", "iso-2022-jp"])
def test_it_guesses_no_other_encoding(encoding: str) -> None:
    fault("仮名ID,整理番号,件名\nＡ,１,お知らせ\n".encode(encoding))


def test_a_file_with_a_zero_byte_is_no_text() -> None:
    fault(HEAD + "A,\x00,x\n")


@pytest.mark.parametrize("form", [CSV, NDJSON])
@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xff\xff", b"\x89PNG\r\n\x1a\n\x00"])
def test_what_is_no_file_of_items_is_refused(form: str, content: bytes) -> None:
    assert fault(content, form).code == "items_invalid"


def test_ndjson_is_utf8_alone() -> None:
    fault('{"subject": "件名"}'.encode("cp932"), NDJSON)


# Head rows


def test_columns_may_stand_in_any_order_and_language() -> None:
    file = read_items_file("期限,件名,recipient, 整理番号 \n,s,A,1\n".encode(), CSV)
    assert file.columns == ("期限", "件名", "recipient", "整理番号")
    assert list(file.rows()) == [
        {"due": "", "subject": "s", "recipient": "A", "reference": "1", "documents": []}
    ]


@pytest.mark.parametrize(
    ("names", "field"),
    [
        (("仮名ID", "受取人"), "recipient"),
        (("整理番号",), "reference"),
        (("件名",), "subject"),
        (("本文",), "body"),
        (("言語",), "language"),
        (("お知らせの種類", "トピック"), "topic"),
        (("本人確認のレベル", "必要な本人確認レベル"), "required_assurance"),
        (("ログインの強さ", "必要なログインの強さ"), "required_aal"),
        (("差出人を隠す",), "confidential"),
        (("期限",), "due"),
    ],
)
def test_each_column_has_its_japanese_names(names: tuple[str, ...], field: str) -> None:
    others = [name for name in ("recipient", "reference") if name != field]
    for name in names:
        (row,) = rows(",".join([*others, name]) + "\n" + ",".join("x" * (len(others) + 1)))
        assert isinstance(row, dict)
        assert row[field] == "x"


def test_every_fault_of_the_head_row_is_told_at_once() -> None:
    error = fault("recipient,受取人,colour\nA,B,red\n")
    told = {(found.pointer, found.code) for found in error.errors}
    assert told == {
        ("recipient", "column_repeated"),
        ("受取人", "column_repeated"),
        ("colour", "column_unknown"),
        ("reference", "column_missing"),
    }


def test_a_column_without_end_is_named_by_its_beginning() -> None:
    long = "長" * 101
    error = fault(f"recipient,reference,{long},{long}\nA,B,C,D\n")
    assert [(found.pointer, found.code) for found in error.errors] == [
        ("長" * 100, "column_unknown"),
        ("長" * 100, "column_unknown"),
        ("長" * 100, "column_repeated"),
        ("長" * 100, "column_repeated"),
    ]


def test_a_file_without_a_head_row_is_refused() -> None:
    codes = {found.code for found in fault("A,1,お知らせ\nB,2,お知らせ\n").errors}
    assert codes == {"column_unknown", "column_missing"}


def test_a_head_row_alone_has_no_items() -> None:
    fault(HEAD)


# Rows


def test_empty_lines_are_no_items() -> None:
    assert len(rows(HEAD + "\n" + ROW + "\r\n\n" + ROW)) == 2
    assert len(rows('\n{"a": 1}\n\n  \n{"a": 2}', NDJSON)) == 2


def test_several_documents_stand_in_one_cell() -> None:
    (row,) = rows("recipient,reference,書類\nA,1,a.pdf; b.pdf ;;\n")
    assert isinstance(row, dict)
    assert row["documents"] == ["a.pdf", "b.pdf"]


def test_a_row_of_another_length_is_a_fault_of_its_own() -> None:
    found = rows(HEAD + "A,1\n" + ROW + "A,1,s,more\n")
    assert [isinstance(row, FieldError) and row.code for row in found] == [
        "row_length", False, "row_length",
    ]  # fmt: skip


def test_a_quote_gone_wrong_spoils_its_row_alone() -> None:
    found = rows(HEAD + ROW + 'A,"1"x,s\n' + ROW)
    assert [isinstance(row, FieldError) for row in found] == [False, True, False]


def test_a_quote_that_never_ends_spoils_the_rest() -> None:
    found = rows(HEAD + ROW + 'A,"1,s\n' + ROW)
    assert [isinstance(row, FieldError) for row in found] == [False, True]


def test_a_cell_that_is_far_too_long_spoils_its_row_alone() -> None:
    found = rows(HEAD + f"A,1,{'s' * 200_000}\nA,2,{'s' * 200_001}\n" + ROW)
    assert isinstance(found[0], dict)
    assert isinstance(found[1], FieldError)
    assert not isinstance(found[-1], FieldError)


def test_a_line_of_json_has_at_most_two_hundred_thousand_characters() -> None:
    lines = [f'{{"a": "{"x" * (size - 9)}"}}' for size in (200_000, 200_001)]
    assert [len(line) for line in lines] == [200_000, 200_001]
    found = rows("\n".join(lines), NDJSON)
    assert [isinstance(row, FieldError) for row in found] == [False, True]


def test_a_file_has_at_most_a_million_items() -> None:
    """Costs a second: there is no fewer of them to try. Each row here is one wrong cell."""
    assert read_items_file((HEAD + "x\n" * 1_000_000).encode(), CSV).count == 1_000_000
    assert "1,000,000" in str(fault(HEAD + "x\n" * 1_000_001).detail)


@pytest.mark.parametrize(
    "line",
    ["{", "[1]", "1", '{"a": NaN}', "[" * 10_000, '{"a": 1, "a": 2}', f'"{"x" * 200_000}"'],
    ids=lambda line: line[:12],
)
def test_a_line_that_is_no_object_spoils_itself_alone(line: str) -> None:
    found = rows(f'{{"recipient": "A"}}\n{line}\n{{"recipient": "B"}}\n', NDJSON)
    assert isinstance(found[1], FieldError)
    assert (found[0], found[2]) == ({"recipient": "A"}, {"recipient": "B"})


# Dialects that others have met: their files under a head row of ours

NAMES = "recipient,reference,subject,body,topic,language,due,required_assurance"


def dialects() -> list[str]:
    names = {path.stem for path in (VECTORS / "csv" / "csvs").glob("*.csv")}  # none: "absent"
    return sorted(names - {"location_coordinates"})  # its two files tell different numbers


@pytest.mark.parametrize("name", dialects() or ["absent"])
def test_each_dialect_is_read_as_its_authors_mean_it(name: str) -> None:
    path = vector("csv", "csvs", f"{name}.csv")
    meant = json.loads((VECTORS / "csv" / "json" / f"{name}.json").read_text(encoding="utf-8"))
    head, content = path.read_bytes().split(b"\n", 1)
    width = head.count(b",") + 1
    end = b"\r\n" if head.endswith(b"\r") else b"\n"
    found = rows(",".join(NAMES.split(",")[:width]).encode() + end + content)
    for row, values in zip(found, meant, strict=True):
        assert isinstance(row, dict)
        read = [value for field, value in row.items() if field != "documents"]
        assert read == list(values.values())
