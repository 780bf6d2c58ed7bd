"""What the pages say that nobody asked for, and the way to a new password."""

import re

import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from mypost.members.models import Member
from tests.entrypoints.outline import outline, said, written


def test_a_page_that_is_not_there(hers: Client) -> None:
    assert said(hers, "/nowhere/") == written("""
        # There is no such page
        The address is wrong, or what was here belongs to somebody else or is gone.
            Nothing of yours is lost.
        [To the first page](/)
        Code: 404
    """)


def test_a_form_that_is_too_old(db: None) -> None:
    guarded = Client(enforce_csrf_checks=True)
    assert said(guarded, lambda: guarded.post("/language")) == written("""
        # This form was open for too long
        To protect you, we did not carry it out. Nothing was written. Please go back,
            reload the page and try again.
        If it happens again: our pages need cookies of their own to know that it is you.
        [To the first page](/)
        Code: 403
    """)


@pytest.mark.parametrize(
    ("template", "heading", "code"),
    [
        ("400.html", "We could not read what was sent", 400),
        ("500.html", "Something went wrong on our side", 500),
    ],
)
def test_a_page_that_stands_alone(template: str, heading: str, code: int) -> None:
    with translation.override("en"):
        shown = outline(render_to_string(template)).splitlines()
    assert shown[0] == f"# {heading}"
    assert len(shown) > 3
    assert shown[-2:] == ["[To the first page](/)", f"Code: {code}"]


def test_a_new_password_is_set(nobodys: Client, hanako: Member) -> None:
    asked = nobodys.post("/account/password/reset/", {"email": hanako.account.email})
    assert said(nobodys, asked["Location"]) == written("""
        # Set a new password
        We sent a code to hanako@example.jp. It is valid for a short time only.
        It may take a minute. Please look into the folder for unwanted mail, too.
        POST /account/password/reset/confirm/
          Code ※required: <text code placeholder=Code autocomplete=one-time-code
              required>
          {Confirm}
        POST /account/logout/
          <hidden next=/account/login/> {Cancel}
    """)
    code = re.search(r"^(\S{6,12})$", str(mail.outbox[-1].body), flags=re.MULTILINE)
    assert code
    entered = nobodys.post(asked["Location"], {"code": code[1]})
    assert said(nobodys, entered["Location"]).splitlines()[:5] == [
        "# Set a new password",
        "POST /account/password/reset/complete/",
        "  - Your password must contain at least 15 characters.",
        "  - Your password can’t be a commonly used password.",
        "  - Your password can’t be too similar to your other personal information.",
    ]
    assert said(nobodys, entered["Location"]).endswith("""
  {Set this password}
POST /account/logout/
  <hidden next=/account/login/> {Cancel}""")


def test_a_wrong_password_is_said_once_above_the_form(nobodys: Client, hanako: Member) -> None:
    wrong = {"login": hanako.account.email, "password": "not-hers-at-all"}
    shown = said(nobodys, lambda: nobodys.post("/account/login/", wrong))
    assert (
        shown.partition("POST /account/login/\n")[2].partition("  Email")[0]
        == """\
  div role=alert data-focus-first ~error
    :error Error:
    Please look at these points again. What you typed is still here.
    - The email address and/or password you specified are not correct.
"""
    )
