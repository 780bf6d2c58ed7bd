"""Signing in with the card, and making a session as strong as the card."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client, RequestFactory

from mypost.accounts.models import Account
from mypost.entrypoints.session_level import session_aal
from mypost.members.models import Member
from mypost.proofing.models import CardChallenge, LinkedCard
from tests.conftest import NOW
from tests.entrypoints.member_web.card_use import (
    SIGN_IN,
    STEP_UP,
    link,
    question_of,
    read_card,
    use_card,
)  # fmt: skip
from tests.entrypoints.member_web.conftest import page
from tests.proofing.offices import RunningOffice


def signed_in_as(http: Client) -> str:
    account_id = http.session.get("_auth_user_id")
    return Account.objects.get(id=account_id).email if account_id else ""


def test_a_linked_card_signs_in_and_changes_the_session(
    hers: Client, nobodys: Client, office: RunningOffice
) -> None:
    link(hers, "hanako")
    question = question_of(nobodys, SIGN_IN, next="/due/")
    before = nobodys.session.session_key
    answer = nobodys.post(f"{SIGN_IN}answer", read_card(question, "hanako"))
    assert answer.headers["Location"] == "/due/"
    assert signed_in_as(nobodys) == "hanako@example.jp"
    assert nobodys.session.session_key != before
    assert aal_of(nobodys) == 3


def aal_of(http: Client) -> int:
    """Ask for the strength of a browser's session as the pages do."""
    request = RequestFactory().get("/")
    request.session = http.session
    request.user = Account.objects.get(id=http.session["_auth_user_id"])
    return session_aal(request)


def test_no_second_factor_is_asked_for(
    hers: Client, hanako: Member, nobodys: Client, office: RunningOffice
) -> None:
    link(hers, "hanako")
    Authenticator.objects.create(user=hanako.account, type="totp", data={"secret": "x"})
    assert use_card(nobodys, SIGN_IN, "hanako")[2] == "/"
    assert signed_in_as(nobodys) == "hanako@example.jp"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil"],
    ids=["elsewhere", "no-scheme", "script", "backslash"],
)  # fmt: skip
def test_it_leads_to_our_own_pages_only(
    hers: Client, nobodys: Client, office: RunningOffice, target: str
) -> None:
    link(hers, "hanako")
    assert use_card(nobodys, SIGN_IN, "hanako", next=target)[2] == "/"


def test_a_card_that_nobody_linked_signs_nobody_in(
    hers: Client, nobodys: Client, office: RunningOffice
) -> None:
    link(hers, "hanako")
    status, shown, _ = use_card(nobodys, SIGN_IN, "jiro")
    assert status == 422
    assert "card_unknown" in shown
    assert "hanako" not in shown
    assert signed_in_as(nobodys) == ""


@pytest.mark.parametrize("state", ["inactive", "merged", "closed"])
def test_an_account_that_is_gone_gets_no_session(
    hers: Client, hanako: Member, taro: Member, nobodys: Client, office: RunningOffice, state: str
) -> None:
    link(hers, "hanako")
    facts: dict[str, dict[str, Any]] = {
        "inactive": {"merged_into": None},
        "merged": {"merged_into": taro},
        "closed": {"closing_at": NOW, "closed_at": NOW},
    }
    Member.objects.filter(id=hanako.id).update(**facts[state])
    Account.objects.filter(id=hanako.account_id).update(is_active=state != "inactive")
    use_card(nobodys, SIGN_IN, "hanako")
    assert signed_in_as(nobodys) == ""


def test_a_lost_card_that_was_stopped_signs_nobody_in(
    hers: Client, nobodys: Client, office: RunningOffice
) -> None:
    link(hers, "hanako")
    hers.post(f"/me/card/{LinkedCard.objects.get().id}/stop")
    status, shown, _ = use_card(nobodys, SIGN_IN, "hanako")
    assert (status, "card_stopped" in shown) == (422, True)
    assert signed_in_as(nobodys) == ""


def test_who_is_signed_in_does_not_become_somebody_else(
    hers: Client, his: Client, office: RunningOffice
) -> None:
    link(hers, "hanako")
    assert his.get(SIGN_IN).headers["Location"] == "/"
    assert his.post(f"{SIGN_IN}answer", {}).headers["Location"] == "/"
    assert signed_in_as(his) == "jiro@example.jp"


def test_looking_at_the_page_makes_no_question_and_no_session(nobodys: Client) -> None:
    assert "マイナンバーカードでログイン" in page(nobodys, SIGN_IN)
    assert not CardChallenge.objects.exists()
    assert nobodys.session.session_key is None or not nobodys.session.keys()


def test_step_up_makes_this_session_as_strong_as_the_card(
    hers: Client, office: RunningOffice
) -> None:
    link(hers, "hanako")
    assert aal_of(hers) == 1
    hers.get("/box/")  # which says that the card is linked
    assert use_card(hers, STEP_UP, "hanako", next="/box/")[2] == "/box/"
    assert aal_of(hers) == 3
    assert "カードでご本人を確認" in hers.get("/box/").content.decode()


def test_step_up_with_anothers_card_is_refused(
    hers: Client, his: Client, office: RunningOffice
) -> None:
    link(hers, "hanako")
    link(his, "jiro")
    status, shown, _ = use_card(hers, STEP_UP, "jiro")
    assert (status, "card_not_yours" in shown) == (422, True)
    assert aal_of(hers) == 1


def test_the_way_onwards_belongs_to_its_question(hers: Client, office: RunningOffice) -> None:
    link(hers, "hanako")
    first = question_of(hers, STEP_UP, next="/box/")
    question_of(hers, STEP_UP, next="/due/")
    answer = hers.post(f"{STEP_UP}answer", read_card(first, "hanako"))
    assert answer.headers["Location"] == "/"
