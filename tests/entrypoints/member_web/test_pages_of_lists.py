"""What the first page, the box and the due dates say as a whole, full and empty."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

from mypost.letters.models import Letter
from mypost.senders.models import Sender
from tests.conftest import NOW, SendLetter
from tests.entrypoints.member_web.conftest import Open, in_days, letter_of
from tests.entrypoints.outline import said, written

SAME = ("tax", "Code")


# The first page


def test_strangers_are_welcomed(nobodys: Client, known: Sender, power: Sender) -> None:
    assert said(nobodys, "/", within="main") == written("""
        title: Your own mailbox
        # A mailbox of your own, on the internet
        Letters from your city and from companies arrive here, for you alone. You choose
            who may write to you. Each letter is kept under lock for years, and you can
            prove what you received and when.
        [Open a mailbox](/account/signup/) [Sign in](/account/login/)
        ## Who writes here
        ### Cities, towns and villages
        - ‹M ~municipality›
          #### Minato City
          Letters of daily life
        ### Companies
        - ‹し ~company›
          #### しおかぜ電力
        ## Safe, in plain words
        - Only senders that we checked and that you chose can write to you. There is no
            unwanted mail.
        - Every letter is encrypted with a key of your own mailbox, and opened for
            nobody but you.
        - Our e-mails say that a letter is here and who wrote it, never what it says.
        - For each letter you get a receipt that anybody can check without asking us.
        [Questions and answers](/help/)
    """)


def test_strangers_are_welcomed_before_anybody_writes(nobodys: Client) -> None:
    assert said(nobodys, "/") == written("""
        title: Your own mailbox
        # A mailbox of your own, on the internet
        Letters from your city and from companies arrive here, for you alone. You choose
            who may write to you. Each letter is kept under lock for years, and you can
            prove what you received and when.
        [Open a mailbox](/account/signup/) [Sign in](/account/login/)
        ## Safe, in plain words
        - Only senders that we checked and that you chose can write to you. There is no
            unwanted mail.
        - Every letter is encrypted with a key of your own mailbox, and opened for
            nobody but you.
        - Our e-mails say that a letter is here and who wrote it, never what it says.
        - For each letter you get a receipt that anybody can check without asking us.
        [Questions and answers](/help/)
    """)


def test_a_members_day(hers: Client, power: Sender, known: Sender, opened: Open) -> None:
    Sender.objects.filter(id=power.id).update(contract_since=localdate(), required_assurance=3)
    opened(reference="R-2", due=in_days(3), topic="tax")
    letter = opened(reference="R-3", due=in_days(9))
    ids = {one.id: "LETTER" for one in Letter.objects.all()} | {power.id: "POWER"}
    assert said(hers, "/", {**ids, in_days(0): "TODAY", in_days(3): "IN-3", in_days(9): "IN-9"},
                same=SAME) == written("""
        title: Today
        # No new letters
        You have opened everything that arrived. [All letters](/box/)
        ## Due within 14 days
        - ‹M ~municipality›
          Minato City @2026-11-22T10:00:00+09:00
          ### [国民健康保険税のお知らせ](/letters/LETTER/)
          ‹:clock: @IN-3 ~warning› Taxes
        - ‹M ~municipality›
          Minato City @2026-11-22T10:00:00+09:00
          ### [国民健康保険税のお知らせ](/letters/LETTER/)
          :clock: @IN-9
        [All due dates](/due/)
        ## New senders that you can choose
        @TODAY
          Letters from しおかぜ電力 can now be received here. / [Look at しおかぜ電力
              and choose](/senders/POWER/)
        ## How sure we are of who you are
        :drawing3: Level 3 identity confirmed by card
        You can choose every sender and open every letter.
    """)  # fmt: skip
    assert letter.due


def test_a_day_without_anything(his: Client) -> None:
    assert said(his, "/") == written("""
        title: Today
        # No new letters
        Nothing has arrived yet.
        Choose senders; their letters will arrive here.
        [Choose senders](/senders/)
        ## How sure we are of who you are
        :drawing: Level 0 e-mail only
        Some senders and letters need a higher level. [How to raise it](/me/#level)
    """)


# The box


def test_the_box(hers: Client, known: Sender, send_letter: SendLetter, opened: Open) -> None:
    opened(reference="R-1", subject="開いた手紙")
    new = letter_of(send_letter, reference="R-2", due=in_days(-1), topic="tax")
    secret = letter_of(send_letter, reference="R-3", required_aal=3, confidential=True)
    for minutes, each in enumerate((secret, new), start=1):
        at = NOW + timedelta(minutes=minutes)
        Letter.objects.filter(id=each.id).update(consigned_at=at)
    ids = {new.id: "NEW", secret.id: "SECRET"}
    ids |= {one.id: "OPENED" for one in Letter.objects.exclude(id__in=ids)}
    assert said(hers, "/box/", {**ids, in_days(-1): "YESTERDAY"}) == written("""
        # Box
        ul aria-label=Filter
          - [:check: All aria-current=true](/box/)
          - [Unread 2](?show=unread)
        - ~unread ‹M ~municipality›
          Minato City @2026-11-22T10:02:00+09:00
          POST /letters/NEW/open
            ## Unread: {国民健康保険税のお知らせ}
          ‹:clock: @YESTERDAY ~error› Taxes :eye: Opening is reported to the sender
        - ~unread —
          Its sender shows when it opens @2026-11-22T10:01:00+09:00
          ## Unread: [A letter that needs a stronger sign-in](/letters/SECRET/)
        - ‹M ~municipality›
          Minato City @2026-11-22T10:00:00+09:00
          ## [開いた手紙](/letters/OPENED/)
    """)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (
            "/box/",
            written("""
        # Box
        ul aria-label=Filter
          - [:check: All aria-current=true](/box/)
          - [Unread 0](?show=unread)
        Nothing has arrived yet.
        Choose senders; their letters will arrive here.
        [Choose senders](/senders/)
    """),
        ),
        (
            "/box/?show=unread",
            written("""
        # Box
        ul aria-label=Filter
          - [All](/box/)
          - [:check: Unread 0 aria-current=true](?show=unread)
        You have opened everything that arrived.
        [All letters](/box/)
    """),
        ),
        (
            "/due/",
            written("""
        title: Due
        # Letters with a due date
        nav aria-label=Due dates
          - [Ahead aria-current=page](/due/)
          - [Past](?show=past)
        Nothing is due.
        [All letters](/box/)
    """),
        ),
        (
            "/due/?show=past",
            written("""
        title: Due
        # Letters with a due date
        nav aria-label=Due dates
          - [Ahead](/due/)
          - [Past aria-current=page](?show=past)
        No letter was due in the past.
        [All letters](/box/)
    """),
        ),
    ],
)
def test_lists_without_letters(his: Client, path: str, told: str) -> None:
    assert said(his, path) == told


def test_what_is_due_stands_by_its_month(hers: Client, known: Sender, opened: Open) -> None:
    opened(reference="R-1", due="2098-04-01", topic="tax")
    opened(reference="R-2", due="2098-04-30")
    opened(reference="R-3", due="2098-05-01")
    ids = {one.id: "LETTER" for one in Letter.objects.all()}
    assert said(hers, "/due/", ids) == written("""
        title: Due
        # Letters with a due date
        nav aria-label=Due dates
          - [Ahead aria-current=page](/due/)
          - [Past](?show=past)
        ## April 2098
        - ‹M ~municipality›
          Minato City @2026-11-22T10:00:00+09:00
          ### [国民健康保険税のお知らせ](/letters/LETTER/)
          :clock: @2098-04-01 Taxes
        - ‹M ~municipality›
          Minato City @2026-11-22T10:00:00+09:00
          ### [国民健康保険税のお知らせ](/letters/LETTER/)
          :clock: @2098-04-30
        ## May 2098
        - ‹M ~municipality›
          Minato City @2026-11-22T10:00:00+09:00
          ### [国民健康保険税のお知らせ](/letters/LETTER/)
          :clock: @2098-05-01
    """)
