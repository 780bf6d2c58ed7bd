"""What the page of the passcode by post says as a whole, wherever the letter is."""

from datetime import date

import pytest
from django.test import Client

from mypost.members.models import Member
from mypost.proofing.models import PostalReport
from tests.conftest import LATER, NOW
from tests.entrypoints.member_web.attributes import HOUR
from tests.entrypoints.member_web.conftest import letter_with_a_passcode
from tests.entrypoints.outline import said, written


def test_a_passcode_needs_an_address(his: Client) -> None:
    assert said(his, "/me/passcode/") == written("""
        nav aria-label=Where you are
          - [My page](/me/)
          - aria-current=page Passcode by post
        # Passcode by post
        We send you a letter that is handed to you alone. Its passcode confirms your
            name and address, and gives you level 2.
        ## What happens
        - We print the letter and give it to the post.
        - The post leaves a notice at your address. You choose delivery or a post office
            counter; it keeps the letter for ten days.
        - You show one official ID document with a photograph: the My Number Card, a
            driving licence, a passport or a residence card. Its kind and last digits
            are noted.
        - You enter the passcode here within thirty days of printing. You have five
            tries.
        [Enter name and address](/me/profile/)
    """)


@pytest.mark.parametrize(
    ("state", "facts", "banner", "button"),
    [
        ("", {}, "", "Send the letter to this address"),
        ("returned", {"return_reason": "moved"}, "The letter came back.", "Ask for a new letter"),
        (
            "void",
            {"void_reason": "locked"},
            "The passcode no longer counts.",
            "Ask for a new letter",
        ),
    ],
)
def test_a_passcode_can_be_asked_for(
    his: Client, told: Member, state: str, facts: dict[str, object], banner: str, button: str
) -> None:
    if state:
        letter_with_a_passcode(told, state, **facts)
    shown = said(his, "/me/passcode/")
    assert f"{{{button}}} [Correct the address](/me/profile/)" in shown
    assert banner in shown
    assert ("Please look at the address again" in shown) == (state == "returned")
    assert ("role=status" in shown) == bool(state)
    if not state:
        assert shown == written("""
        nav aria-label=Where you are
          - [My page](/me/)
          - aria-current=page Passcode by post
        # Passcode by post
        We send you a letter that is handed to you alone. Its passcode confirms your
            name and address, and gives you level 2.
        ## What happens
        - We print the letter and give it to the post.
        - The post leaves a notice at your address. You choose delivery or a post office
            counter; it keeps the letter for ten days.
        - You show one official ID document with a photograph: the My Number Card, a
            driving licence, a passport or a residence card. Its kind and last digits
            are noted.
        - You enter the passcode here within thirty days of printing. You have five
            tries.
        ## Where it goes
        〒105-0011 / ‹東京都港区芝公園４－２－８ lang=ja› / ‹みなとハイツ２０２ lang=ja›
            / ‹芝 次郎 lang=ja› ‹様 lang=ja›
        POST /me/passcode/ask
          {Send the letter to this address} [Correct the address](/me/profile/)
    """)


@pytest.mark.parametrize(
    ("state", "facts", "told_so"),
    [
        ("requested", {}, written("""
        nav aria-label=Steps
          Step 2 of 6
          - ~done :check done: Asked for
          - aria-current=step Printed
          - With the carrier
          - Notice left
          - Handed over
          - Passcode entered
        The letter waits for the next print run, on the next working day. You can close
            this page; we write you an e-mail when there is news.
        ## Where it is
        Asked for
          @now
        Where it goes
          ‹東京都港区芝公園４－２－８ lang=ja› ‹みなとハイツ２０２ lang=ja› / ‹芝 次郎
              lang=ja›
        If you change your name or address now, this passcode no longer counts.
    """)),
        ("notice_left", {"code_hash": "x", "held_until": date(2098, 1, 1), "tries_left": 3,
                         "tracking_number": "1234-5678-9012"}, written("""
        nav aria-label=Steps
          Step 5 of 6
          - ~done :check done: Asked for
          - ~done :check done: Printed
          - ~done :check done: With the carrier
          - ~done :check done: Notice left
          - aria-current=step Handed over
          - Passcode entered
        div role=status ~info
          :info Notice:
          The post holds the letter for you until 1 Jan 2098.
          Choose delivery or counter on the notice, and have an ID document with a
              photograph ready.
        ## Enter the passcode
        POST /me/passcode/
          As it is printed. Hyphens and small letters do not matter.
          Passcode from the letter ※required: <text code autocomplete=one-time-code
              autocapitalize=characters maxlength=40 required describedby>
          Tries left: 3. The passcode is good until 2 Jan 2098.
          {Confirm}
        ## Where it is
        Asked for
          @now
        Printed
          @2026-11-22T11:00:00+09:00
        With the carrier
          @2026-11-22T12:00:00+09:00
        Notice left
          @2026-11-22T13:00:00+09:00
        Handed over
          @2026-11-22T14:00:00+09:00
        Tracking number
          1234-5678-9012
        Where it goes
          ‹東京都港区芝公園４－２－８ lang=ja› ‹みなとハイツ２０２ lang=ja› / ‹芝 次郎
              lang=ja›
        If you change your name or address now, this passcode no longer counts.
    """)),
        ("accepted", {"code_hash": "x", "code_entered_at": NOW}, written("""
        nav aria-label=Steps
          Step 4 of 6
          - ~done :check done: Asked for
          - ~done :check done: Printed
          - ~done :check done: With the carrier
          - aria-current=step Notice left
          - Handed over
          - Passcode entered
        div role=status ~success
          :success Done:
          Your passcode is right. We wait for the post to report that the letter was
              handed to you.
          That takes a day at most. You need not do anything.
        ## Where it is
        Asked for
          @now
        Printed
          @2026-11-22T11:00:00+09:00
        With the carrier
          @2026-11-22T12:00:00+09:00
        Notice left
          @2026-11-22T13:00:00+09:00
        Handed over
          @2026-11-22T14:00:00+09:00
        Where it goes
          ‹東京都港区芝公園４－２－８ lang=ja› ‹みなとハイツ２０２ lang=ja› / ‹芝 次郎
              lang=ja›
        If you change your name or address now, this passcode no longer counts.
    """)),
        ("handed_over", {"code_hash": "x", "code_entered_at": NOW}, written("""
        nav aria-label=Steps
          Step 6 of 6
          - ~done :check done: Asked for
          - ~done :check done: Printed
          - ~done :check done: With the carrier
          - ~done :check done: Notice left
          - ~done :check done: Handed over
          - aria-current=step Passcode entered
        div role=status ~warning
          :warning Attention:
          Your passcode is right, but another account already belongs to you.
        [What you can do](/me/merge/same-person/)
        ## Where it is
        Asked for
          @now
        Printed
          @2026-11-22T11:00:00+09:00
        With the carrier
          @2026-11-22T12:00:00+09:00
        Notice left
          @2026-11-22T13:00:00+09:00
        Handed over
          @2026-11-22T14:00:00+09:00
        Where it goes
          ‹東京都港区芝公園４－２－８ lang=ja› ‹みなとハイツ２０２ lang=ja› / ‹芝 次郎
              lang=ja›
        If you change your name or address now, this passcode no longer counts.
    """)),
    ],
    ids=["requested", "notice", "entered", "handed-over"],
)  # fmt: skip
def test_a_letter_with_a_passcode_is_followed(
    his: Client, told: Member, state: str, facts: dict[str, object], told_so: str
) -> None:
    asked = letter_with_a_passcode(told, state, **facts)
    happened = ["printed", "accepted", "notice_left", "handed_over"] if facts else []
    for hours, event in enumerate(happened):
        PostalReport.objects.create(request=asked, event=event, at=LATER + hours * HOUR)
    assert said(his, "/me/passcode/").partition("# Passcode by post\n")[2] == told_so


def test_whose_address_is_confirmed_needs_no_passcode(hers: Client) -> None:
    assert said(hers, "/me/passcode/") == written("""
        nav aria-label=Where you are
          - [My page](/me/)
          - aria-current=page Passcode by post
        # Passcode by post
        div role=status ~success
          :success Done:
          Your address is confirmed. You need no passcode.
        [To my page](/me/)
    """)
