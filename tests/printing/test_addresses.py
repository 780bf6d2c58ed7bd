"""Which addresses get a customer barcode, and which number stands in it."""

import pytest

from mypost.kernel.customer_barcode import bars
from mypost.printing.addresses import barcode


@pytest.mark.parametrize(
    ("postal_code", "address", "building", "number", "reason"),
    [
        ("1050011", "東京都港区芝公園４－２－８", "", "4-2-8", "full width"),
        ("1050011", "東京都港区芝公園四丁目２番８号", "みなと２０２", "4-2-8-202", "in kanji"),
        ("1020082", "東京都千代田区一番町１－２", "", "1-2", "the town's own number is no part"),
        ("0600906", "北海道札幌市東区北六条東4丁目", "6号館", "4-6", "nor the street's"),
        ("0788320", "北海道旭川市神楽岡10条3丁目2-1", "", "3-2-1", "nor a digit of the town's"),
        ("0788319", "北海道旭川市神楽岡９条3丁目2-1", "", "3-2-1", "in whichever width"),
        ("2730102", "千葉県鎌ヶ谷市右京塚3-20-5", "コーポB604", "3-20-5B604", "a small ヶ for ケ"),
        ("9799912", "福島県みなと市潮見町２－７", "潮風荘101", "2-7-101", "newer than the list"),
    ],
)  # fmt: skip
def test_the_number_is_what_follows_the_town(
    postal_code: str, address: str, building: str, number: str, reason: str
) -> None:
    assert barcode(postal_code, address, building) == bars(postal_code, number), reason


@pytest.mark.parametrize(
    ("postal_code", "address"),
    [
        ("1000000", "東京都千代田区１－２"),
        ("1050011", "東京都港区三田１－２"),
        ("1050011", "芝公園４－２－８"),
        ("9799912", "福島県みなと市潮見町"),
        ("9799912", ""),
    ],
    ids=["a code for many towns", "another town", "no prefecture", "no number", "no address"],
)
def test_an_address_that_could_be_misread_gets_none(postal_code: str, address: str) -> None:
    assert barcode(postal_code, address, "") == ""


def test_an_office_with_a_code_of_its_own_needs_no_number() -> None:
    address = "東京都千代田区霞が関２丁目１－２"
    assert barcode("1008926", address, "") == bars("1008926", "")
