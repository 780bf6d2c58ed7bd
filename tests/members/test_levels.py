"""Opening mailboxes, and how sure we are of who somebody is."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from mypost.evidence.models import Line
from mypost.members.commands import open_mailbox, set_level
from mypost.members.errors import MemberNotFound, ReasonMissing
from mypost.members.models import AssuranceLevel, LevelChange, Member
from mypost.vault.errors import CustodianAbsent
from mypost.vault.models import MailboxKey
from tests.conftest import LATER, NOW, make_account
from tests.told import commits_to

pytestmark = pytest.mark.django_db


def test_a_new_member_gets_a_mailbox_with_keys_of_its_own() -> None:
    first = open_mailbox(make_account("a@example.jp", "甲"), at=NOW)
    second = open_mailbox(make_account("b@example.jp", "乙"), at=NOW)
    keys = {bytes(key.public_key) for key in MailboxKey.objects.all()}
    assert first.mailbox_id != second.mailbox_id
    assert len(keys) == 2
    assert (first.joined_at, first.level, first.mailboxes) == (NOW, 0, [first.mailbox_id])
    lines = Line.objects.filter(event="MailboxCreated").values_list(
        "subject_id", "mailbox_id", "at"
    )
    assert set(lines) == {(one.mailbox_id, one.mailbox_id, NOW) for one in (first, second)}


def test_opening_twice_adds_nothing() -> None:
    account = make_account("a@example.jp", "甲")
    assert open_mailbox(account, at=NOW) == open_mailbox(account, at=LATER)
    assert MailboxKey.objects.count() == 1
    assert Line.objects.filter(event="MailboxCreated").count() == 1


def test_a_door_without_the_custodians_key_opens_no_mailbox(settings: Settings) -> None:
    settings.CUSTODIAN_KEY_FILE = None
    with pytest.raises(CustodianAbsent):
        open_mailbox(make_account("a@example.jp", "甲"), at=NOW)
    assert not Member.objects.exists()


def test_a_level_is_a_fact_with_source_reason_and_time(jiro: Member) -> None:
    set_level(jiro.id, AssuranceLevel.POSTED_PASSCODE, source="operator", reason=" seen ", at=LATER)
    change = LevelChange.objects.get(member=jiro)
    assert (change.level, change.source, change.reason, change.at) == (2, "operator", "seen", LATER)
    line = Line.objects.get(subject_id=change.id, event="AssuranceLevelChanged")
    assert (line.mailbox_id, line.at) == (jiro.mailbox_id, LATER)
    assert commits_to(line, level="2", source="operator", reason="seen")


def test_a_level_without_a_reason_changes_nothing(jiro: Member) -> None:
    with pytest.raises(ReasonMissing):
        set_level(jiro.id, AssuranceLevel.NATIONAL_ID_CARD, source="operator", reason=" ", at=NOW)
    jiro.refresh_from_db()
    assert jiro.level == 0


def test_nobody_gets_a_level_that_belongs_to_no_member() -> None:
    with pytest.raises(MemberNotFound):
        set_level(uuid4(), AssuranceLevel.SELF_DECLARED, source="operator", reason="x", at=NOW)


def test_the_database_refuses_a_level_that_does_not_exist(jiro: Member) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(id=jiro.id).update(level=4)
