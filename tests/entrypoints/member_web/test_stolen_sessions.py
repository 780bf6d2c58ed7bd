"""Somebody else holds a session, or a cookie of one: what they cannot make of it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from pytest_django import Settings

from mypost.accounts.models import Account
from mypost.common.clock import now
from mypost.entrypoints.session_level import session_aal
from mypost.members import closing
from mypost.members import queries as members
from mypost.members.models import Member
from mypost.proofing import merging, watch
from mypost.proofing.models import LinkedCard, MergeTicket, PersonKey
from sandbox.card_office.authority import Resident
from tests.auth_app import HANAKO, JIRO, RETURN_TO, RunningApp, running_app
from tests.conftest import PASSWORD
from tests.entrypoints.member_web.card_use import (
    LINK,
    PROVE,
    SIGN_IN,
    STEP_UP,
    link,
    question_of,
    read_card,
    use_card,
)  # fmt: skip
from tests.entrypoints.member_web.conftest import browser_of
from tests.entrypoints.signed_in import confirmed_again, signed_in
from tests.entrypoints.soft_passkey import SoftPasskey, register, sign_in_with
from tests.proofing.offices import RunningOffice

APP, APP_STEP_UP, APP_SIGN_IN, APP_BACK = (
    "/me/app/", "/me/app/step-up/", "/account/app/sign-in/", "/account/app/",
)  # fmt: skip


@pytest.fixture
def app(settings: Settings, office: RunningOffice, tmp_path: Path) -> Iterator[RunningApp]:
    """The Digital Authentication App, beside the office."""
    settings.MEMBER_URL = RETURN_TO.removesuffix(APP_BACK)
    with running_app(settings, tmp_path) as running:
        yield running


def use_app(http: Client, app: RunningApp, page: str, person: Resident) -> str:
    """Go to the app and back; return the text of the last page, or where it leads."""
    begun = http.post(page)
    assert begun.status_code == 303, begun.content.decode()
    answer = http.post(APP_BACK, app.visit(begun["Location"], person))
    return answer.headers.get("Location") or answer.content.decode()


def aal_of(http: Client) -> int:
    """How strong the pages take this browser's session to be; 0 for nobody's."""
    request = RequestFactory().get("/")
    request.session = http.session
    found = Account.objects.filter(id=http.session.get("_auth_user_id", 0)).first()
    if found is None:
        return 0
    request.user = found
    return session_aal(request)


def level_of(member: Member) -> int:
    return Member.objects.get(id=member.id).level


def is_in(http: Client) -> bool:
    return http.get("/me/").status_code == 200


def copy_of(http: Client) -> Client:
    """Another browser with the same cookie: what a thief of it holds."""
    copy = Client()
    copy.cookies["mypost_language"] = "ja"
    name = next(name for name in http.cookies if name.endswith("session"))
    copy.cookies[name] = http.cookies[name].value
    return copy


# The session's key


def by_password(http: Client, account: Account) -> None:
    http.post("/account/login/", {"login": account.email, "password": PASSWORD})


def test_a_password_changes_the_key(nobodys: Client, hanako: Member, office: RunningOffice) -> None:
    question_of(nobodys, SIGN_IN)  # a session without anybody
    before = nobodys.session.session_key
    by_password(nobodys, hanako.account)
    assert is_in(nobodys)
    assert nobodys.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_a_passkey_changes_the_key(
    hers: Client, nobodys: Client, hanako: Member, office: RunningOffice
) -> None:
    passkey = SoftPasskey()
    register(confirmed_again(hers, hanako.account), passkey)
    question_of(nobodys, SIGN_IN)
    before = nobodys.session.session_key
    sign_in_with(nobodys, passkey)
    assert is_in(nobodys)
    assert nobodys.session.session_key != before


def test_the_app_changes_the_key(his: Client, nobodys: Client, app: RunningApp) -> None:
    use_app(his, app, APP, JIRO)
    question_of(nobodys, SIGN_IN)
    before = nobodys.session.session_key
    use_app(nobodys, app, APP_SIGN_IN, JIRO)
    assert aal_of(nobodys) == 3
    assert nobodys.session.session_key != before


def test_stepping_up_leaves_a_copied_cookie_worthless(hers: Client, office: RunningOffice) -> None:
    link(hers, "hanako")
    thief = copy_of(hers)
    assert is_in(thief)
    assert use_card(hers, STEP_UP, "hanako")[0] == 303
    assert aal_of(hers) == 3
    assert not is_in(thief)


def test_stepping_up_with_the_app_leaves_a_copied_cookie_worthless(
    his: Client, app: RunningApp
) -> None:
    use_app(his, app, APP, JIRO)
    thief = copy_of(his)
    use_app(his, app, APP_STEP_UP, JIRO)
    assert (is_in(his), is_in(thief)) == (True, False)


def test_a_session_that_stepped_up_is_still_listed_and_ended_with_the_rest(
    nobodys: Client, hers: Client, hanako: Member, office: RunningOffice
) -> None:
    link(hers, "hanako")
    by_password(nobodys, hanako.account)
    use_card(nobodys, STEP_UP, "hanako")
    assert is_in(nobodys)
    office.revoke("hanako", "auth", "key_compromise", "loss")
    watch.ask_after(LinkedCard.objects.values_list("id", flat=True), at=now())
    assert not is_in(nobodys)


# Cookies that were good once


def _signs_out(http: Client, office: RunningOffice, hanako: Member, jiro: Member) -> None:
    http.post("/account/logout/")


def _loses_the_card(http: Client, office: RunningOffice, hanako: Member, jiro: Member) -> None:
    office.revoke("hanako", "auth", "key_compromise", "loss")
    watch.ask_after(LinkedCard.objects.values_list("id", flat=True), at=now())


def _stops_the_card(http: Client, office: RunningOffice, hanako: Member, jiro: Member) -> None:
    browser_of(hanako.account).post(f"/me/card/{LinkedCard.objects.get().id}/stop")


def _is_merged(http: Client, office: RunningOffice, hanako: Member, jiro: Member) -> None:
    merging.merge(jiro, merging.ask(hanako, at=now()), at=now())


def _closes(http: Client, office: RunningOffice, hanako: Member, jiro: Member) -> None:
    closing.ask_to_close(hanako, at=now() - timedelta(days=60))
    assert closing.close_due(at=now()) == 1


def _changes_the_password(
    http: Client, office: RunningOffice, hanako: Member, jiro: Member
) -> None:
    account = Account.objects.get(id=hanako.account_id)
    account.set_password("another-quiet-morning")
    account.save()


Deed = Callable[[Client, RunningOffice, Member, Member], None]


@pytest.mark.parametrize(
    "deed",
    [
        _signs_out, _loses_the_card, _stops_the_card, _is_merged, _closes, _changes_the_password,
    ],
    ids=["signed-out", "card-lost", "card-stopped", "merged", "closed", "other-password"],
)  # fmt: skip
def test_a_cookie_is_worth_nothing_after(
    hers: Client, nobodys: Client, hanako: Member, jiro: Member, office: RunningOffice, deed: Deed
) -> None:
    link(hers, "hanako")
    use_card(nobodys, SIGN_IN, "hanako")
    thief = copy_of(nobodys)
    assert is_in(thief)
    deed(nobodys, office, hanako, jiro)
    assert not is_in(thief)
    assert thief.post(f"{STEP_UP}answer", {}).status_code in (302, 303)


def test_who_stops_the_card_stays_where_they_are(hers: Client, office: RunningOffice) -> None:
    link(hers, "hanako")
    hers.post(f"/me/card/{LinkedCard.objects.get().id}/stop")
    assert is_in(hers)


# A session of the weakest kind in strange hands: Hanako's browser, Jiro's card


def test_the_app_with_anothers_card_neither_renames_her_nor_steps_up(
    hers: Client, hanako: Member, app: RunningApp
) -> None:
    use_app(hers, app, APP, HANAKO)
    thief = browser_of(hanako.account)
    assert "card_not_yours" in use_app(thief, app, APP, JIRO)
    certified = members.certified(Member.objects.get(id=hanako.id))
    assert certified is not None
    assert certified.name == HANAKO.name
    assert aal_of(thief) == 1
    assert PersonKey.objects.filter(member=hanako, kind="auth_app").count() == 1


def test_the_app_knows_who_the_card_proved_before(
    hers: Client, hanako: Member, app: RunningApp
) -> None:
    use_card(hers, PROVE, "hanako")
    assert "card_not_yours" in use_app(hers, app, APP, JIRO)
    assert aal_of(hers) == 1
    assert not PersonKey.objects.filter(member=hanako, kind="auth_app").exists()
    assert use_app(hers, app, APP, HANAKO) == "/me/"


def test_the_card_knows_who_the_app_proved_before(
    hers: Client, hanako: Member, app: RunningApp
) -> None:
    use_app(hers, app, APP, HANAKO)
    status, shown, _ = use_card(hers, PROVE, "jiro")
    assert (status, "card_not_yours" in shown) == (422, True)
    assert use_card(hers, PROVE, "hanako")[0] == 303


def test_anothers_card_is_not_linked_beside_hers(
    hers: Client, hanako: Member, office: RunningOffice
) -> None:
    use_card(hers, PROVE, "hanako")
    status, shown, _ = use_card(hers, LINK, "jiro")
    assert (status, "card_not_yours" in shown) == (422, True)
    assert not LinkedCard.objects.filter(auth_serial=office.serial("jiro", "auth")).exists()


def test_a_new_way_to_sign_in_asks_once_more_who_it_is(
    hanako: Member, office: RunningOffice
) -> None:
    thief = signed_in(hanako.account)
    answer = thief.post(LINK)
    assert "/account/" in answer.headers["Location"]
    assert "reauthenticate" in answer.headers["Location"]


def test_giving_the_mailbox_away_asks_once_more_who_it_is(hanako: Member) -> None:
    thief = signed_in(hanako.account)
    assert "reauthenticate" in thief.post("/me/merge/ask").headers.get("Location", "")
    assert not MergeTicket.objects.exists()


# One browser, two accounts


def test_another_account_in_the_same_browser_begins_at_its_own_strength(
    hers: Client, nobodys: Client, jiro: Member, office: RunningOffice
) -> None:
    link(hers, "hanako")
    use_card(nobodys, SIGN_IN, "hanako")
    assert aal_of(nobodys) == 3
    nobodys.post("/account/logout/")
    by_password(nobodys, jiro.account)
    assert (is_in(nobodys), aal_of(nobodys)) == (True, 1)


def test_signing_in_again_more_weakly_raises_nothing(
    hers: Client, nobodys: Client, hanako: Member, office: RunningOffice
) -> None:
    link(hers, "hanako")
    use_card(nobodys, SIGN_IN, "hanako")
    nobodys.post("/account/logout/")
    by_password(nobodys, hanako.account)
    assert aal_of(nobodys) == 1


def test_the_app_takes_over_no_session_that_began_meanwhile(
    his: Client, nobodys: Client, hanako: Member, app: RunningApp
) -> None:
    use_app(his, app, APP, JIRO)
    begun = nobodys.post(APP_SIGN_IN)
    answer = app.visit(begun["Location"], JIRO)
    by_password(nobodys, hanako.account)
    nobodys.post(APP_BACK, answer)
    assert nobodys.session["_auth_user_id"] == str(hanako.account_id)
    assert aal_of(nobodys) == 1


@pytest.mark.parametrize("name", ["acr", "aal", "acr_values", "amr"])
def test_no_word_of_the_browsers_makes_a_session_stronger(hers: Client, name: str) -> None:
    hers.cookies[name] = "aal3"
    hers.get(f"/me/?{name}=aal3", headers={name: "aal3", f"X-{name}": "3"})
    assert aal_of(hers) == 1


# Answers that nobody asked for


@pytest.mark.parametrize("path", [PROVE, LINK, STEP_UP])
def test_an_answer_to_the_strangers_question_does_nothing(
    hers: Client, his: Client, hanako: Member, office: RunningOffice, path: str
) -> None:
    answer = read_card(question_of(his, path), "jiro")  # his own card, signed for his own browser
    attacked = Client(enforce_csrf_checks=True)
    attacked.cookies = hers.cookies
    shown = attacked.post(f"{path}answer", answer)
    assert (shown.status_code, "challenge_foreign" in shown.content.decode()) == (422, True)
    assert not LinkedCard.objects.exists()
    assert (aal_of(hers), level_of(hanako)) == (1, 3)


def test_a_sign_in_that_the_stranger_began_signs_nobody_else_in(
    his: Client, nobodys: Client, hers: Client, office: RunningOffice
) -> None:
    link(his, "jiro")
    attacker = Client()
    attacker.cookies["mypost_language"] = "ja"
    answer = read_card(question_of(attacker, SIGN_IN), "jiro")
    question_of(nobodys, SIGN_IN)
    assert nobodys.post(f"{SIGN_IN}answer", answer).status_code == 422
    assert not is_in(nobodys)


@pytest.mark.parametrize("kind", ["totp", "webauthn"])
def test_a_factor_alone_that_another_session_used_counts_not_here(
    hanako: Member, kind: str
) -> None:
    Authenticator.objects.create(user=hanako.account, type=kind, data={"name": "x"})
    assert aal_of(signed_in(hanako.account)) == 1
