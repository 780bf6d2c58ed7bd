"""Two things happen to one member at the same moment."""

from datetime import timedelta

import pytest

from mypost.evidence.models import Line
from mypost.members import closing, commands
from mypost.members.models import (
    AssuranceLevel,
    CertifiedAttributes,
    DeclaredAttributes,
    LevelSource,
    Member,
)
from mypost.members.reasons import LevelReason
from mypost.notifications.models import Notice
from mypost.vault.models import MailboxKey
from tests.conftest import LATER, NOW, make_account
from tests.members.test_certify import THE_CARD_SAYS
from tests.members.test_declare import I_SAY
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
OVER = NOW + timedelta(days=31)  # the thirty days of grace, and one more


def lines(event: str) -> int:
    return Line.objects.filter(event=event).count()


def test_one_account_gets_one_mailbox() -> None:
    account = make_account("a@example.jp", "甲")
    first, second = at_once(*[lambda: commands.open_mailbox(account, at=NOW)] * 2)
    assert first == second
    assert MailboxKey.objects.count() == lines("MailboxCreated") == 1


def test_a_fall_from_a_level_that_is_given_at_this_moment_is_told(jiro: Member) -> None:
    def set_level(level: int, source: str) -> object:
        reason = LevelReason.CERTIFICATE_STOPPED
        return commands.set_level(
            jiro.id, AssuranceLevel(level), source=source, reason=reason, at=NOW
        )

    at_once(  # what our office sets is told by nobody; the fall is
        lambda: set_level(3, LevelSource.OPERATOR), lambda: set_level(0, LevelSource.REVOCATION)
    )
    jiro.refresh_from_db()
    assert jiro.level == 0
    assert Notice.objects.filter(kind="level_changed").count() == 1


def test_the_same_declaration_twice_stands_there_once(jiro: Member) -> None:
    first, second = at_once(*[lambda: commands.declare(jiro, I_SAY, at=NOW)] * 2)
    assert first == second
    assert DeclaredAttributes.objects.count() == lines("AttributesChanged") == 1


def test_the_same_certificate_twice_is_kept_once(jiro: Member) -> None:
    first, second = at_once(*[lambda: commands.certify(jiro, THE_CARD_SAYS, at=NOW)] * 2)
    assert first == second
    assert CertifiedAttributes.objects.count() == lines("AttributesChanged") == 1


def test_what_was_certified_lapses_once(jiro: Member) -> None:
    commands.certify(jiro, THE_CARD_SAYS, at=NOW)
    first, second = at_once(
        lambda: commands.lapse(jiro, reason="loss", at=NOW),
        lambda: commands.lapse(jiro, reason="move", at=LATER),
    )
    assert (first.lapse_reason, second) == ("loss", None)
    assert CertifiedAttributes.objects.get().lapse_reason == "loss"
    assert lines("AttributesChanged") == 2  # certified, lapsed


# Closing


def test_two_wishes_to_close_are_one_with_the_first_date(jiro: Member) -> None:
    dates = at_once(
        lambda: closing.ask_to_close(jiro, at=NOW), lambda: closing.ask_to_close(jiro, at=LATER)
    )
    assert dates == [NOW + timedelta(days=30)] * 2
    assert lines("MailboxClosing") == 1


def test_a_wish_is_taken_back_once(jiro: Member) -> None:
    closing.ask_to_close(jiro, at=NOW)
    at_once(*[lambda: closing.take_back(jiro, at=LATER)] * 2)
    assert lines("MailboxClosing") == 2  # asked, taken back


def test_a_mailbox_whose_wish_is_taken_back_at_this_moment_stays(
    jiro: Member, caplog: pytest.LogCaptureFixture
) -> None:
    closing.ask_to_close(jiro, at=NOW)
    _, closed = at_once(
        lambda: closing.take_back(jiro, at=LATER), lambda: closing.close_due(at=OVER)
    )
    assert closed == 0
    assert Member.objects.get().closed_at is None
    assert MailboxKey.objects.filter(mailbox_id=jiro.mailbox_id).exists()
    assert caplog.text == ""  # it was seen in time, not only refused by the database


def test_a_wish_taken_back_and_told_anew_at_this_moment_has_its_thirty_days_again(
    jiro: Member, caplog: pytest.LogCaptureFixture
) -> None:
    closing.ask_to_close(jiro, at=NOW)

    def changes_his_mind_twice() -> None:
        closing.take_back(jiro, at=OVER)
        closing.ask_to_close(jiro, at=OVER)

    _, closed = at_once(changes_his_mind_twice, lambda: closing.close_due(at=OVER))
    assert (closed, caplog.text) == (0, "")
    assert MailboxKey.objects.filter(mailbox_id=jiro.mailbox_id).exists()
    assert closing.close_due(at=OVER + timedelta(days=29, hours=23)) == 0
    assert closing.close_due(at=OVER + timedelta(days=30)) == 1


def test_a_wish_is_not_taken_back_from_a_mailbox_that_closes_at_this_moment(jiro: Member) -> None:
    closing.ask_to_close(jiro, at=NOW)
    at_once(lambda: closing.close_due(at=OVER), lambda: closing.take_back(jiro, at=OVER))
    member = Member.objects.get()
    assert (member.closed_at, member.closing_at) == (OVER, NOW + timedelta(days=30))
    assert lines("MailboxClosing") == 1


def test_two_workers_close_a_mailbox_once(jiro: Member) -> None:
    closing.ask_to_close(jiro, at=NOW)
    assert at_once(*[lambda: closing.close_due(at=OVER)] * 2) == [1, 0]
    assert lines("MailboxClosed") == 1
