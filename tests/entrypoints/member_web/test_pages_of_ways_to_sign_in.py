"""What the pages about ways to sign in say as a whole, with everything on them and with nothing."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils.timezone import now

from mypost.accounts import commands as accounts
from mypost.accounts.models import SignIn
from mypost.members.models import Member
from tests.conftest import NOW
from tests.entrypoints.member_web.conftest import text_of
from tests.entrypoints.outline import outline, said, written
from tests.entrypoints.signed_in import confirmed_again, give_passkey, signed_in

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"
SAME = ("iPhone Safari", "Windows Firefox", "passkey")


@pytest.fixture
def sure(hers: Client, hanako: Member) -> Client:
    """Hanako's browser; she has just confirmed that it is she."""
    return confirmed_again(hers, hanako.account)


def body_of(shown: str) -> str:
    """Without what stands above each page of one's account."""
    return shown.partition("(/me/security/)\n")[2]


def test_ways_and_tries(sure: Client, hanako: Member) -> None:
    give_passkey(hanako.account)
    TOTP.activate(hanako.account, SECRET)
    for succeeded, browser in ((True, "iPhone Safari"), (False, "")):
        accounts.note_sign_in(
            hanako.account, SignIn.Method.PASSWORD, succeeded=succeeded, browser=browser,
            network="192.0.2.0/24", at=now(),
        )  # fmt: skip
    assert said(sure, "/me/security/", same=SAME) == written("""
        nav aria-label=Where you are
          - [My page](/me/)
          - aria-current=page Ways to sign in, and who signed in
        # Ways to sign in, and who signed in
        ## Your ways to sign in
        Now
          passkey / opens every letter that does not ask for the card
        Passkeys
          1 registered [Manage passkeys](/account/2fa/webauthn/)
        App that shows a number
          in use [Passkeys and codes](/account/2fa/)
        My Number Card
          [Your cards](/me/card/)
        Password
          [Change the password](/account/password/change/)
        E-mail address
          hanako@example.jp [Change the e-mail address](/account/email/)
        Signed-in devices
          0 devices [Show the devices](/account/sessions/)
        ## Who signed in, and who tried to
        If you do not know one of them, sign out the other devices and change your
            password. We keep this for a year.
        Who signed in, and who tried to
        | When | Result | Way | Device | Network
        | @now | Result: ‹:warning: refused ~warning› | Way: password | Device: Unknown
            device | Network: 192.0.2.0/24
        | @now | Result: ‹:check: signed in ~success› | Way: password | Device: iPhone
            Safari | Network: 192.0.2.0/24
        ## Taking everything with you
        - [Download all letters](/me/export/)
        - [Close the mailbox](/me/closing/)
    """)


def test_devices(sure: Client, hanako: Member) -> None:
    assert "Sign out the other devices" not in said(sure, "/account/sessions/")
    for http, agent in ((sure, PHONE), (signed_in(hanako.account), "")):
        UserSession.objects.update_or_create(
            user=hanako.account, session_key=str(http.session.session_key),
            defaults={"ip": "192.0.2.7", "user_agent": agent},
        )  # fmt: skip
    named = {f"/{one.pk}/end": "/END" for one in UserSession.objects.all()}
    assert body_of(said(sure, "/account/sessions/", named, same=SAME)) == written("""
        # Signed-in devices
        If you do not know one of them, sign out the others and change your password.
        Signed-in devices
        | Device | Signed in | Network address | Change
        | iPhone Safari ‹this device ~success›
          Signed in: @now
          Network address: 192.0.2.7
        | Unknown device
          Signed in: @now
          Network address: 192.0.2.7
          Change:
          POST /account/sessions/END
            {Sign out Unknown device}
        POST /account/sessions/
          {Sign out the other devices}
    """)


def test_passkeys_and_codes(sure: Client, hanako: Member) -> None:
    give_passkey(hanako.account)
    TOTP.activate(hanako.account, SECRET)
    RecoveryCodes.activate(hanako.account)
    assert body_of(said(sure, "/account/2fa/")) == written("""
        # Passkeys and codes
        Nobody gets in with a stolen password alone.
        ## Passkeys
        1 passkey is registered. It signs you in without the password.
        [Register a passkey](/account/2fa/webauthn/add/) [Show the
            passkeys](/account/2fa/webauthn/)
        ## App that shows a number
        After the password we also ask for a number that only your phone shows. ‹:check:
            in use ~success›
        [Stop using the app ~danger](/account/2fa/totp/deactivate/)
        ## Spare codes
        10 codes are left. Each lets you in once without the phone.
        [Show the codes](/account/2fa/recovery-codes/) [Make new
            codes](/account/2fa/recovery-codes/generate/)
    """)


def test_no_passkeys_and_no_codes(sure: Client) -> None:
    assert body_of(said(sure, "/account/2fa/")) == written("""
        # Passkeys and codes
        Nobody gets in with a stolen password alone.
        ## Passkeys
        A passkey signs you in with your finger, your face or the PIN of your device. It
            cannot be forgotten, guessed or given to a false page.
        [Register a passkey](/account/2fa/webauthn/add/)
        ## App that shows a number
        After the password we also ask for a number that only your phone shows. not in
            use
        [Set up an app](/account/2fa/totp/activate/)
    """)


def test_the_list_of_passkeys(sure: Client, hanako: Member) -> None:
    assert body_of(said(sure, "/account/2fa/webauthn/")) == written("""
        # Passkeys
        Register one on each device that you use, so that a lost one locks nobody out.
        You have no passkey yet.
        [Register a passkey](/account/2fa/webauthn/add/)
    """)
    used, unused = give_passkey(hanako.account), give_passkey(hanako.account)
    Authenticator.objects.filter(pk=used.pk).update(last_used_at=NOW, created_at=NOW)
    named = {f"/keys/{used.pk}/": "/keys/A/", f"/keys/{unused.pk}/": "/keys/B/"}
    shown = body_of(said(sure, "/account/2fa/webauthn/", named, same=SAME))
    assert shown == written("""
        # Passkeys
        Register one on each device that you use, so that a lost one locks nobody out.
        Passkeys
        | Name | Registered | Last used | Change
        | passkey | Registered: @2026-11-22T10:00:00+09:00 | Last used:
            @2026-11-22T10:00:00+09:00 | Change: [Rename aria-label=Rename
            passkey](/account/2fa/webauthn/keys/A/edit/) [Remove aria-label=Remove
            passkey](/account/2fa/webauthn/keys/A/remove/)
        | passkey | Registered: @now | Last used: not yet | Change: [Rename
            aria-label=Rename passkey](/account/2fa/webauthn/keys/B/edit/) [Remove
            aria-label=Remove passkey](/account/2fa/webauthn/keys/B/remove/)
        [Register a passkey](/account/2fa/webauthn/add/)
    """)
    of_one = f"/account/2fa/webauthn/keys/{used.pk}/"
    assert body_of(said(sure, f"{of_one}edit/", same=SAME)) == written("""
        # Rename the passkey
        POST
          Name of the passkey ※required: <text name=passkey maxlength=60 required>
          {Save the name}
    """)
    assert body_of(said(sure, f"{of_one}remove/", same=SAME)) == written("""
        # Remove the passkey
        “passkey” will no longer sign you in. Please delete it on your device, too.
        POST
          {Remove the passkey ~danger}
    """)


def test_a_passkey_is_registered(sure: Client) -> None:
    shown = body_of(said(sure, "/account/2fa/webauthn/add/"))
    assert shown == written("""
        # Register a passkey
        A passkey signs you in with your finger, your face or the PIN of your device. It
            cannot be forgotten, guessed or given to a false page.
        POST /account/2fa/webauthn/add/
          So that you know it again, such as “my phone”.
          Name of the passkey: <text name=Passkey 1 maxlength=60 describedby>
          <checkbox passwordless checked hidden required><hidden credential=null>
          div role=alert data-passkey-trouble hidden ~error
            :error Error:
            Your device did not confirm it. Please try again.
            Perhaps you cancelled it, it took too long, or this device has no passkey
                for MyPost.
          For passkeys your browser needs JavaScript, and your device a way to confirm
              that it is you. data-without-passkeys
          {:key: Register the passkey type=button data-passkey=add
              data-credential=id_credential data-options={…}
              data-passwordless=id_passwordless hidden}
    """)


def test_an_app_is_set_up(sure: Client) -> None:
    sure.cookies["mypost_language"] = "en"
    shown = body_of(outline(text_of(sure.get("/account/2fa/totp/activate/"))))
    assert re.sub(r"(?m)^[A-Z2-7]{32}$", "SECRET", shown) == written("""
        # Set up an app
        ## 1. Add MyPost to the app
        Open an authenticator app on your phone and let it read this code.
        <img alt=The same key as below, for the phone's camera>
        If the camera does not work, type this key into the app:
        SECRET
        {:copy: ‹Copy aria-live=polite› type=button data-copy=#authenticator-key
            data-copied=Copied hidden}
        ## 2. Enter the number that the app shows
        POST /account/2fa/totp/activate/
          Authenticator code ※required: <text code placeholder=Code
              autocomplete=one-time-code required>
          {Use this app}
    """)


def test_an_app_is_stopped(sure: Client, hanako: Member) -> None:
    TOTP.activate(hanako.account, SECRET)
    assert body_of(said(sure, "/account/2fa/totp/deactivate/")) == written("""
        # Stop using the app
        From then on your password alone lets you in.
        POST /account/2fa/totp/deactivate/
          {Stop using the app ~danger}
    """)


def test_spare_codes(sure: Client, hanako: Member) -> None:
    TOTP.activate(hanako.account, SECRET)
    assert body_of(said(sure, "/account/2fa/recovery-codes/generate/")) == written("""
        # Make new codes
        You get ten codes. Each lets you in once without the phone.
        POST /account/2fa/recovery-codes/generate/
          {Make new codes}
    """)
    spare = RecoveryCodes.activate(hanako.account)
    again = body_of(said(sure, "/account/2fa/recovery-codes/generate/"))
    assert "The old codes stop working at once." in again
    named = {code: f"CODE {number}" for number, code in enumerate(spare.get_unused_codes())}
    assert body_of(said(sure, "/account/2fa/recovery-codes/", named)) == written("""
        # Spare codes
        Each code lets you in once without the phone. Print them, or write them down,
            and keep them where you keep your papers.
        ol aria-label=Unused codes ~list
          - CODE 0
          - CODE 1
          - CODE 2
          - CODE 3
          - CODE 4
          - CODE 5
          - CODE 6
          - CODE 7
          - CODE 8
          - CODE 9
        [:download: Download as a file download](/account/2fa/recovery-codes/download/)
            [Make new codes](/account/2fa/recovery-codes/generate/) [I have kept
            them](/)
    """)


def test_addresses(sure: Client, hanako: Member) -> None:
    EmailAddress.objects.create(user=hanako.account, email="new@example.jp", verified=False)
    assert body_of(said(sure, "/account/email/")) == written("""
        # E-mail address
        POST /account/email/
          = Your addresses
          hanako@example.jp ‹used for notices ~info›: <radio email=hanako@example.jp
              checked>
          new@example.jp ‹not yet confirmed ~warning›: <radio email=new@example.jp>
          {Use for notices action_primary} {Send the mail again action_send} {Remove
              action_remove data-confirm=Remove this address? ~danger}
        ## Add an address
        POST /account/email/
          Email ※required: <email email autocomplete=email placeholder=Email address
              maxlength=320 required>
          {Send a mail to confirm action_add}
    """)


def test_the_password_is_changed(sure: Client) -> None:
    assert body_of(said(sure, "/account/password/change/")) == written("""
        # Change the password
        POST /account/password/change/
          <text=hanako@example.jp autocomplete=username readonly hidden>
          [Forgot your password?](/account/password/reset/)
          Current Password ※required: <password oldpassword placeholder=Current Password
              autocomplete=current-password required describedby> {Show the password
              type=button data-reveal=id_oldpassword aria-pressed=false hidden}
          - Your password must contain at least 15 characters.
          - Your password can’t be a commonly used password.
          - Your password can’t be too similar to your other personal information.
          - A sentence of several words is good. You need no special characters.
          New Password ※required: <password password1 placeholder=New Password
              autocomplete=new-password required describedby> {Show the password
              type=button data-reveal=id_password1 aria-pressed=false hidden}
          New Password (again) ※required: <password password2 placeholder=New Password
              (again) autocomplete=new-password required> {Show the password type=button
              data-reveal=id_password2 aria-pressed=false hidden}
          {Change the password}
    """)
