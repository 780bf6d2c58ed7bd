"""The customer barcode (カスタマバーコード): a postal code and an address number in 67 bars.

A bar reaches up (A), down (D), both ways (F) or neither (T, timing). Libraries draw a wrong check
symbol when its value is 0, and refuse what is too long instead of cutting it: hence our own.
Source: Postal code and barcode manual.
"""

import re

BARS = 67  # start, 20 symbols and the check of three bars each, stop
_SYMBOLS = 20  # 7 of postal code, 13 of address number
_MODULUS = 19
_HYPHEN, _FIRST_CONTROL, _PADDING = 10, 11, 14  # 0 to 9 stand for themselves, 11 to 18 are CC1-CC8
_START, _STOP = "FD", "DF"
_PATTERNS = (
    "FTT", "FFT", "FDA", "DFA", "FAD", "FTF", "DAF", "AFD", "ADF", "TFF",
    "TFT",
    "DAT", "DTA", "ADT", "TDA", "ATD", "TAD", "TTF", "FFF",
)  # fmt: skip

_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ーｰ"), "-")
_LEFT_OUT = re.compile(r"[&/・･.]")
_NUMERALS = "〇一二三四五六七八九"
_UNITS = {"十": 10, "百": 100, "千": 1000}
# A number in kanji counts only where one of these words follows it.
_WRITTEN_NUMBER = re.compile(r"([〇一二三四五六七八九十百千]+)(?=丁目|丁|番地|番|号|地割|線|の|ノ)")
_FLOOR = re.compile(r"(?<=[0-9])F(?![A-Z])")  # 2F is the second floor: the letter says nothing
_WORD = re.compile(r"[A-Z]{2,}")
_OTHER = re.compile(r"[^0-9A-Z]+")  # hyphens with them: a row of them becomes one
_BESIDE_LETTER = re.compile(r"(?<=[A-Z])-|-(?=[A-Z])")


def address_number(beyond_town: str) -> str:
    """Return what the barcode holds of an address: digits, hyphens, single letters.

    beyond_town: what follows the town that the postal code names, as people wrote it, building
    included. Steps: 1. capitals, one width, 2. leave out & / ・ and full stops, 3. numbers in
    kanji to digits, 4. drop the F of floors and words in letters, 5. everything else becomes one
    hyphen, 6. none beside a letter, none at the ends.
    Source: Postal code and barcode manual §extraction.
    """
    text = beyond_town.translate(_FULL_WIDTH).translate(_DASHES).upper()  # 1
    text = _LEFT_OUT.sub("", text)  # 2
    text = _WRITTEN_NUMBER.sub(lambda match: str(_number(match[1])), text)  # 3
    text = _WORD.sub("-", _FLOOR.sub("-", text))  # 4
    text = _OTHER.sub("-", text)  # 5
    return _BESIDE_LETTER.sub("", text).strip("-")  # 6


def bars(postal_code: str, number: str) -> str:
    """Return the 67 bars as letters A, D, F and T, from left to right.

    postal_code: seven ASCII digits. number: as address_number gives it; what goes beyond 13
    symbols is cut, and the control symbol of a letter may then stand last, without its digit.
    Raises ValueError for anything else.
    Source: Postal code and barcode manual §format; Postal code and barcode manual §check digit.
    """
    if not re.fullmatch(r"[0-9]{7}", postal_code, re.ASCII):
        raise ValueError("a postal code has seven digits")
    symbols = [value for sign in postal_code + number for value in _values(sign)][:_SYMBOLS]
    symbols += [_PADDING] * (_SYMBOLS - len(symbols))
    symbols.append(-sum(symbols) % _MODULUS)
    return _START + "".join(_PATTERNS[value] for value in symbols) + _STOP


def is_for_many_towns(postal_code: str) -> bool:
    """Say whether a code stands for all places without one of their own: those get no barcode.

    Source: Postal code and barcode manual §extraction.
    """
    return postal_code.endswith("00")


def _values(sign: str) -> tuple[int, ...]:
    """Return the one or two symbols of a digit, hyphen or capital letter. Raises ValueError."""
    if sign == "-":
        return (_HYPHEN,)
    if sign.isascii() and sign.isdigit():
        return (int(sign),)
    if sign.isascii() and sign.isupper():
        tens, digit = divmod(ord(sign) - ord("A"), 10)
        return (_FIRST_CONTROL + tens, digit)
    raise ValueError("an address number has digits, hyphens and capital letters")


def _number(written: str) -> int:
    """Return a number in kanji: 二十一 is 21, and so is 二一."""
    if not set(written) & _UNITS.keys():
        return int("".join(str(_NUMERALS.index(sign)) for sign in written))
    total, digit = 0, 0
    for sign in written:
        if sign in _UNITS:
            total, digit = total + max(digit, 1) * _UNITS[sign], 0
        else:
            digit = digit * 10 + _NUMERALS.index(sign)
    return total + digit
