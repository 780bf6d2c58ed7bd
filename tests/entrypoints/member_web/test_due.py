"""Letters by due date: nothing that is ahead is missed, nothing past is lost."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

from mypost.members.models import Member
from tests.conftest import SendLetter
from tests.entrypoints.member_web.conftest import Open, page


def test_they_stand_soonest_first_grouped_by_month(hers: Client, opened: Open) -> None:
    for due in ("2099-12-01", "2099-11-30", "2099-11-02", "2100-11-01"):
        opened(reference=due, subject=f"期限は{due}", due=due)
    shown = page(hers, "/due/")
    assert re.findall(r"<h2>(.*?)</h2>", shown) == ["2099年11月", "2099年12月", "2100年11月"]
    in_order = ["2099-11-02", "2099-11-30", "2099-12-01", "2100-11-01"]
    assert re.findall(r">期限は(\S+?)<", shown) == in_order


def test_what_is_past_stands_apart_the_latest_first(hers: Client, opened: Open) -> None:
    for due in ("2020-01-01", "2020-02-01", "2099-01-01"):
        opened(reference=due, subject=f"期限は{due}", due=due)
    past = page(hers, "/due/?show=past")
    assert re.findall(r">期限は(\S+?)<", past) == ["2020-02-01", "2020-01-01"]
    assert re.findall(r">期限は(\S+?)<", page(hers, "/due/")) == ["2099-01-01"]


def test_today_is_not_past(hers: Client, opened: Open) -> None:
    opened(subject="きょうまで", due=localdate().isoformat())
    assert "きょうまで" in page(hers, "/due/")


def test_a_near_date_warns_and_a_missed_one_alarms(hers: Client, send_letter: SendLetter) -> None:
    send_letter(reference="near", due=(localdate() + timedelta(days=3)).isoformat())
    send_letter(reference="missed", due=(localdate() - timedelta(days=3)).isoformat())
    assert "badge--warning" in page(hers, "/due/")
    assert "badge--error" in page(hers, "/due/?show=past")


@pytest.mark.parametrize(("days", "warns"), [(0, True), (7, True), (8, False)])
def test_a_date_is_near_for_a_week(
    hers: Client, send_letter: SendLetter, days: int, warns: bool
) -> None:
    send_letter(due=(localdate() + timedelta(days=days)).isoformat())
    assert ("badge--warning" in page(hers, "/due/")) is warns


def test_a_missed_date_of_an_opened_letter_does_not_alarm(hers: Client, opened: Open) -> None:
    opened(due="2020-01-01")
    assert "badge--error" not in page(hers, "/due/?show=past")


def test_a_letter_without_a_date_is_not_here(hers: Client, opened: Open) -> None:
    opened()
    assert "期限のある手紙はありません。" in page(hers, "/due/")


def test_a_confidential_letter_shows_its_date_and_no_subject(
    hers: Client, hanako: Member, send_letter: SendLetter
) -> None:
    send_letter(required_assurance=3, due="2099-11-30")
    Member.objects.filter(id=hanako.id).update(level=1)
    shown = page(hers, "/due/")
    assert "本人確認が必要な手紙" in shown
    assert "国民健康保険税のお知らせ" not in shown
