"""Reading a file of items: CSV (UTF-8, with or without BOM, or CP932) or NDJSON.

The sender's bytes are kept as they came until every item is decided; nothing is re-encoded.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from mypost.intake.drafts import FIELDS, read_json_object
from mypost.intake.errors import FieldError, ItemsInvalid

CSV, NDJSON = "csv", "ndjson"
REQUIRED = ("recipient", "reference")
COLUMN_NAMES = {  # what Japanese offices call them
    "仮名ID": "recipient",
    "受取人": "recipient",
    "整理番号": "reference",
    "件名": "subject",
    "本文": "body",
    "言語": "language",
    "お知らせの種類": "topic",
    "トピック": "topic",
    "書類": "documents",
    "本人確認のレベル": "required_assurance",
    "必要な本人確認レベル": "required_assurance",
    "ログインの強さ": "required_aal",
    "必要なログインの強さ": "required_aal",
    "差出人を隠す": "confidential",
    "期限": "due",
}
MOST_ITEMS = 1_000_000
LONGEST_LINE = 200_000  # characters; a row of ours has at most some 15,000


@dataclass(frozen=True)
class ItemsFile:
    """A file of items whose head has been read. columns: as the sender wrote them."""

    form: str
    text: str
    columns: tuple[str, ...]
    count: int

    def rows(self) -> Iterator[Mapping[str, object] | FieldError]:
        """Yield each item's fields in order, or what made its line unreadable."""
        return _csv_rows(self.text) if self.form == CSV else _ndjson_rows(self.text)


def read_items_file(content: bytes, form: str) -> ItemsFile:
    """Read a file's encoding and head, and count its items.

    form: "csv" or "ndjson". Raises ItemsInvalid with the place of what is wrong.
    """
    text = _decode(content, form)
    columns = _columns(text) if form == CSV else ()
    file = ItemsFile(form, text, columns, 0)
    count = sum(1 for _row in file.rows())
    if count == 0:
        raise ItemsInvalid(_("The file has no items."))
    if count > MOST_ITEMS:
        raise ItemsInvalid(_("The file has more than 1,000,000 items."))
    return ItemsFile(form, text, columns, count)


def _decode(content: bytes, form: str) -> str:
    encodings = ("utf-8-sig", "cp932") if form == CSV else ("utf-8-sig",)
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise ItemsInvalid(_("The file is not text in UTF-8 or CP932."))


def _columns(text: str) -> tuple[str, ...]:
    try:
        header = next(_reader(text))
    except (csv.Error, StopIteration):
        header = []
    columns = tuple(name.strip() for name in header)
    fields = [COLUMN_NAMES.get(name, name) for name in columns]
    errors = [
        FieldError(name[:100], "column_unknown", _("There is no such column."))
        for name, field in zip(columns, fields, strict=True)
        if field not in FIELDS
    ]
    errors += [
        FieldError(field, "column_missing", _("This column is required."))
        for field in REQUIRED
        if field not in fields
    ]
    errors += [
        FieldError(name[:100], "column_repeated", _("This column stands there twice."))
        for name, field in zip(columns, fields, strict=True)
        if fields.count(field) > 1
    ]
    if errors:
        raise ItemsInvalid(_("The head row is not right."), errors)
    return columns


def _reader(text: str) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_LINE)
    return csv.reader(io.StringIO(text, newline=""), strict=True)


def _csv_rows(text: str) -> Iterator[Mapping[str, object] | FieldError]:
    reader = _reader(text)
    fields = [COLUMN_NAMES.get(name.strip(), name.strip()) for name in next(reader)]
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield FieldError("", "row_unreadable", _("This row is not readable CSV."))
            continue
        if not row:
            continue
        if len(row) != len(fields):
            yield FieldError("", "row_length", _("This row has another number of columns."))
            continue
        yield _from_cells(dict(zip(fields, row, strict=True)))


def _from_cells(cells: dict[str, str]) -> Mapping[str, object]:
    fields: dict[str, object] = dict(cells)
    names = cells.get("documents", "")
    fields["documents"] = [name.strip() for name in names.split(";") if name.strip()]
    return fields


def _ndjson_rows(text: str) -> Iterator[Mapping[str, object] | FieldError]:
    for line in text.split("\n"):
        if not line.strip():
            continue
        yield _from_json(line)


def _from_json(line: str) -> Mapping[str, object] | FieldError:
    fields = read_json_object(line) if len(line) <= LONGEST_LINE else None
    if fields is None:
        return FieldError("", "row_unreadable", _("This line is not a JSON object."))
    return fields
