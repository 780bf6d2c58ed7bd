"""Closing the mailbox at its member's door."""

from collections.abc import Callable

import pytest
from django.test import Client

from mypost.members.models import Member
from mypost.notifications.models import Notice
from tests.conftest import PASSWORD
from tests.entrypoints.member_web.conftest import page
from tests.entrypoints.signed_in import confirmed_again

ASK, KEEP = "/me/closing/ask", "/me/closing/keep"


@pytest.fixture
def sure(in_english: Client, hanako: Member) -> Client:
    """Hanako's browser; she has just confirmed that it is she."""
    return confirmed_again(in_english, hanako.account)


def test_it_says_what_happens_and_offers_the_export_first(in_english: Client) -> None:
    shown = page(in_english, "/me/closing/")
    assert shown.index("/me/export/") < shown.index(ASK)
    assert "30 days" in shown


def test_it_asks_who_it_is_first(in_english: Client, hanako: Member) -> None:
    answer = in_english.post(ASK)
    assert answer["Location"].startswith("/account/reauthenticate/")
    hanako.refresh_from_db()
    assert hanako.closing_at is None


def test_confirming_takes_the_wish_up_again(in_english: Client, hanako: Member) -> None:
    to_confirm = in_english.post(ASK)["Location"]
    assert in_english.post(to_confirm, {"password": PASSWORD})["Location"] == "/me/closing/"
    hanako.refresh_from_db()
    assert hanako.closing_at is not None


def test_each_page_tells_the_date_and_how_to_keep_it(sure: Client, hanako: Member) -> None:
    assert sure.post(ASK)["Location"] == "/me/closing/"
    hanako.refresh_from_db()
    for path in ("/", "/box/", "/me/closing/"):
        shown = page(sure, path)
        assert "Your mailbox closes on" in shown
        assert f'action="{KEEP}"' in shown
    assert Notice.objects.get().kind == "mailbox_closing"
    assert sure.post(ASK).status_code == 303
    assert Notice.objects.count() == 1


def test_keeping_it_needs_no_more_than_the_session(sure: Client, hanako: Member) -> None:
    sure.post(ASK)
    assert sure.post(KEEP).status_code == sure.post(KEEP).status_code == 303
    hanako.refresh_from_db()
    assert hanako.closing_at is None
    assert "Your mailbox closes on" not in page(sure, "/box/")


@pytest.mark.parametrize("path", [ASK, KEEP])
def test_a_get_changes_nothing(sure: Client, path: str) -> None:
    assert sure.get(path).status_code == 405


@pytest.mark.parametrize("path", [ASK, KEEP, "/me/closing/"])
def test_nobody_else_comes_in(nobodys: Client, db: None, path: str) -> None:
    answer = nobodys.get(path) if path == "/me/closing/" else nobodys.post(path)
    assert answer["Location"].startswith("/account/login/")


def test_the_stranger_closes_his_own_mailbox_alone(
    his: Client, jiro: Member, hanako: Member
) -> None:
    confirmed_again(his, jiro.account).post(ASK)
    hanako.refresh_from_db()
    assert hanako.closing_at is None


def test_the_doors_own_role_is_enough(sure: Client, as_the_door: Callable[[], None]) -> None:
    as_the_door()
    assert sure.post(ASK).status_code == sure.post(KEEP).status_code == 303
