"""What the pages about letters say as a whole, with everything on them and with nothing."""

from collections.abc import Callable

import pytest
from django.test import Client

from mypost.intake.commands import HandedDocument
from mypost.members.models import Member
from mypost.senders.models import Sender
from mypost.vault.models import Envelope
from tests.conftest import SendLetter
from tests.entrypoints.member_web.conftest import PDF, Open, in_days, letter_of
from tests.entrypoints.outline import said, written
from tests.entrypoints.signed_in import PASSWORD_RECORD, signed_in


def test_an_opened_letter(
    hers: Client, known: Sender, opened: Open, integrated: Callable[[], None]
) -> None:
    letter = opened(HandedDocument("納税通知書.pdf", PDF), topic="tax", due=in_days(2))
    integrated()
    named = {letter.id: "LETTER", letter.number: "NUMBER", known.id: "CITY", in_days(2): "IN-2"}
    assert said(hers, f"/letters/{letter.id}/", named, same=("KB", "bytes")) == written("""
        nav aria-label=Where you are
          - [Box](/box/)
          - aria-current=page 国民健康保険税のお知らせ
        # 国民健康保険税のお知らせ lang=ja
        Sender
          [Minato City](/senders/CITY/) ‹:check: identity checked ~success›
        Topic
          Taxes
        Arrived
          @2026-11-22T10:00:00+09:00
        To be done by
          @IN-2 ‹:clock: 2 days left ~info›
        div lang=ja
          納期限は11月30日です。
        ## Documents
        section data-document=/letters/LETTER/documents/1
          :document:
          ### 納税通知書.pdf 1 page・347 bytes
          [:download: Download : 納税通知書.pdf download](/letters/LETTER/documents/1)
          The document is shown here when your browser allows scripts. Downloading
              always works. data-document-note
          <iframe /viewer/> sandbox=allow-scripts title=Pages of 納税通知書.pdf
        ## What happened to this letter
        Handed in by the sender
          @2026-11-22T10:00:00+09:00 / No. 5 in the public log
        Placed in your mailbox
          @2026-11-22T10:00:00+09:00 / No. 6 in the public log
        Opened by you, and reported to the sender
          @2026-11-22T11:00:00+09:00 / No. 8 in the public log
        Letter number
          NUMBER
        [:download: Download my receipt](/letters/LETTER/receipt) [What the receipt
            proves, and how anybody checks it](/receipts/)
        ## Questions about this letter
        Please ask Minato City, and tell them the letter number.
        03-0000-0000
    """)


def test_an_opened_letter_without_anything(hers: Client, opened: Open) -> None:
    letter = opened(body="")
    named = {letter.id: "LETTER", letter.number: "NUMBER", letter.sender_id: "CITY"}
    assert said(hers, f"/letters/{letter.id}/", named) == written("""
        nav aria-label=Where you are
          - [Box](/box/)
          - aria-current=page 国民健康保険税のお知らせ
        # 国民健康保険税のお知らせ lang=ja
        Sender
          [みなと市](/senders/CITY/) ‹:check: identity checked ~success›
        Arrived
          @2026-11-22T10:00:00+09:00
        ## What happened to this letter
        Handed in by the sender
          @2026-11-22T10:00:00+09:00
        Placed in your mailbox
          @2026-11-22T10:00:00+09:00
        Opened by you, and reported to the sender
          @2026-11-22T11:00:00+09:00
        Letter number
          NUMBER
        [:download: Download my receipt](/letters/LETTER/receipt) [What the receipt
            proves, and how anybody checks it](/receipts/)
    """)


@pytest.mark.parametrize(
    ("days", "told"),
    [(0, "‹:clock: today ~warning›"), (1, "‹:clock: 1 day left ~info›"), (-1, ":clock: past")],
)
def test_it_says_how_many_days_are_left(hers: Client, opened: Open, days: int, told: str) -> None:
    letter = opened(due=in_days(days))
    shown = said(hers, f"/letters/{letter.id}/", {in_days(days): "DAY"})
    assert f"To be done by\n  @DAY {told}\n" in shown


def test_a_closed_letter_that_opens(hers: Client, known: Sender, send_letter: SendLetter) -> None:
    letter = letter_of(send_letter, topic="tax")
    named = {letter.id: "LETTER", known.id: "CITY"}
    assert said(hers, f"/letters/{letter.id}/", named) == written("""
        title: A letter that you have not opened
        nav aria-label=Where you are
          - [Box](/box/)
          - aria-current=page A letter
        # A letter from Minato City
        Sender
          [Minato City](/senders/CITY/) ‹:check: identity checked ~success›
        Topic
          Taxes
        Arrived
          @2026-11-22T10:00:00+09:00
        POST /letters/LETTER/open
          When you open it, the sender is told that you did, and when. The sender learns
              nothing else.
          {Open the letter}
    """)


def test_a_closed_letter_that_asks_for_more(
    hanako: Member, known: Sender, send_letter: SendLetter
) -> None:
    letter = letter_of(
        send_letter, required_assurance=3, required_aal=3, confidential=True, topic="tax"
    )
    Member.objects.filter(id=hanako.id).update(level=2)
    http = signed_in(hanako.account, PASSWORD_RECORD)
    assert said(http, f"/letters/{letter.id}/", {letter.id: "LETTER"}) == written("""
        nav aria-label=Where you are
          - [Box](/box/)
          - aria-current=page A letter
        # A confidential letter
        Sender
          It shows when the letter opens. The sender wishes it so.
        Arrived
          @2026-11-22T10:00:00+09:00
        The sender opens this letter only to members whose identity is confirmed well
            enough. It waits here for you.
        This letter needs
          :drawing3: Level 3 identity confirmed by card
        You have
          :drawing2: Level 2 address confirmed by post
        [How to raise your level](/me/#level)
        The sender opens this letter only to whoever has signed in strongly enough just
            now. Confirm that it is you; then you come back here.
        This letter needs
          a sign-in with the My Number Card
        You signed in
          in a simpler way
        [Confirm with the My Number Card](/me/card/step-up/?next=%2Fletters%2FLETTER%2F)
    """)


def test_a_letter_that_asks_for_a_stronger_sign_in_alone(
    hanako: Member, known: Sender, send_letter: SendLetter
) -> None:
    letter = letter_of(send_letter, required_aal=2)
    http = signed_in(hanako.account, PASSWORD_RECORD)
    named = {letter.id: "LETTER", known.id: "CITY"}
    assert said(http, f"/letters/{letter.id}/", named) == written("""
        nav aria-label=Where you are
          - [Box](/box/)
          - aria-current=page A letter
        # A letter that needs a stronger sign-in
        Sender
          [Minato City](/senders/CITY/) ‹:check: identity checked ~success›
        Arrived
          @2026-11-22T10:00:00+09:00
        The sender opens this letter only to whoever has signed in strongly enough just
            now. Confirm that it is you; then you come back here.
        This letter needs
          a sign-in with a passkey or a one-time code
        You signed in
          in a simpler way
        [Confirm with a passkey or a one-time
            code](/account/2fa/webauthn/add/?next=%2Fletters%2FLETTER%2F)
    """)


def test_a_letter_that_cannot_be_shown(hers: Client, opened: Open) -> None:
    letter = opened()
    Envelope.objects.filter(letter_id=letter.id).update(sealed=b"damaged" * 400)
    named = {letter.id: "LETTER", letter.number: "NUMBER"}
    assert said(hers, f"/letters/{letter.id}/", named) == written("""
        nav aria-label=Where you are
          - [Box](/box/)
          - aria-current=page A letter
        # This cannot be shown now
        div role=alert ~error
          :error Error:
          What we keep does not match what was sent, so we do not show it.
          Nothing else in your mailbox is touched. Please try again later. If it stays
              like this, tell the sender or us the letter number NUMBER.
          Code: content_damaged
        [Back to the box](/box/)
    """)


def test_a_receipt_that_is_not_ready(hers: Client, opened: Open) -> None:
    letter = opened()
    path = f"/letters/{letter.id}/receipt"
    assert said(hers, path, {letter.id: "LETTER"}) == written("""
        nav aria-label=Where you are
          - [Box](/box/)
          - aria-current=page Receipt
        # The receipt is being made
        div role=status ~info
          :info Notice:
          The newest line about this letter is on its way into the public log.
          This takes a few seconds. Then the receipt can be downloaded.
          Code: receipt_not_ready
        [Try again](/letters/LETTER/receipt) [Back to the letter](/letters/LETTER/)
    """)


# What everybody may read


def test_how_a_receipt_is_checked(nobodys: Client) -> None:
    shown = said(nobodys, "/receipts/")
    key = shown.splitlines()[-3]
    assert shown.replace(key, "KEY") == written("""
        title: Receipts
        # Receipts that anybody can check
        A receipt proves that a letter arrived, when, and when it was opened. You need
            not believe us: whoever holds the file can check it, even without the
            internet.
        ## What it proves
        - which sender wrote, and under which pseudonym it knows you
        - when the letter was placed in your mailbox, and when you opened it
        - that these documents and this text are the ones that arrived, if you give them
            too
        Every line stands in a public log that can only grow. If we changed or removed a
            line later, the receipt would show it.
        ## How to check one
        You need a computer with Python, and our open program. Save the log's key once,
            from a place you trust:
        curl --output log.vkey http://localhost:8000/log/vkey
        {:copy: ‹Copy aria-live=polite› type=button data-copy=#save-key
            data-copied=Copied hidden}
        Then, in the folder of the program, with the receipt that you downloaded:
        python tools/verify_receipt.py mypost-receipt-XXXX-XXXX-XXXX.json --key log.vkey
        {:copy: ‹Copy aria-live=polite› type=button data-copy=#check-receipt
            data-copied=Copied hidden}
        To check a document as well, add it:
        python tools/verify_receipt.py mypost-receipt-XXXX-XXXX-XXXX.json --key log.vkey
            --document letter.pdf
        {:copy: ‹Copy aria-live=polite› type=button data-copy=#check-document
            data-copied=Copied hidden}
        The program answers in words whether the receipt is valid, and lists what it
            proves.
        ## The key of our log
        Compare it with the key that you saved.
        KEY
        {:copy: ‹Copy aria-live=polite› type=button data-copy=#log-key
            data-copied=Copied hidden}
    """)
    assert key.startswith("log.mypost.example+")


def test_questions_and_answers(nobodys: Client) -> None:
    assert said(nobodys, "/help/") == written("""
        title: Help
        # Questions and answers
        ## Letters
        ### Who can write to me?
        Only senders that you chose. We check every sender before it may write to
            anybody.
        ### What does the sender learn when I open a letter?
        That you opened it, and when you did so for the first time. The list of your
            letters tells the sender nothing.
        ### Can I stop a sender?
        Yes, with one tap on the page of senders. Letters that have arrived stay in your
            mailbox. You can also stop single topics.
        ### Why is a letter “confidential”?
        Its sender asked that only members whose identity is confirmed open it. Your
            page says how to get there.
        ### Who can read my letters?
        You. They are encrypted with a key of your own mailbox, which is used only while
            you are signed in.
        ## Signing in
        ### I forgot my password.
        [Set a new password](/account/password/reset/) with your e-mail address.
        ### How do I protect my mailbox better?
        Register a passkey under “My page”. A stolen password alone then opens nothing.
        ## Proof
        ### How do I prove that a letter arrived?
        Download the receipt on the letter's page. [What the receipt proves, and how
            anybody checks it](/receipts/)
        ## People who help
        About what a letter says, please ask its sender: the contact stands on the
            letter's page. Tell them the letter number; nobody needs your password.
    """)
