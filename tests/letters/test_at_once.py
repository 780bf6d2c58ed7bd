"""Two browsers of one reader at the same moment."""

import pytest

from mypost.evidence.models import Line
from mypost.letters.commands import hand_over
from mypost.letters.models import Letter
from mypost.members.models import Member
from tests.conftest import LATER, NOW
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_openings_leave_one_evidence_line_and_one_time(letter: Letter, hanako: Member) -> None:
    contents = at_once(
        lambda: hand_over(letter.id, reader=hanako, aal=1, at=NOW),
        lambda: hand_over(letter.id, reader=hanako, aal=1, at=LATER),
    )
    assert [content.subject for content in contents] == ["国民健康保険税のお知らせ"] * 2
    letter.refresh_from_db()
    assert letter.handed_over_at == NOW
    assert Line.objects.filter(event="ContentHandover").count() == 1
