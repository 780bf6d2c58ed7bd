"""What the pages about oneself say as a whole, with everything on them and with nothing."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

from mypost.common.clock import now
from mypost.members import commands as members
from mypost.members.models import AssuranceLevel, DeclaredAttributes, LevelSource, Member
from mypost.notifications import commands as notifications
from mypost.notifications.models import Notice, NoticeKind
from tests.conftest import LATER, NOW
from tests.entrypoints.member_web.attributes import CERTIFIED, HOUR, SAME
from tests.entrypoints.member_web.conftest import letter_with_a_passcode, page
from tests.entrypoints.outline import outline, said, written


def test_of_somebody_we_know_little_of(his: Client) -> None:
    assert said(his, "/me/") == written("""
        # My page
        section labelledby
          ## How sure we are of who you are
          :drawing: Level 0 e-mail only
          So far you have confirmed your e-mail address.
          Cities and authorities write only to members whose identity is confirmed.
          ### How to raise it
          - :drawing3: Level 3 [My Number Card](/me/card/prove/)
            At once. You need the card and the PIN with 6 to 16 letters and digits.
          - :drawing2: Level 2 [Passcode by post](/me/passcode/)
            In about a week. The letter is handed to you alone, against an ID document.
          [What changed, and when](/me/history/)
        section labelledby
          ## Name and address
          You have not told us yet. A passcode by post needs your name and address.
          [Enter name and address](/me/profile/)
        ## Who I am here
        E-mail address
          jiro@example.jp [Change it](/account/email/)
        Mailbox opened
          @2026-11-22T10:00:00+09:00
        POST /me/name
          This is how we address you.
          Your name ※required: <text name=次郎 autocomplete=name maxlength=100 required
              describedby>
          {Save the name}
        ## Signing in
        - [Ways to sign in, and who signed in](/me/security/)
        - [Change the password](/account/password/change/)
        - [Passkeys and codes](/account/2fa/)
        - [My Number Card](/me/card/)
        - [Signed-in devices](/account/sessions/)
        ## Letters and mailbox
        - [Two accounts](/me/merge/)
        - [Download all letters](/me/export/)
        - [Close the mailbox](/me/closing/)
        ## Language of pages and e-mails
        POST /language
          <hidden next=/me/> {日本語 language=ja lang=ja aria-pressed=false}{English
              language=en lang=en aria-pressed=true}
    """)


def test_of_somebody_with_all_attributes(his: Client, told: Member) -> None:
    members.certify(told, CERTIFIED, at=LATER)
    members.flag_address(DeclaredAttributes.objects.get(), reason="moved")
    shown = said(his, "/me/", same=SAME)
    assert shown[: shown.index("## Who I am here")].strip() == written("""
        # My page
        section labelledby
          ## How sure we are of who you are
          :drawing3: Level 3 identity confirmed by card
          You proved who you are with your My Number Card. @2026-11-22T11:00:00+09:00
          You can choose every sender and open every letter.
          [What changed, and when](/me/history/)
        section labelledby
          ## Name and address
          div role=status ~warning
            :warning Attention:
            The letter to this address came back. Please look at it again, then ask for
                a new letter.
          section labelledby
            ### As you told us
            Full name
              ‹芝（シバ） 次郎（ジロウ） lang=ja›
            Address
              〒105-0011 / ‹東京都港区芝公園４－２－８ lang=ja› / ‹みなとハイツ２０２
                  lang=ja›
            Date of birth
              17 Feb 1980 (Shōwa 55)
            Sex
              male
            Source
              your own words / @2026-11-22T10:00:00+09:00
          section labelledby
            ### As certified ‹:check: certified ~success›
            Full name
              ‹髙橋 次郎 lang=ja›
            Address
              ‹福島県みなと市字岬下１番地 lang=ja›
            Date of birth
              25 Jul 1996 (Heisei 8)
            Sex
              male
            Source
              My Number Card / @2026-11-22T11:00:00+09:00
            Certificate number
              0c1d
            The marked characters in the name stand for others: ‹髙 lang=ja›. The marked
                characters in the address stand for others: ‹地 lang=ja›. The card
                cannot hold every character. Your resident record has the right one;
                nothing is wrong with your card.
          [Change name or address](/me/profile/)
    """)


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        ("move", "Your municipality writes a new certificate"),
        ("name_change", "Your municipality writes a new certificate"),
        ("affiliation_changed", "Your municipality writes a new certificate"),
        ("loss", "When you have a new card, prove yourself with it."),
        ("key_compromise", "When you have a new card, prove yourself with it."),
        ("expired", "Prove yourself with the new certificate of your card"),
        ("renewal", "Prove yourself with the new certificate of your card"),
        ("superseded", "Prove yourself with the new certificate of your card"),
        ("unspecified", "If this is wrong, please ask your municipality."),
    ],
)
def test_of_somebody_whose_attributes_have_lapsed(
    his: Client, jiro: Member, reason: str, advice: str
) -> None:
    members.certify(jiro, CERTIFIED, at=NOW)
    members.lapse(jiro, reason=reason, at=LATER)
    his.cookies["mypost_language"] = "en"
    shown = outline(page(his, "/me/"))
    assert advice in shown
    if reason == "move":
        assert said(his, "/me/", same=SAME).partition("## Who I am")[0].strip() == written("""
        # My page
        section labelledby
          ## How sure we are of who you are
          :drawing3: Level 3 identity confirmed by card
          You proved who you are with your My Number Card. @2026-11-22T10:00:00+09:00
          You can choose every sender and open every letter.
          div role=status ~warning
            :warning Attention:
            No longer certified
            You have moved: the address is no longer certified.
            Your municipality writes a new certificate for signatures to your card, at
                its counter. Then prove yourself with the card again; your letters and
                choices stay as they are.
          ### How to have it certified again
          - :drawing3: Level 3 [My Number Card](/me/card/prove/)
            At once. You need the card and the PIN with 6 to 16 letters and digits.
          [What changed, and when](/me/history/)
        section labelledby
          ## Name and address
          section labelledby
            ### As certified ‹no longer certified ~warning›
            Full name
              ‹髙橋 次郎 lang=ja›
            Address
              ‹福島県みなと市字岬下１番地 lang=ja›
            Date of birth
              25 Jul 1996 (Heisei 8)
            Sex
              male
            Source
              My Number Card / @2026-11-22T10:00:00+09:00 / no longer certified since
                  @2026-11-22T11:00:00+09:00
            Certificate number
              0c1d
            The marked characters in the name stand for others: ‹髙 lang=ja›. The marked
                characters in the address stand for others: ‹地 lang=ja›. The card
                cannot hold every character. Your resident record has the right one;
                nothing is wrong with your card.
          [Enter name and address](/me/profile/)
    """)


def test_how_it_came_to_be_so(his: Client, told: Member) -> None:
    members.certify(told, CERTIFIED, at=LATER)
    members.lapse(told, reason="loss", at=LATER)
    level = AssuranceLevel.SELF_DECLARED
    members.set_level(told.id, level, source=LevelSource.OPERATOR, reason="x", at=LATER + HOUR)
    Notice.objects.all().delete()  # those of a day that is ninety days past one day
    notifications.tell(told.mailbox_id, NoticeKind.NEW_SIGN_IN, at=now())
    assert said(his, "/me/history/", same=(*SAME, "x")) == written("""
        nav aria-label=Where you are
          - [My page](/me/)
          - aria-current=page What changed, and when
        # What changed, and when
        We keep what was changed, so that you can see it.
        ## What we mailed you about
        @now
          Somebody signed in from a device that is new here.
        ## Level
        @2026-11-22T12:00:00+09:00
          :drawing1: Level 1 as you declared it / Set by our staff: x
        @2026-11-22T11:00:00+09:00
          :drawing3: Level 3 identity confirmed by card / You proved who you are with
              your My Number Card.
        @2026-11-22T10:00:00+09:00
          :drawing1: Level 1 as you declared it / You told us your name and address.
        ## As certified
        @2026-11-22T11:00:00+09:00
          ‹髙橋 次郎 lang=ja› / ‹福島県みなと市字岬下１番地 lang=ja› / My Number Card ·
              Certificate number 0c1d / @2026-11-22T11:00:00+09:00 The card was reported
              as lost.
        ## As you told us
        @2026-11-22T10:00:00+09:00
          ‹芝（シバ） 次郎（ジロウ） lang=ja› / 〒105-0011 ‹東京都港区芝公園４－２－８
              lang=ja› ‹みなとハイツ２０２ lang=ja›
    """)


def test_how_nothing_has_changed(his: Client) -> None:
    assert said(his, "/me/history/") == written("""
        nav aria-label=Where you are
          - [My page](/me/)
          - aria-current=page What changed, and when
        # What changed, and when
        We keep what was changed, so that you can see it.
        ## What we mailed you about
        Nothing about your account in the last ninety days.
        ## Level
        So far you have confirmed your e-mail address.
        ## As certified
        Nothing is certified yet.
        ## As you told us
        You have not told us anything yet.
    """)


@pytest.mark.parametrize(
    ("level", "awaited", "app", "ways"),
    [
        (1, True, "", ["My Number Card", "Passcode by post"]),
        (2, False, "https://app.example", ["My Number Card", "Digital Authentication App"]),
        (3, False, "https://app.example", []),
    ],
)
def test_which_ways_lead_up(
    his: Client, told: Member, settings: Settings, level: int, awaited: bool, app: str,
    ways: list[str],
) -> None:  # fmt: skip
    settings.AUTH_APP_URL = app
    if awaited:
        letter_with_a_passcode(told, "requested")
    Member.objects.filter(id=told.id).update(level=level)
    shown = said(his, "/me/").partition("## Name and address")[0]
    assert re.findall(r":drawing\d: Level \d \[(.*?)\]", shown) == ways
    assert ("It is under way." in shown) == awaited
    assert ("In about a week." in shown) == (level < 2 and not awaited)
    told_of = {
        1: "Cities and authorities write",
        2: "You can choose most",
        3: "You can choose every",
    }
    assert [each for each in told_of.values() if each in shown] == [told_of[level]]
    assert ("### How to raise it" in shown) == (level < 3)
