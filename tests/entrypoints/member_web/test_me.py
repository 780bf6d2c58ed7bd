"""The member's own page."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from mypost.accounts.models import Account
from mypost.common.clock import now
from mypost.members import commands as members
from mypost.members.models import AssuranceLevel, Member
from mypost.notifications import commands as notifications
from mypost.notifications.models import NoticeKind
from tests.conftest import LATER
from tests.entrypoints.member_web.conftest import page, text_of


def name_of(member: Member) -> str:
    return Account.objects.get(id=member.account_id).name


def test_it_shows_who_one_is_here(hers: Client) -> None:
    shown = page(hers, "/me/")
    assert "hanako@example.jp" in shown
    assert 'value="花子"' in shown


def test_it_tells_how_the_level_was_reached(his: Client, jiro: Member) -> None:
    assert "メールアドレスの確認まで済んでいます。" in page(his, "/me/")
    level = AssuranceLevel.POSTED_PASSCODE
    members.set_level(jiro.id, level, source="operator", reason="窓口で確認", at=LATER)
    shown = page(his, "/me/")
    assert "レベル2" in shown
    assert "係員が設定: 窓口で確認" in shown
    assert "2026年11月22日（日） 11:00" in shown


@pytest.mark.parametrize(
    ("level", "ways"),
    [
        (0, ["card/prove", "passcode"]),
        (1, ["card/prove", "passcode"]),
        (2, ["card/prove"]),
        (3, []),
    ],
    ids=["level-0", "level-1", "level-2", "level-3"],
)
def test_it_leads_to_the_ways_up_and_to_no_other(
    his: Client, jiro: Member, level: int, ways: list[str]
) -> None:
    Member.objects.filter(id=jiro.id).update(level=level)
    found = re.findall(r'class="way__name" href="/me/([^"]+)/"', page(his, "/me/"))
    assert found == ways


@pytest.mark.parametrize(
    "path", ["/account/email/", "/account/password/change/", "/account/2fa/", "/account/sessions/"]
)
def test_it_leads_to_the_pages_of_signing_in(hers: Client, path: str) -> None:
    assert f'href="{path}"' in page(hers, "/me/")
    assert "places__list" in page(hers, path)


def test_the_name_can_be_changed(hers: Client, hanako: Member) -> None:
    shown = text_of(hers.post("/me/name", {"name": "佐藤　花子"}, follow=True))
    assert name_of(hanako) == "佐藤　花子"
    assert "お名前を変更しました。" in shown


@pytest.mark.parametrize("name", ["", "   ", "長" * 101, "a\x00b"])
def test_a_name_that_cannot_be_is_said_at_its_field(
    hers: Client, hanako: Member, name: str
) -> None:
    shown = text_of(hers.post("/me/name", {"name": name}), 422)
    assert 'id="id_name_error"' in shown
    assert name_of(hanako) == "花子"


def test_what_was_typed_is_not_lost(hers: Client) -> None:
    assert "長" * 101 in text_of(hers.post("/me/name", {"name": "長" * 101}), 422)


def test_the_language_can_be_switched_and_is_remembered(hers: Client, hanako: Member) -> None:
    answer = hers.post("/language", {"language": "en", "next": "/me/"})
    assert answer.headers["Location"] == "/me/"
    assert '<html lang="en">' in page(hers, "/me/")
    assert Account.objects.get(id=hanako.account_id).language == "en"


def test_what_a_mail_only_hinted_at_stands_in_the_history(hers: Client, hanako: Member) -> None:
    notifications.tell(hanako.mailbox_id, NoticeKind.CARD_STOPPED, at=now())
    assert "お使いのカードではログインできなくなりました。" in page(hers, "/me/history/")


def test_the_history_tells_nothing_of_anothers_notices(his: Client, hanako: Member) -> None:
    notifications.tell(hanako.mailbox_id, NoticeKind.NEW_SIGN_IN, at=now())
    assert "はじめての端末" not in page(his, "/me/history/")


@pytest.mark.parametrize(
    ("ago", "is_shown"),
    [(timedelta(days=89, hours=23), True), (timedelta(days=90, minutes=1), False)],
)
def test_notices_are_shown_for_ninety_days(
    hers: Client, hanako: Member, ago: timedelta, is_shown: bool
) -> None:
    notifications.tell(hanako.mailbox_id, NoticeKind.NEW_SIGN_IN, at=now() - ago)
    assert ("はじめての端末" in page(hers, "/me/history/")) is is_shown
