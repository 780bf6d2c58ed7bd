"""Every page about who somebody is: reading writes nothing, and each is one's own."""

from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client

from mypost.members.models import Member
from mypost.proofing.models import LinkedCard
from tests.entrypoints.member_web.card_use import LINK, PROVE, SIGN_IN, STEP_UP, link, question_of
from tests.entrypoints.member_web.conftest import browser_of
from tests.entrypoints.signed_in import confirmed_again, give_passkey
from tests.proofing.offices import RunningOffice

OF_MEMBERS = [
    "/me/", "/me/history/", "/me/profile/", "/me/passcode/", "/me/card/", PROVE, LINK, STEP_UP,
    f"{PROVE}answer", f"{LINK}answer", f"{STEP_UP}answer", "/me/merge/", "/me/merge/same-person/",
    "/me/security/", "/me/export/", "/me/closing/", "/me/app/", "/me/app/step-up/",
    "/account/email/", "/account/password/change/", "/account/sessions/", "/account/2fa/",
    "/account/2fa/webauthn/", "/account/2fa/recovery-codes/", "/account/reauthenticate/",
    "/account/logout/",
]  # fmt: skip
OF_ALL = [SIGN_IN, f"{SIGN_IN}answer", "/account/app/sign-in/", "/account/app/?code=x&state=y",
          "/account/login/", "/account/signup/", "/account/password/reset/"]  # fmt: skip
BY_POST = [
    "/me/profile/address", "/me/passcode/ask", "/me/merge/ask", "/me/export/archive",
    "/me/closing/ask", "/me/closing/keep", "/me/name",
]  # fmt: skip
# A browser's own state is no act: its session, and what limits count.
STATE = {"django_session", "cache", "usersessions_usersession"}


def rows() -> dict[str, str]:
    """Each table's content, as one hash."""
    names = set(connection.introspection.table_names()) - STATE
    with connection.cursor() as cursor:
        written = {}
        for name in sorted(names):
            cursor.execute(
                f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{name}" t'
            )
            written[name] = cursor.fetchone()[0] or ""
    return written


@pytest.fixture
def sure(hers: Client, hanako: Member, office: RunningOffice) -> Client:
    """Hanako's browser, who has a card, a passkey, and confirmed just now that it is she."""
    link(hers, "hanako")
    give_passkey(hanako.account)
    return confirmed_again(hers, hanako.account)


def test_looking_at_a_page_writes_nothing(sure: Client, his: Client, nobodys: Client) -> None:
    before = rows()
    for path in (*OF_MEMBERS, *OF_ALL, *BY_POST):
        for http in (sure, his, nobodys):
            for method in (http.get, http.head):
                assert method(path).status_code < 500, path
    after = rows()
    assert {name for name in after if after[name] != before[name]} == set()


@pytest.mark.parametrize("path", BY_POST)
def test_what_acts_takes_no_get(sure: Client, path: str) -> None:
    assert sure.get(path).status_code == 405


def test_no_page_is_kept_framed_or_open_to_others(sure: Client, nobodys: Client) -> None:
    for http, paths in ((sure, OF_MEMBERS), (nobodys, OF_ALL), (nobodys, OF_MEMBERS)):
        for path in (*paths, f"{paths[0]}nowhere.css"):
            headers = http.get(path).headers
            assert "no-store" in headers["Cache-Control"], path
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
            assert headers["Referrer-Policy"] == "same-origin", path


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:80@evil"])
def test_another_host_is_refused_and_never_repeated(nobodys: Client, host: str) -> None:
    for path in OF_ALL:
        answer = nobodys.get(path, headers={"host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.content.decode() + answer.headers.get("Location", "")


def test_the_reader_is_told_our_address_whatever_host_was_asked(
    sure: Client, office: RunningOffice
) -> None:
    headers = {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
    assert "evil" not in sure.post(STEP_UP, headers=headers)["Location"]


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil"])
@pytest.mark.parametrize("name", ["next", "return_to", "afterwards", "return_url"])
def test_nobody_is_led_elsewhere(sure: Client, nobodys: Client, name: str, elsewhere: str) -> None:
    given = {name: elsewhere}
    for http, path in ((nobodys, SIGN_IN), (sure, STEP_UP), (sure, "/language")):
        answer = http.post(path, given)
        assert "evil" not in answer.headers.get("Location", "")
    for http, path in ((nobodys, SIGN_IN), (nobodys, "/account/login/"), (sure, STEP_UP)):
        shown = http.get(path, given).content.decode()
        assert 'href="https://evil' not in shown
        assert 'href="//evil' not in shown


# Somebody else's


def test_what_is_hers_does_not_exist_for_him(sure: Client, hanako: Member, jiro: Member) -> None:
    card, passkey = LinkedCard.objects.get(), Authenticator.objects.get(user=hanako.account)
    key = str(sure.session.session_key)
    session = UserSession.objects.create(user=hanako.account, session_key=key, ip="127.0.0.1")
    his = confirmed_again(browser_of(jiro.account), jiro.account)
    give_passkey(jiro.account)
    keys = "/account/2fa/webauthn/keys"
    for path in (
        f"/me/card/{card.id}/stop", f"/me/card/{uuid4()}/stop", f"{keys}/{passkey.pk}/remove/",
        f"{keys}/{passkey.pk}/edit/", f"/account/sessions/{session.pk}/end",
    ):  # fmt: skip
        assert his.post(path, {"name": "his"}).status_code == 404, path
        assert his.get(path).status_code in (404, 405), path
    card.refresh_from_db()
    passkey.refresh_from_db()
    assert card.auth_stopped_at is None
    assert passkey.data["name"] != "his"
    assert UserSession.objects.filter(pk=session.pk).exists()
    assert sure.get("/me/").status_code == 200


def test_his_pages_show_no_word_of_hers(
    sure: Client, his: Client, hanako: Member, office: RunningOffice
) -> None:
    question_of(sure, STEP_UP)
    for path in OF_MEMBERS:
        shown = his.get(path).content.decode()
        for word in (hanako.account.email, str(hanako.id), office.serial("hanako", "auth")):
            assert word not in shown, path
