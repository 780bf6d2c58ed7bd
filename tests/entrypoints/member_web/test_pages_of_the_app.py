"""What the pages of the Digital Authentication App and of two accounts say as a whole."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

from tests.entrypoints.member_web.card_use import (
    confirmed_by_password,
)
from tests.entrypoints.member_web.conftest import text_of
from tests.entrypoints.outline import outline, said, written


@pytest.fixture
def app(settings: Settings) -> None:
    settings.AUTH_APP_URL = "https://app.example"


def test_what_one_is_told_before_the_app(his: Client, nobodys: Client, app: None) -> None:
    assert said(his, "/me/app/") == written("""
        nav aria-label=Where you are
          - [My page](/me/)
          - aria-current=page Digital Authentication App
        # Prove yourself with the Digital Authentication App
        The app tells us your name, address, date of birth and sex as your card
            certifies them. You are at level 3 at once, and can sign in with the app
            from then on.
        POST
          {Go on to the app}
          The Digital Authentication App of the Digital Agency opens, reads your card,
              and leads you back here. We never see your PIN.
    """)
    assert said(his, "/me/app/step-up/?next=/box/") == written("""
        # Confirm yourself with the app
        What you want to see asks for your card now. The app confirms that it is you;
            nothing else is passed on.
        POST
          <hidden next=/box/>
          {Go on to the app}
          The Digital Authentication App of the Digital Agency opens, reads your card,
              and leads you back here. We never see your PIN.
    """)
    assert said(nobodys, "/account/app/sign-in/?next=/box/") == written("""
        # Sign in with the Digital Authentication App
        You need the app, your My Number Card and its PIN with four digits. You must
            have proved yourself here with the app before.
        POST
          <hidden next=/box/>
          {Go on to the app}
          The Digital Authentication App of the Digital Agency opens, reads your card,
              and leads you back here. We never see your PIN.
        [Sign in another way](/account/login/?next=%2Fbox%2F)
    """)
    assert "App](/account/app/sign-in/)" in said(nobodys, "/account/login/")


def test_what_the_app_brings_is_confirmed_here(nobodys: Client, app: None) -> None:
    brought = "/account/app/?code=c&state=s&iss=i&error=e&other=o"
    assert said(nobodys, brought) == written("""
        # The app has answered
        You come from the Digital Authentication App. Please press once more to go on in
            MyPost.
        POST /account/app/
          <hidden code=c><hidden state=s><hidden iss=i><hidden error=e> {Go on in
              MyPost}
    """)


def test_an_answer_of_the_app_that_is_refused(his: Client, nobodys: Client, app: None) -> None:
    assert said(his, lambda: his.post("/account/app/", {})) == written("""
        # The app could not confirm it
        div role=alert ~error
          :error Error:
          The app's answer came too late, or was not asked for in this browser.
          Nothing was changed. Please begin again.
        [Begin again](/me/app/)
        Code: app_answer_foreign
    """)
    shown = said(nobodys, lambda: nobodys.post("/account/app/", {}))
    assert "[Begin again](/account/app/sign-in/) [Sign in another way](/account/login/)" in shown


def test_two_accounts_are_made_one(his: Client) -> None:
    assert said(his, "/me/merge/") == written("""
        title: Two accounts
        nav aria-label=Where you are
          - [My page](/me/)
          - aria-current=page Two accounts
        # Make two accounts one
        The other account becomes part of this one: its letters and senders come here,
            and nobody can sign in to it any more. This cannot be undone.
        POST /me/merge/
          Number from the other account ※required: <text code autocomplete=off
              autocapitalize=characters maxlength=40 required>
          {Make them one}
        ## You have no number yet?
        Sign in to the account that shall end, open “Two accounts” under “My page”, and
            ask for the number there.
        POST /me/merge/ask
          {Ask for a number: this account shall end}
    """)
    assert said(his, "/me/merge/same-person/") == written("""
        # You have another account
        Another mailbox has been confirmed for the same person. Each person has one
            confirmed mailbox, so we stopped here.
        Nothing is lost: your letters and choices in both accounts stay as they are. You
            can make the two one; then all letters are in one place.
        ## How to make them one
        - Ask for a number here. This account will become part of the other one.
        - Sign out, and sign in to the other account.
        - Open “Two accounts” under “My page” there, and enter the number within an
            hour.
        POST /me/merge/ask
          {Ask for the number} [Not now](/me/)
        You did not open another account? Then please call us: somebody may have used
            your name.
    """)


def test_the_number_is_shown_once(his: Client) -> None:
    confirmed_by_password(his)
    his.cookies["mypost_language"] = "en"
    shown = outline(text_of(his.post("/me/merge/ask")))
    assert re.sub(r"(?m)^(\w{4}-){3}\w{4}$", "NUMBER", shown) == written("""
        # Your number
        Write it down now: it is shown this once, and is good for an hour.
        NUMBER
        {:copy: ‹Copy aria-live=polite› type=button data-copy=#number data-copied=Copied
            hidden}
        - Sign out, and sign in to the other account.
        - Open “Two accounts” under “My page” there, and enter the number.
        Nobody from us ever asks you for this number.
        POST /account/logout/
          {Sign out}
    """)
