"""What the pages of leaving, and the frame around all pages, say as a whole."""

import pytest
from django.test import Client

from mypost.members.models import Member
from mypost.operators.models import Operator
from mypost.senders.models import Staff
from tests.conftest import NOW, SendLetter, make_account
from tests.entrypoints.member_web.conftest import browser_of
from tests.entrypoints.outline import said, written
from tests.entrypoints.signed_in import confirmed_again

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"
SAME = ("iPhone Safari", "Windows Firefox", "passkey")


@pytest.fixture
def sure(hers: Client, hanako: Member) -> Client:
    """Hanako's browser; she has just confirmed that it is she."""
    return confirmed_again(hers, hanako.account)


def test_what_closing_means(hers: Client, hanako: Member) -> None:
    Member.objects.filter(id=hanako.id).update(merged_mailboxes=[hanako.mailbox_id])
    shown = said(hers, "/me/closing/")
    assert shown == written("""
        nav aria-label=Where you are
          - [My page](/me/)
          - aria-current=page Close the mailbox
        # Close the mailbox
        ## First: take your letters with you
        Afterwards nobody can open them any more, neither you nor we.
        [:download: Download all letters](/me/export/)
        ## What happens then
        - For 30 days everything works as before, and you can change your mind.
        - Then no sender can write to you here, and the keys of your mailbox are
            destroyed.
        - Your name, address and cards are deleted, and your ways to sign in. You may
            open a new mailbox with the same e-mail address.
        - What stays is the evidence that letters were delivered and opened. It holds
            neither content nor names.
        - The mailbox of the account that you merged into this one is closed with it.
        POST /me/closing/ask
          {Close the mailbox data-confirm=Close the mailbox in 30 days? ~danger}
    """)
    Member.objects.filter(id=hanako.id).update(merged_mailboxes=[])
    unmerged = said(hers, "/me/closing/")
    assert "account that you merged" not in unmerged


def test_a_mailbox_that_is_going_to_close(hers: Client, hanako: Member) -> None:
    Member.objects.filter(id=hanako.id).update(closing_at=NOW)
    assert said(hers, "/me/closing/") == written("""
        nav aria-label=Where you are
          - [My page](/me/)
          - aria-current=page Close the mailbox
        div role=status ~warning
          :warning Attention:
          Your mailbox closes on @2026-11-22
          POST /me/closing/keep
            {Keep my mailbox}
        # Close the mailbox
        Until then everything works as before. You can still change your mind.
        POST /me/closing/keep
          {Keep my mailbox}
        [:download: Download all letters](/me/export/)
    """)


def test_taking_everything_along(sure: Client, hanako: Member, send_letter: SendLetter) -> None:
    assert "POST /me/export/archive\n  Letters that ask for more" in said(sure, "/me/export/")
    send_letter()
    assert said(sure, "/me/export/") == written("""
        nav aria-label=Where you are
          - [My page](/me/)
          - aria-current=page Download all letters
        # Download all letters
        You get one archive (ZIP): an index, each letter's text with its documents and
            its receipt, and what we hold about you. Keep it where nobody else can read
            it.
        POST /me/export/archive
          Letters that ask for more than how you signed in now, or for a higher level,
              are named in the index and left out.
          Also letters that I have not opened yet: <checkbox unread=1 describedby>
          They count as opened from then on, and their senders see that.
          {:download: Download the archive}
    """)


def test_somebody_without_a_mailbox(clerk: Staff, operator: Operator) -> None:
    alone = browser_of(make_account("new@example.jp", "新"))
    assert said(alone, "/mailbox/") == written("""
        # You have no mailbox yet
        Your e-mail address is confirmed. One more step, and letters can arrive.
        POST /mailbox/open
          {Open my mailbox}
    """)
    assert said(browser_of(clerk.account), "/mailbox/") == written("""
        # This is the members' door
        clerk@example.jp is an address for work. Please use the door that belongs to it.
            For letters to yourself, sign out and open a mailbox with a private address.
        [To the sender's console](http://localhost:8001)
    """)
    assert said(browser_of(operator.account), "/mailbox/").splitlines()[-1] == (
        "[To the operator's back office](http://localhost:8002)"
    )


def test_the_frame(hers: Client, nobodys: Client, send_letter: SendLetter) -> None:
    send_letter()
    assert said(hers, "/help/", within="site-header") == written("""
        title: Help
        [:mark: MyPost Mailbox](/)
        POST /language
          <hidden next=/help/> {:language: 日本語 language=ja lang=ja}
        ▸ My menu: :drawing3: Level 3 花子 :chevron-down:
        花子
        :drawing3: Level 3 identity confirmed by card
        - [My page](/me/)
        - [Help](/help/)
        POST /account/logout/
          {Sign out}
    """)
    assert said(hers, "/help/", within="places") == written("""
        title: Help
        - [:box: Box 1 waiting](/box/)
        - [:due: Due](/due/)
        - [:senders: Senders](/senders/)
        - [:account: My page](/me/)
    """)
    assert said(hers, "/account/email/", within="places").count("aria-current=page") == 1
    assert said(nobodys, "/help/", within="site-header") == written("""
        title: Help
        [:mark: MyPost Mailbox](/)
        POST /language
          <hidden next=/help/> {:language: 日本語 language=ja lang=ja}
        [Help](/help/) [Sign in](/account/login/)
    """)
    assert said(nobodys, "/help/", within="site-footer") == written("""
        title: Help
        MyPost Your letters, in your own mailbox. All times are Japanese time.
            [Help](/help/)
    """)
    assert said(nobodys, "/help/", within="dialog") == written("""
        title: Help
        DIALOG
          {Yes, continue=yes data-confirm-yes} {Cancel=no}
    """)
