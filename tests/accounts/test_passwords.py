"""Which passwords are good: long ones that nobody expects, whatever characters they have."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from mypost.accounts.models import Account
from sandbox import demo
from tests.conftest import NOW, PASSWORD

HANAKO = Account(email="hanako.yamada@example.jp", name="Yamada Hanako")
GOOD = [
    PASSWORD,
    "correct horse battery staple",
    "あさひがのぼるうみべのまちでみた",  # sixteen characters of one kind
    "aquietmorningbythesea",
    "UPPER CASE AND NOTHING ELSE",
    "words with spaces at the end  ",
    "x7" + "long sentence, " * 30,
    "🐈 walks over the roof",
    "qzwlkmvtrqzwlkmvtr",  # nine characters twice
    "password and a sea",  # one common word, and more
    "1357913579246802",  # no neighbours
    "dogabcdefghijklmn",  # three characters are no word
]
BAD = [
    ("fourteen-chars", "shorter than 15 characters"),
    ("aaaaaaaaaaaaaaaaaaa", "one character"),
    ("abcabcabcabcabcabc", "a repetition"),
    ("password password", "a repetition with a space"),
    ("123456789012345678", "a row"),
    ("abcdefghijklmnopqr", "a row of letters"),
    ("fedcba9876543210", "two rows"),
    ("password12345678", "two common ones"),
    ("ＰＡＳＳＷＯＲＤ１２３４５６７８", "the same in full width"),
    ("mypostmypostmypost", "our name"),
    ("mypost-1234567890", "our name and a row"),
    ("hanako.yamada@example", "the address"),
    ("yamada hanako yamada", "the name"),
    ("２１０９８７６５４３２１０９８", "a row down, twice beyond nought, in full width"),
    ("8901234567890123", "a row up, twice beyond nine"),
    ("abcdefgh_abcdefgh", "a row twice, with a line between"),
    ("mypost mypost mypo", "a repetition that is cut off"),
    ("!password!-.monkey123", "two common ones with signs around them"),
    ("mailbox 87654321", "a word of ours and a row"),
    ("12345678password", "a common one after another"),
    ("loveponmlkjihgfed", "a common one of four characters before a row"),
    ("ponmlkjihgfedlove", "and behind them"),
    ("!!!!! mailbox !!!!!", "one word of ours with signs around it"),
    ("abcdefghabcdefghabcdefg", "eight characters again and again"),
]


@pytest.mark.parametrize("password", GOOD, ids=range(len(GOOD)))
def test_a_long_one_that_nobody_expects_is_good(password: str) -> None:
    validate_password(password, HANAKO)


@pytest.mark.parametrize(("password", "reason"), BAD, ids=[reason for _, reason in BAD])
def test_it_refuses(password: str, reason: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, HANAKO)


def test_the_demos_password_is_good() -> None:
    validate_password(demo.load(NOW.date()).password, HANAKO)


@pytest.mark.parametrize("length", [64, 128, 1_000])
def test_a_very_long_one_is_kept_whole(length: int) -> None:
    password = ("so many words that nobody would put together " * 30)[:length]
    validate_password(password, HANAKO)
    account = Account()
    account.set_password(password)
    assert account.check_password(password)
    assert not account.check_password(password[:-1])
