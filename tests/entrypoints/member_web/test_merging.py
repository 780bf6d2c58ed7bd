"""Two accounts of one person at the door."""

import re

import pytest
from django.test import Client

from mypost.accounts.models import Account
from mypost.members.models import Member
from mypost.proofing.models import MergeTicket
from tests.entrypoints.member_web.card_use import confirmed_by_password
from tests.entrypoints.member_web.conftest import page, text_of


def number_for(http: Client) -> str:
    confirmed_by_password(http)
    shown = text_of(http.post("/me/merge/ask"))
    return str(re.findall(r'id="number"[^>]*>([0-9A-Z-]+)<', shown)[0])


def test_the_number_of_one_account_entered_in_the_other_makes_them_one(
    hers: Client, his: Client, hanako: Member, jiro: Member
) -> None:
    number = number_for(his)
    answer = hers.post("/me/merge/", {"code": number.lower()}, follow=True)
    assert "二つのアカウントを一つにまとめました" in text_of(answer)
    assert Member.objects.get(id=hanako.id).merged_mailboxes == [jiro.mailbox_id]
    assert not Account.objects.get(id=jiro.account_id).is_active


def test_the_account_that_ended_is_signed_out(
    hers: Client, his: Client, hanako: Member, jiro: Member
) -> None:
    hers.post("/me/merge/", {"code": number_for(his)})
    assert his.get("/me/").headers["Location"].startswith("/account/login/")


@pytest.mark.parametrize(
    "code", ["", "XXXX-XXXX-XXXX-XXXX", "\x00", "あ" * 3000], ids=["none", "wrong", "zero", "long"]
)
def test_a_wrong_number_is_said_at_its_field(
    hers: Client, his: Client, hanako: Member, jiro: Member, code: str
) -> None:
    number_for(his)
    shown = text_of(hers.post("/me/merge/", {"code": code}), 422)
    assert 'id="id_code_error"' in shown
    assert Member.objects.get(id=hanako.id).merged_mailboxes == []


def test_an_account_does_not_take_in_itself(his: Client, jiro: Member) -> None:
    assert text_of(his.post("/me/merge/", {"code": number_for(his)}), 422)
    assert Account.objects.get(id=jiro.account_id).is_active


def test_no_page_gives_a_number_by_itself(his: Client) -> None:
    assert his.get("/me/merge/ask").status_code == 405
    for path in ("/me/merge/", "/me/merge/same-person/"):
        assert page(his, path)
    assert not MergeTicket.objects.exists()


def test_who_is_not_signed_in_signs_in_first(nobodys: Client) -> None:
    for path in ("/me/merge/", "/me/merge/same-person/"):
        assert nobodys.get(path).headers["Location"] == f"/account/login/?next={path}"
    assert nobodys.post("/me/merge/ask").status_code == 302
