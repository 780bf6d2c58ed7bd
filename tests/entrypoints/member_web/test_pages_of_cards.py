"""What the pages about cards say as a whole."""

import re
from base64 import urlsafe_b64decode

import pytest
from django.test import Client
from pytest_django import Settings

from mypost.common.clock import new_id, now
from mypost.members import commands as members
from mypost.members.models import Member
from mypost.proofing.models import CardChallenge, LinkedCard
from tests.conftest import LATER, NOW
from tests.entrypoints.member_web.attributes import CERTIFIED, FAR
from tests.entrypoints.member_web.card_use import (
    LINK,
    PROVE,
    SIGN_IN,
    STEP_UP,
)
from tests.entrypoints.member_web.conftest import text_of
from tests.entrypoints.outline import outline, said, written


@pytest.fixture
def reader(settings: Settings) -> None:
    """There is a page that reads cards."""
    settings.CARD_CLIENT_URL = "https://reader.example"


def card_of(member: Member, **facts: object) -> LinkedCard:
    given: dict[str, object] = {
        "sign_issuer": "ab", "sign_serial": "0c1d", "sign_expires_at": FAR,
        "linked_at": NOW, "checked_at": LATER, **facts,
    }  # fmt: skip
    return LinkedCard.objects.create(id=new_id(now()), member=member, **given)


def test_somebodys_cards(hers: Client, hanako: Member) -> None:
    whole = card_of(hanako, auth_issuer="ab", auth_serial="0e2f", auth_expires_at=FAR)
    gone = {"sign_stopped_at": LATER, "sign_stop_reason": "stopped_by_holder"}
    lost = {"auth_serial": "0a0b", "auth_stopped_at": LATER, "auth_stop_reason": "loss"}
    card_of(hanako, sign_serial="0a0a", linked_at=LATER, auth_issuer="ab", **gone, **lost)
    same = ("0c1d", "0e2f", "0a0a", "0a0b")
    assert said(hers, "/me/card/", {whole.id: "CARD"}, same=same) == written("""
        nav aria-label=Where you are
          - [My page](/me/)
          - aria-current=page My Number Card
        # My Number Card
        section labelledby
          ## Card linked on 22 Nov 2026 stopped
          Proves who you are
            no longer / You stopped it yourself. @2026-11-22T11:00:00+09:00 /
                Certificate number 0a0a
          Signs you in
            no longer / The card was reported as lost. @2026-11-22T11:00:00+09:00 /
                Certificate number 0a0b
          Last checked
            @2026-11-22T11:00:00+09:00
        section labelledby
          ## Card linked on 22 Nov 2026 ‹:check: counts ~success›
          Proves who you are
            yes, until 2 Jan 2098 / Certificate number 0c1d
          Signs you in
            yes, until 2 Jan 2098 / Certificate number 0e2f
          Last checked
            @2026-11-22T11:00:00+09:00
          POST /me/card/CARD/stop
            {Stop this card data-confirm=Stop this card here? Nobody can sign in with it
                afterwards. Your level stays. ~danger}
        ## What you can do
        - [Prove who you are](/me/card/prove/)
          Level 3, with the PIN for signatures. Also after a move, or with a new card.
        - [Use your card for signing in](/me/card/sign-in/)
          With the PIN of four digits.
        If you lost your card, stop it here, and call the card's hotline (0120-95-0178)
            so that it is stopped everywhere.
    """)


def test_no_cards(his: Client) -> None:
    assert said(his, "/me/card/").partition("## What you")[0].strip() == written("""
        nav aria-label=Where you are
          - [My page](/me/)
          - aria-current=page My Number Card
        # My Number Card
        No card is linked yet.
        With your card you prove who you are at once, and can sign in without a
            password.
    """)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (
            PROVE,
            written("""
        title: Prove who you are
        nav aria-label=Where you are
          - [My page](/me/)
          - aria-current=page Prove who you are
        # Prove who you are with your My Number Card
        Your card signs that it is you. Name, address, date of birth and sex come from
            its certificate, and you reach level 3.
        ## You need
        - your My Number Card
        - the PIN for signatures: 6 to 16 capital letters and digits
        We neither see nor keep your My Number. The certificate itself is not kept, only
            what it says and its number.
        POST /me/card/prove/
          {Go on to the card}
          The page of the card reader opens. It asks for your PIN; we never see it. Then
              it leads you back here.
          ▸ The page of the card reader does not work here
          You can sign with a card reader elsewhere, and paste its answer here.
          {Show what is to be signed by_hand=1}
    """),
        ),
        (
            LINK,
            written("""
        title: Use your card for signing in
        nav aria-label=Where you are
          - [My page](/me/)
          - [My Number Card](/me/card/)
          - aria-current=page Use your card for signing in
        # Do you want to sign in with your card from now on?
        The card signs you in without a password, as strongly as anything does. Some
            letters open only after it.
        ## You need
        - your My Number Card
        - the PIN for signing in: four digits
        POST /me/card/sign-in/
          {Link the card}
          The page of the card reader opens. It asks for your PIN; we never see it. Then
              it leads you back here.
          ▸ The page of the card reader does not work here
          You can sign with a card reader elsewhere, and paste its answer here.
          {Show what is to be signed by_hand=1}
        [Not now](/me/)
    """),
        ),
        (
            f"{STEP_UP}?next=/box/",
            written("""
        title: Confirm with your card
        # Confirm with your card that it is you
        What you want to do asks for the My Number Card now, even though you are signed
            in. Afterwards you are back where you were.
        You need the card that is linked to this mailbox, and its PIN with four digits.
        POST /me/card/step-up/
          <hidden next=/box/>
          {Go on to the card}
          The page of the card reader opens. It asks for your PIN; we never see it. Then
              it leads you back here.
          ▸ The page of the card reader does not work here
          You can sign with a card reader elsewhere, and paste its answer here.
          {Show what is to be signed by_hand=1}
        [My card is not linked yet](/me/card/sign-in/)
    """),
        ),
    ],
)
def test_what_a_member_is_told_before_a_card_is_used(
    his: Client, reader: None, path: str, told: str
) -> None:
    assert said(his, path) == told


def test_what_a_stranger_is_told_before_a_card_is_used(nobodys: Client, reader: None) -> None:
    assert said(nobodys, f"{SIGN_IN}?next=/box/") == written("""
        # Sign in with the My Number Card
        You need the card and its PIN with four digits. The card must have been linked
            to your mailbox before.
        POST /account/card/
          <hidden next=/box/>
          {Go on to the card}
          The page of the card reader opens. It asks for your PIN; we never see it. Then
              it leads you back here.
          ▸ The page of the card reader does not work here
          You can sign with a card reader elsewhere, and paste its answer here.
          {Show what is to be signed by_hand=1}
        [Sign in another way](/account/login/?next=%2Fbox%2F)
    """)


def test_without_a_reader_the_card_is_used_elsewhere(his: Client, settings: Settings) -> None:
    settings.CARD_CLIENT_URL = ""
    assert said(his, PROVE).partition("POST")[2].strip() == written("""
        /me/card/prove/
          {Show what is to be signed by_hand=1}
    """)


def test_who_has_proved_already_is_told_so(his: Client, jiro: Member, reader: None) -> None:
    members.certify(jiro, CERTIFIED, at=NOW)
    assert "You have proved who you are already." in said(his, PROVE)
    card_of(jiro, auth_issuer="ab", auth_serial="0e2f", auth_expires_at=FAR)
    assert "A card is linked for signing in already." in said(his, LINK)
    members.lapse(jiro, reason="move", at=LATER)
    shown = said(his, PROVE)
    assert "already" not in shown
    assert "  No longer certified\n  You have moved" in shown


def test_what_is_to_be_signed_can_be_copied(his: Client) -> None:
    his.cookies["mypost_language"] = "en"
    shown = outline(text_of(his.post(PROVE, {"by_hand": "1"})), within="main")
    number = str(CardChallenge.objects.get().id)
    head, copied, rest = re.split(r"(?m)^(\S{80,}\n)", shown)
    words = urlsafe_b64decode(copied.strip() + "===").decode()
    said_of_it, below = rest.partition("▸ What it says\n")[2].split(" lang=en\n")
    assert said_of_it.split() == words.split()
    shown = head + rest.partition("▸")[0] + below.replace(number, "CHALLENGE")
    assert shown == written("""
        # Sign elsewhere, paste here
        You have five minutes.
        ## 1. Copy what is to be signed
        {:copy: ‹Copy aria-live=polite› type=button data-copy=#challenge
            data-copied=Copied hidden}
        ## 2. Let your card sign it
        With any card reader program that signs a text with the My Number Card.
        ## 3. Paste the answer
        POST /me/card/prove/answer !! without token
          <hidden challenge_id=CHALLENGE>
          The whole text with certificate and signature.
          Answer of the card: <textarea answer required spellcheck=false
              autocomplete=off describedby>
          {Go on} [Begin again](/me/card/prove/)
    """)


def test_an_answer_without_a_session_is_sent_once_more(db: None) -> None:
    given = {"challenge_id": "a", "certificate": "b", "signature": "c", "other": "d"}
    http = Client(enforce_csrf_checks=True)
    assert said(http, lambda: http.post(f"{PROVE}answer", given), within="main") == written("""
        # Your card has answered
        You come from the page of the card reader. Please press once more to go on in
            MyPost.
        POST /me/card/prove/answer !! without token
          <hidden challenge_id=a><hidden certificate=b><hidden signature=c> <hidden
              again=1> {Go on in MyPost}
    """)


def test_a_card_that_is_refused(his: Client, nobodys: Client) -> None:
    shown = said(his, lambda: his.post(f"{PROVE}answer", {"challenge_id": "x"}), within="main")
    assert shown == written("""
        # The card was not accepted
        div role=alert ~error
          :error Error:
          This answer belongs to no question that we put to this browser.
          Please begin again. If it happens again, tell us the code below.
        [Begin again](/me/card/prove/)
        Code: challenge_foreign
    """)
    nobodys.get("/account/login/")
    nobodys.cookies["mypost_cli_session"] = "x" * 32
    shown = said(nobodys, lambda: nobodys.post(f"{SIGN_IN}answer", {}), within="main")
    assert shown.splitlines()[-2:] == [
        "[Begin again](/account/card/) [Sign in another way](/account/login/)",
        "Code: challenge_foreign",
    ]
