"""The Digital Authentication App at the member's door: out to it and back, once, for oneself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from mypost.members import queries as members
from mypost.members.models import LevelSource, Member
from mypost.proofing.models import PersonKey
from sandbox.card_office.authority import Resident
from tests.auth_app import HANAKO, JIRO, RETURN_TO, RunningApp, running_app

PROVE, STEP_UP, SIGN_IN, BACK = (
    "/me/app/",
    "/me/app/step-up/",
    "/account/app/sign-in/",
    "/account/app/",
)


@pytest.fixture
def app(settings: Settings, tmp_path: Path) -> Iterator[RunningApp]:
    settings.MEMBER_URL = RETURN_TO.removesuffix(BACK)
    with running_app(settings, tmp_path) as running:
        yield running


def go(http: Client, app: RunningApp, page: str, person: Resident, **more: str) -> dict[str, str]:
    """Begin at a page, agree at the app, and return what it sends back."""
    begun = http.post(page, more)
    assert begun.status_code == 303, begun.content.decode()
    return app.visit(begun["Location"], person)


def test_the_app_proves_who_one_is(his: Client, jiro: Member, app: RunningApp) -> None:
    done = his.post(BACK, go(his, app, PROVE, JIRO))
    assert (done.status_code, done["Location"]) == (303, "/me/")
    jiro.refresh_from_db()
    certified = members.certified(jiro)
    assert certified is not None
    assert jiro.level == 3
    assert (certified.source, certified.name) == (LevelSource.AUTH_APP, JIRO.name)
    assert certified.birth_date == "1996-07-25"
    shown = his.get("/me/").content.decode()
    assert "本人確認ができました" in shown
    assert "1996年7月25日" in shown


def test_it_signs_in_who_was_proved_by_it(
    his: Client, nobodys: Client, jiro: Member, app: RunningApp
) -> None:
    his.post(BACK, go(his, app, PROVE, JIRO))
    done = nobodys.post(BACK, go(nobodys, app, SIGN_IN, JIRO, next="/box/"))
    assert (done.status_code, done["Location"]) == (302, "/box/")
    assert nobodys.get("/me/").status_code == 200


def test_it_lets_nobody_in_whom_it_never_proved(nobodys: Client, app: RunningApp) -> None:
    refused = nobodys.post(BACK, go(nobodys, app, SIGN_IN, HANAKO))
    assert refused.status_code == 422
    assert "card_unknown" in refused.content.decode()
    assert nobodys.get("/me/").status_code == 302


def test_coming_back_writes_nothing_until_it_is_confirmed(
    his: Client, jiro: Member, app: RunningApp
) -> None:
    answer = go(his, app, PROVE, JIRO)
    shown = his.get(BACK, answer)
    assert shown.status_code == 200
    assert not PersonKey.objects.filter(member=jiro).exists()
    assert his.post(BACK, answer).status_code == 303


def test_an_answer_counts_once(his: Client, app: RunningApp) -> None:
    answer = go(his, app, PROVE, JIRO)
    his.post(BACK, answer)
    again = his.post(BACK, answer)
    assert again.status_code == 422
    assert "app_answer_foreign" in again.content.decode()


def test_an_answer_in_anothers_browser_counts_for_nothing(
    his: Client, hers: Client, hanako: Member, app: RunningApp
) -> None:
    answer = go(his, app, PROVE, JIRO)
    assert hers.post(BACK, answer).status_code == 422
    assert not PersonKey.objects.filter(member=hanako).exists()


def test_whoever_signed_out_meanwhile_proves_nothing(
    his: Client, jiro: Member, app: RunningApp
) -> None:
    answer = go(his, app, PROVE, JIRO)
    his.post("/account/logout/")
    assert his.post(BACK, answer).status_code == 422
    jiro.refresh_from_db()
    assert jiro.level == 0


def test_another_person_cannot_step_up_a_session(
    his: Client, hers: Client, app: RunningApp
) -> None:
    his.post(BACK, go(his, app, PROVE, JIRO))
    hers.post(BACK, go(hers, app, PROVE, HANAKO))
    refused = his.post(BACK, go(his, app, STEP_UP, HANAKO))
    assert "card_not_yours" in refused.content.decode()


def test_stepping_up_leads_back_to_where_one_was(his: Client, app: RunningApp) -> None:
    his.post(BACK, go(his, app, PROVE, JIRO))
    done = his.post(BACK, go(his, app, STEP_UP, JIRO, next="/box/"))
    assert (done.status_code, done["Location"]) == (303, "/box/")
    assert "カードでご本人を確認" in his.get("/box/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:1"])
def test_nobody_is_led_elsewhere_afterwards(his: Client, app: RunningApp, elsewhere: str) -> None:
    his.post(BACK, go(his, app, PROVE, JIRO))
    done = his.post(BACK, go(his, app, STEP_UP, JIRO, next=elsewhere))
    assert done["Location"] == "/"


def test_one_person_has_one_account_proved_by_it(
    his: Client, hers: Client, hanako: Member, app: RunningApp
) -> None:
    his.post(BACK, go(his, app, PROVE, JIRO))
    hanako_was = hanako.level
    done = hers.post(BACK, go(hers, app, PROVE, JIRO))
    assert (done.status_code, done["Location"]) == (303, "/me/merge/same-person/")
    hanako.refresh_from_db()
    assert (hanako.level, members.certified(hanako)) == (hanako_was, None)


def test_an_app_that_is_away_is_told_as_such(his: Client, app: RunningApp) -> None:
    answer = go(his, app, PROVE, JIRO)
    app.web.troubles.away = True
    shown = his.post(BACK, answer)
    assert shown.status_code == 503
    assert "app_unavailable" in shown.content.decode()


def test_hostile_answers_are_refused_and_never_an_error(his: Client, app: RunningApp) -> None:
    for answer in (
        {}, {"code": "x"}, {"state": "x" * 5_000}, {"code": "\x00", "state": "\ud83d"[:0]},
        {"error": "<script>alert(1)</script>", "state": "x"},
    ):  # fmt: skip
        shown = his.post(BACK, answer)
        assert shown.status_code == 422
        assert "<script>alert" not in shown.content.decode()
        assert "<script>alert" not in his.get(BACK, answer).content.decode()


def test_without_the_app_there_are_no_such_pages(his: Client, settings: Settings) -> None:
    settings.AUTH_APP_URL = ""
    assert {his.get(page).status_code for page in (PROVE, STEP_UP, BACK)} == {404}
    assert {his.post(page).status_code for page in (PROVE, STEP_UP, BACK)} == {404}


def test_the_session_counts_as_one_with_the_card(his: Client, app: RunningApp) -> None:
    his.post(BACK, go(his, app, PROVE, JIRO))
    methods = {record["method"] for record in his.session["account_authentication_methods"]}
    assert "auth_app" in methods
    assert "card" not in methods
