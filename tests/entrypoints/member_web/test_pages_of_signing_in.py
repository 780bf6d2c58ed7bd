"""What the pages of signing in say as a whole."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client

from mypost.members.models import Member
from tests.conftest import PASSWORD
from tests.entrypoints.member_web.conftest import text_of
from tests.entrypoints.outline import outline, said, written
from tests.entrypoints.signed_in import confirmed_again
from tests.entrypoints.soft_passkey import SoftPasskey, register

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"
SAME = ("iPhone Safari", "Windows Firefox", "passkey")


@pytest.fixture
def sure(hers: Client, hanako: Member) -> Client:
    """Hanako's browser; she has just confirmed that it is she."""
    return confirmed_again(hers, hanako.account)


def test_signing_in_and_up(nobodys: Client) -> None:
    assert said(nobodys, "/account/login/?next=/box/") == written("""
        # Sign in
        div role=alert data-passkey-trouble hidden ~error
          :error Error:
          Your device did not confirm it. Please try again.
          Perhaps you cancelled it, it took too long, or this device has no passkey for
              MyPost.
        POST /account/login/
          Email ※required: <email login autocomplete=email placeholder=Email address
              maxlength=320 required>
          [Forgot your password?](/account/password/reset/)
          Password ※required: <password password placeholder=Password
              autocomplete=current-password required describedby> {Show the password
              type=button data-reveal=id_password aria-pressed=false hidden}
          <hidden next=/box/>
          {Sign in}
        ## Other ways to sign in
        POST /account/2fa/webauthn/login/
          <hidden next=/box/><hidden credential> {:key: Sign in with a passkey
              type=button data-passkey=login data-credential=passkey-credential form
              hidden}
        [Sign in with the My Number Card](/account/card/)
        ## New here?
        Opening a mailbox takes about three minutes. You need an e-mail address.
        [Open a mailbox](/account/signup/?next=%2Fbox%2F)
    """)
    assert said(nobodys, "/account/signup/") == written("""
        # Open a mailbox
        First your e-mail address and a password. Then we send you a code to confirm the
            address.
        POST /account/signup/
          As you would like us to address you. You can change it later.
          Your name ※required: <text name autocomplete=name maxlength=100 required
              describedby>
          Email ※required: <email email autocomplete=email placeholder=Email address
              maxlength=320 required>
          - Your password must contain at least 15 characters.
          - Your password can’t be a commonly used password.
          - Your password can’t be too similar to your other personal information.
          - A sentence of several words is good. You need no special characters.
          Password ※required: <password password1 placeholder=Password
              autocomplete=new-password required describedby> {Show the password
              type=button data-reveal=id_password1 aria-pressed=false hidden}
          {Next}
        You already have a mailbox? [Sign in](/account/login/)
    """)
    assert said(nobodys, "/account/password/reset/") == written("""
        # Set a new password
        Enter your e-mail address. We send you a mail with which you can set a new
            password.
        POST /account/password/reset/
          Email ※required: <email email autocomplete=email placeholder=Email address
              maxlength=320 required>
          {Send the mail}
        [Back to sign in](/account/login/)
    """)
    assert said(nobodys, "/account/password/reset/done/") == written("""
        # Your new password is set
        [Sign in](/account/login/)
    """)


def test_a_second_step(sure: Client, nobodys: Client, hanako: Member) -> None:
    TOTP.activate(hanako.account, SECRET)
    nobodys.post("/account/login/", {"login": hanako.account.email, "password": PASSWORD})
    assert said(nobodys, "/account/2fa/authenticate/") == written("""
        # Second step
        ## With a code
        Enter the six-digit number that your app shows now. Without the phone, use one
            of your spare codes.
        POST /account/2fa/authenticate/
          Code ※required: <text code placeholder=Code autocomplete=one-time-code
              required>
          {Sign in}
        POST /account/logout/
          <hidden next=/account/login/> {Cancel}
    """)
    register(sure, SoftPasskey(), "my phone")
    shown = said(nobodys, "/account/2fa/authenticate/")
    assert shown.partition("## With a code")[0].strip() == written("""
        # Second step
        POST /account/2fa/authenticate/
          <hidden credential=null>
          div role=alert data-passkey-trouble hidden ~error
            :error Error:
            Your device did not confirm it. Please try again.
            Perhaps you cancelled it, it took too long, or this device has no passkey
                for MyPost.
          {:key: Use the passkey type=button data-passkey=confirm
              data-credential=id_credential data-options={…} hidden}
    """)


def test_an_address_is_confirmed_by_a_code(nobodys: Client) -> None:
    given = {"name": "新", "email": "new@example.jp", "password1": PASSWORD}
    sent = nobodys.post("/account/signup/", given)
    assert len(mail.outbox) == 1
    assert said(nobodys, sent["Location"]) == written("""
        # Confirm your e-mail address
        We sent a code to new@example.jp. It is valid for a short time only.
        It may take a minute. Please look into the folder for unwanted mail, too.
        POST /account/confirm-email/
          Code ※required: <text code placeholder=Code autocomplete=one-time-code
              required>
          {Confirm}
        POST /account/logout/
          <hidden next=/account/login/> {Cancel}
    """)


def test_it_is_asked_once_more_who_it_is(sure: Client, hanako: Member) -> None:
    assert said(sure, "/account/reauthenticate/?next=/me/") == written("""
        # Is it you?
        For what you are about to do, please confirm once more that it is you.
        POST /account/reauthenticate/
          <text=hanako@example.jp autocomplete=username readonly hidden>
          [Forgot your password?](/account/password/reset/)
          Password ※required: <password password placeholder=Password
              autocomplete=current-password required describedby> {Show the password
              type=button data-reveal=id_password aria-pressed=false hidden}
          <hidden next=/me/>
          {Go on}
    """)
    TOTP.activate(hanako.account, SECRET)
    register(sure, SoftPasskey(), "my phone")
    assert said(sure, "/account/2fa/reauthenticate/") == written("""
        # Is it you?
        For what you are about to do, please confirm once more that it is you.
        POST /account/2fa/reauthenticate/
          Code ※required: <text code placeholder=Code autocomplete=one-time-code
              required>
          {Go on}
        ## Other ways
        [Use a security key](/account/2fa/webauthn/reauthenticate/) [Use your
            password](/account/reauthenticate/)
    """)
    sure.cookies["mypost_language"] = "en"  # the other ways stand in the order of their words
    shown = outline(text_of(sure.get("/account/2fa/webauthn/reauthenticate/?next=/me/")))
    assert shown == written("""
        # Is it you?
        For what you are about to do, please confirm once more that it is you.
        POST /account/2fa/webauthn/reauthenticate/
          <hidden credential=null><hidden next=/me/>
          div role=alert data-passkey-trouble hidden ~error
            :error Error:
            Your device did not confirm it. Please try again.
            Perhaps you cancelled it, it took too long, or this device has no passkey
                for MyPost.
          For passkeys your browser needs JavaScript, and your device a way to confirm
              that it is you. data-without-passkeys
          {:key: Confirm with the passkey type=button data-passkey=confirm
              data-credential=id_credential data-options={…} hidden}
        ## Other ways
        [Use authenticator app or code](/account/2fa/reauthenticate/?next=%2Fme%2F) [Use
            your password](/account/reauthenticate/?next=%2Fme%2F)
    """)


def test_signing_out_is_asked_first(hers: Client) -> None:
    assert said(hers, "/account/logout/") == written("""
        title: Sign out
        # Sign out?
        POST /account/logout/
          {Sign out}
    """)
