"""Handing a letter over to its reader."""

import pytest

from mypost.evidence.models import Line
from mypost.letters.commands import hand_over
from mypost.letters.errors import AssuranceTooLow, LetterNotFound
from mypost.letters.models import Letter
from mypost.members.models import Member
from tests.conftest import LATER, SendLetter


def openings() -> int:
    return Line.objects.filter(event="ContentHandover").count()


def test_it_gives_the_reader_the_content(letter: Letter, hanako: Member) -> None:
    content = hand_over(letter.id, reader=hanako, aal=1, at=LATER)
    assert content.subject == "国民健康保険税のお知らせ"
    assert content.body == "納期限は11月30日です。"


def test_it_puts_the_first_opening_on_record(letter: Letter, hanako: Member) -> None:
    hand_over(letter.id, reader=hanako, aal=1, at=LATER)
    letter.refresh_from_db()
    assert (letter.state, letter.handed_over_at) == ("handed_over", LATER)
    assert openings() == 1


def test_opening_again_adds_no_evidence(letter: Letter, hanako: Member) -> None:
    hand_over(letter.id, reader=hanako, aal=1, at=LATER)
    hand_over(letter.id, reader=hanako, aal=1, at=LATER)
    assert openings() == 1


def test_it_does_not_tell_a_stranger_that_the_letter_exists(letter: Letter, jiro: Member) -> None:
    with pytest.raises(LetterNotFound):
        hand_over(letter.id, reader=jiro, aal=1, at=LATER)
    assert openings() == 0


def test_a_letter_that_demands_a_level_stays_closed_below_it(
    send_letter: SendLetter, hanako: Member
) -> None:
    item = send_letter(required_assurance=3)
    hanako.level = 2
    with pytest.raises(AssuranceTooLow):
        hand_over(item.letter_id, reader=hanako, aal=1, at=LATER)
    assert openings() == 0
