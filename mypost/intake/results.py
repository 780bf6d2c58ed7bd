"""What became of each item, as the sender takes it home: in its own columns, for a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from mypost.intake.items_file import COLUMN_NAMES
from mypost.intake.models import Consignment, Item
from mypost.intake.queries import all_items

KEPT_COLUMNS = ("recipient", "reference")  # what is not sealed; a file without a head gets these
RESULT_COLUMNS = ("result", "code", "letter_id")
FORMULA_STARTS = tuple("=+-@\t\r\n\0＝＋－＠")  # spreadsheets read full-width ones alike
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it Excel takes UTF-8 for CP932


def result_rows(consignment: Consignment) -> Iterator[list[str]]:
    """Yield the head row, then a row for each decided item, in the order of the sender's file.

    The sender's columns come first, as it wrote them; those whose content is sealed are empty.
    No cell starts a formula. One page of items is in memory at a time.
    """
    columns = tuple(consignment.columns) or KEPT_COLUMNS
    yield [harmless(name) for name in columns + RESULT_COLUMNS]
    fields = [COLUMN_NAMES.get(name, name) for name in columns]
    for item in all_items(consignment):
        yield [harmless(cell) for cell in _cells(item, fields)]


def _cells(item: Item, fields: Sequence[str]) -> list[str]:
    kept = {"recipient": item.recipient, "reference": item.reference}
    result = [item.state, item.code, str(item.letter_id)]
    return [kept.get(field, "") for field in fields] + result


def harmless(cell: str) -> str:
    """Return the cell so that no spreadsheet takes it for a formula.

    Source: ASVS 5.0.0 §1.2.10.
    """
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def csv_lines(consignment: Consignment) -> Iterator[bytes]:
    """Yield a consignment's results as CSV, line by line."""
    return as_csv(result_rows(consignment))


def as_csv(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield rows as CSV in UTF-8 with a byte order mark. Source: RFC 4180 §2."""
    yield BYTE_ORDER_MARK.encode()
    writer = csv.writer(_Passed())
    for row in rows:
        yield writer.writerow(row)


class _Passed:
    """Gives each line back instead of keeping it, so that csv.writer can stream."""

    def write(self, line: str) -> bytes:
        return line.encode()
