"""The first page's figures: of the month in Japan, and of nobody else's letters."""

from datetime import UTC, datetime

import pytest

from mypost.entrypoints.sender_web import start
from mypost.intake import commands as intake
from mypost.intake.commands import Origin
from mypost.intake.drafts import read_draft
from mypost.letters.commands import hand_over
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.senders.models import Staff
from mypost.subscriptions import commands as subscriptions
from mypost.subscriptions.models import Subscription
from tests.conftest import LATER, NOW
from tests.entrypoints.sender_web.conftest import Person

LAST_OF_OCTOBER = datetime(2026, 10, 31, 14, 59, 59, 999_000, tzinfo=UTC)
FIRST_OF_NOVEMBER = datetime(2026, 10, 31, 15, tzinfo=UTC)  # midnight in Japan
LAST_OF_NOVEMBER = datetime(2026, 11, 30, 14, 59, 59, tzinfo=UTC)


def sent(staff: Staff, recipient: str, reference: str, at: datetime) -> None:
    fields = {"recipient": recipient, "reference": reference, "subject": "件名"}
    origin = Origin(staff.sender, live=True, staff=staff)
    assert intake.submit_letter(origin, read_draft(fields), (), at=at).state == "consigned"


def figures(console: Person) -> tuple[object, ...]:
    facts = console.http.get("/").context
    of_letters = facts["figures"]
    return facts["members"], of_letters.delivered, of_letters.opened, facts["opened_share"]


@pytest.fixture(autouse=True)
def _last_second_of_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "now", lambda: LAST_OF_NOVEMBER)


def test_without_letters_there_is_no_share_of_them(console: Person) -> None:
    assert figures(console) == (0, 0, 0, None)


def test_they_begin_with_the_month_in_japan_and_are_the_senders_own(
    console: Person, clerk: Staff, power_clerk: Staff, chosen: Subscription, hanako: Member
) -> None:
    theirs = subscriptions.choose(hanako, power_clerk.sender_id, at=NOW).pseudonym
    sent(power_clerk, theirs, "R-0", NOW)
    for number, at in enumerate([LAST_OF_OCTOBER, FIRST_OF_NOVEMBER, NOW, LAST_OF_NOVEMBER]):
        sent(clerk, chosen.pseudonym, f"R-{number}", at)
    assert figures(console) == (1, 3, 0, 0)
    for letter in Letter.objects.filter(sender=clerk.sender).order_by("id")[:3]:
        hand_over(letter.id, reader=hanako, aal=1, at=LATER)
    assert figures(console) == (1, 3, 2, 67)  # the third of them is October's


def test_who_has_left_is_not_counted(console: Person, chosen: Subscription, hanako: Member) -> None:
    subscriptions.leave(hanako, chosen.sender_id, at=LATER)
    assert figures(console)[0] == 0
