"""What became of each item, as the sender takes it home."""

import pytest

from mypost.intake.models import Consignment, Item
from mypost.intake.results import as_csv, csv_lines, harmless, result_rows
from mypost.senders.models import Staff
from tests.intake.test_queries import add, id_of, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def consignment(clerk: Staff) -> Consignment:
    return make(clerk, 1, columns=["件名", "整理番号", "due", "仮名ID"])


def refused(consignment: Consignment) -> Item:
    return add(consignment, 2, "topic_declined", reference="@2", recipient="nobody")


def test_the_senders_columns_come_first_and_what_was_sealed_is_empty(
    consignment: Consignment,
) -> None:
    refused(consignment)
    add(consignment, 1)
    assert list(result_rows(consignment)) == [
        ["件名", "整理番号", "due", "仮名ID", "result", "code", "letter_id"],
        ["", "R-1", "", "P-1", "consigned", "", str(id_of(1))],
        ["", "'@2", "", "nobody", "refused", "topic_declined", str(id_of(2))],
    ]


def test_a_file_without_a_head_gets_the_two_that_are_kept(clerk: Staff) -> None:
    consignment = make(clerk, 1)
    refused(consignment)
    assert list(result_rows(consignment)) == [
        ["recipient", "reference", "result", "code", "letter_id"],
        ["nobody", "'@2", "refused", "topic_declined", str(id_of(2))],
    ]


# ASVS 5.0.0 §1.2.10, and what Japanese spreadsheets read alike
@pytest.mark.parametrize("sign", "=+-@\t\r\n\0＝＋－＠")
def test_no_cell_begins_a_formula(sign: str) -> None:
    assert harmless(f"{sign}1") == f"'{sign}1"
    assert harmless(f"1{sign}") == f"1{sign}"


def test_it_is_csv_that_spreadsheets_take_for_utf8(consignment: Consignment) -> None:
    """RFC 4180 §2; without the mark Excel takes it for CP932."""
    assert b"".join(as_csv([['a"b', "c,d", "件名"], ["", "e"]])) == (
        b'\xef\xbb\xbf"a""b","c,d",' + "件名".encode() + b"\r\n,e\r\n"
    )
    assert b"".join(csv_lines(consignment)) == (
        "\ufeff件名,整理番号,due,仮名ID,result,code,letter_id\r\n".encode()
    )
