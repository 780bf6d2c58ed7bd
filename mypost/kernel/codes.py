"""The numbers by which Japan knows its municipalities, its companies and its people."""

import re

from stdnum.jp import cn, in_

_PREFECTURES = range(1, 48)

# A My Number in twelve digits, bare or in three groups of four. A hyphen on either side of a
# hyphenated one says that it is part of a longer number, such as a payment card's. The number
# stands in a look-ahead, so that a false start does not swallow the start of a true one.
_DIGIT = "[0-9０-９]"
_FOUR = f"{_DIGIT}{{4}}"
_HYPHEN = "[\\-－\u2010-\u2015\u2212ー]"
_GAP = r"\s{1,3}"
_MY_NUMBER = re.compile(
    rf"(?<!{_DIGIT})(?=("
    rf"{_FOUR}{_FOUR}{_FOUR}(?!{_DIGIT})"
    rf"|{_FOUR}{_GAP}{_FOUR}{_GAP}{_FOUR}(?!{_DIGIT})"
    rf"|(?<!{_DIGIT}{_HYPHEN}){_FOUR}{_HYPHEN}{_FOUR}{_HYPHEN}{_FOUR}(?!{_HYPHEN}?{_DIGIT})"
    r"))"
)


def is_municipality_code(text: str) -> bool:
    """Say whether the text is the six-digit code of a prefecture or municipality.

    Checks the prefecture (01 to 47) and the check digit, not whether such a town exists.
    Source: JIS X 0401; JIS X 0402 §check digit.
    """
    if not _is_digits(text, 6) or int(text[:2]) not in _PREFECTURES:
        return False
    weighted = sum((6 - place) * int(text[place]) for place in range(5))
    return (11 - weighted % 11) % 10 == int(text[5])


def is_corporate_number(text: str) -> bool:
    """Say whether the text is a corporate number (法人番号): thirteen digits, the first a check.

    Source: Corporate Number Ordinance §check digit.
    """
    return _is_digits(text, 13) and bool(cn.is_valid(text))


def contains_my_number(text: str) -> bool:
    """Say whether a valid My Number (個人番号) stands anywhere in the text.

    Twelve digits, half or full width, bare or 4-4-4 with spaces, line breaks or hyphens, not
    inside a longer run of digits. One in ten other twelve-digit numbers looks the same: the law
    forbids us to keep a true one, so those are refused with it.
    Source: My Number Act §20; My Number Ordinance §check digit.
    """
    return any(_is_my_number(match[1]) for match in _MY_NUMBER.finditer(text))


def _is_my_number(written: str) -> bool:
    digits = [str(int(sign)) for sign in written if sign.isdigit()]  # int reads full width too
    return bool(in_.calc_check_digit("".join(digits[:-1])) == digits[-1])


def _is_digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()
