"""How a member signs in, where, and who has tried to: shown to them alone."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.test import Client

from mypost.accounts import commands as accounts
from mypost.accounts.models import SignIn
from mypost.common.clock import now
from mypost.members.models import Member
from mypost.notifications.models import Notice
from tests.conftest import PASSWORD
from tests.entrypoints.active import active_in
from tests.entrypoints.member_web.conftest import page
from tests.entrypoints.signed_in import (
    CODE_RECORD,
    PASSKEY_RECORD,
    PASSWORD_RECORD,
    note_in,
    signed_in_by_passkey,
)

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def browser(agent: str, address: str = "192.0.2.77") -> Client:
    http = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    http.cookies["mypost_language"] = "en"
    return http


def sign_in(http: Client, member: Member, password: str = PASSWORD) -> Client:
    http.post("/account/login/", {"login": member.account.email, "password": password})
    return http


def test_it_shows_each_try_the_newest_first(hanako: Member) -> None:
    sign_in(browser(PHONE), hanako, "wrong-password-of-some-length")
    shown = page(sign_in(browser(LAPTOP, "2001:db8:1:2::3"), hanako), "/me/security/")
    first, second = (shown.index(told) for told in ("Windows Firefox", "iPhone Safari"))
    assert first < second
    for told in ("signed in", "refused", "192.0.2.0/24", "2001:db8:1::/48"):
        assert told in shown
    assert "192.0.2.77" not in shown


def test_the_stranger_sees_only_his_own(hanako: Member, his: Client) -> None:
    sign_in(browser(PHONE), hanako)
    assert "iPhone" not in page(his, "/me/security/")


def test_a_wrong_one_time_code_is_shown_too(hanako: Member) -> None:
    TOTP.activate(hanako.account, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    http = sign_in(browser(PHONE), hanako)
    http.post("/account/2fa/authenticate/", {"code": "000000"})
    tried = SignIn.objects.get(account=hanako.account)
    assert (tried.method, tried.succeeded) == ("code", False)


def test_the_first_browser_tells_nobody_a_new_one_tells_the_member(hanako: Member) -> None:
    http = sign_in(browser(PHONE), hanako)
    http.post("/account/logout/")
    sign_in(http, hanako)
    assert Notice.objects.count() == 0
    sign_in(browser(LAPTOP), hanako)
    told = Notice.objects.get()
    assert (told.mailbox_id, told.kind) == (hanako.mailbox_id, "new_sign_in")


def test_a_browser_that_another_account_knows_is_new_to_this_one(
    hanako: Member, taro: Member
) -> None:
    http = sign_in(browser(LAPTOP), taro)
    http.post("/account/logout/")
    sign_in(browser(PHONE), hanako)
    sign_in(http, hanako)
    assert Notice.objects.get().mailbox_id == hanako.mailbox_id


@pytest.mark.parametrize(
    ("records", "told"),
    [
        ([PASSWORD_RECORD], "some letters will ask for more"),
        ([PASSWORD_RECORD, CODE_RECORD], "does not ask for the card"),
        ([PASSKEY_RECORD], "does not ask for the card"),
        ([{"method": "card"}], "opens every letter</span>"),
    ],
    ids=["password", "code", "passkey", "card"],
)
def test_it_says_what_this_session_is_worth(
    in_english: Client, hanako: Member, records: list[dict[str, object]], told: str
) -> None:
    assert told in page(note_in(in_english, hanako.account, *records), "/me/security/")


def test_history_is_forgotten_after_a_year(hanako: Member) -> None:
    for days in (366, 364):
        accounts.note_sign_in(
            hanako.account, SignIn.Method.PASSWORD, succeeded=True, browser="", network="",
            at=now() - timedelta(days=days),
        )  # fmt: skip
    assert [accounts.forget_old_sign_ins(at=now()) for _ in range(2)] == [1, 0]
    assert SignIn.objects.count() == 1


def test_one_device_is_signed_out_the_others_stay(hanako: Member) -> None:
    here, lost, other = (sign_in(browser(agent), hanako) for agent in (LAPTOP, PHONE, PHONE))
    session = UserSession.objects.get(session_key=lost.session.session_key)
    done = here.post(f"/account/sessions/{session.pk}/end", follow=True)
    assert "The device is signed out." in done.content.decode()
    assert lost.get("/box/").status_code == 302
    assert here.get("/box/").status_code == other.get("/box/").status_code == 200


def test_all_other_devices_are_signed_out(hanako: Member) -> None:
    here, lost = (sign_in(browser(agent), hanako) for agent in (LAPTOP, PHONE))
    here.post("/account/sessions/")
    assert lost.get("/box/").status_code == 302
    assert here.get("/box/").status_code == 200


def test_the_stranger_signs_nobody_out(hanako: Member, his: Client) -> None:
    hers = sign_in(browser(LAPTOP), hanako)
    session = UserSession.objects.get(session_key=hers.session.session_key)
    answers = [his.post(f"/account/sessions/{pk}/end").status_code for pk in (session.pk, 10**9)]
    assert answers == [404, 404]
    assert Client().post(f"/account/sessions/{session.pk}/end").status_code == 302
    assert hers.get("/box/").status_code == 200


def test_a_session_id_beyond_all_numbers_is_not_there(hers: Client) -> None:
    assert hers.post(f"/account/sessions/{10**30}/end").status_code == 404


def test_a_cookie_that_was_copied_is_worth_nothing_after_signing_out(hanako: Member) -> None:
    http = signed_in_by_passkey(hanako.account)
    stolen = http.cookies["mypost_cli_session"].value
    http.post("/account/logout/")
    http.cookies["mypost_cli_session"] = stolen
    assert http.get("/box/")["Location"].startswith("/account/login/")


def test_the_page_acts_by_itself_nowhere(hers: Client) -> None:
    assert active_in(page(hers, "/me/security/")) == []
