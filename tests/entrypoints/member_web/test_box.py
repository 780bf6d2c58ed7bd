"""The list of letters: complete, in order, still while letters arrive, quick when it is long."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.senders.models import Sender
from mypost.vault.models import Envelope
from tests.conftest import NOW, SendLetter
from tests.entrypoints.member_web.conftest import Open, page

ON_A_PAGE = 25


def letters_on(shown: str) -> list[str]:
    return re.findall(r"/letters/([0-9a-f-]{36})/", shown)


def newest_first() -> list[str]:
    ids = Letter.objects.order_by("-consigned_at", "-id").values_list("id", flat=True)
    return [str(letter_id) for letter_id in ids]


def link(shown: str, relation: str) -> str:
    (href,) = re.findall(rf'href="([^"]*)" rel="{relation}"', shown)
    return f"/box/{unescape(href)}"


def fill_with_copies(letter: Letter, count: int) -> None:
    """Put further letters beside one, as rows; several of them of the same moment."""
    mailbox_id = letter.mailbox_id
    copies = [
        Letter(
            mailbox_id=mailbox_id, id=uuid4(), number=f"N{n}", sender_id=letter.sender_id,
            consignment_id=letter.consignment_id, consigned_at=NOW - timedelta(minutes=n // 3),
        )
        for n in range(count)
    ]  # fmt: skip
    Letter.objects.bulk_create(copies)


@pytest.fixture
def many(letter: Letter) -> list[str]:
    """Sixty-one letters in Hanako's mailbox, by id, the newest first."""
    fill_with_copies(letter, 60)
    return newest_first()


def test_an_empty_box_says_what_to_do_next(his: Client) -> None:
    shown = page(his, "/box/")
    assert "まだ手紙は届いていません。" in shown
    assert 'href="/senders/"' in shown


def test_a_row_tells_sender_subject_topic_and_due_date(
    hers: Client, send_letter: SendLetter
) -> None:
    send_letter(topic="tax", due="2099-11-30")
    shown = page(hers, "/box/")
    for told in (
        "みなと市",
        "国民健康保険税のお知らせ",
        "tax",
        "期限 11月30日",
        "letter-row--unread",
    ):
        assert told in shown


def test_an_unopened_row_is_a_form_and_an_opened_one_a_link(
    hers: Client, letter: Letter, opened: Open
) -> None:
    read = opened(reference="R-2")
    shown = page(hers, "/box/")
    assert f'<form method="post" action="/letters/{letter.id}/open">' in shown
    assert f'<a class="letter-row__open" href="/letters/{read.id}/">' in shown


def test_unread_alone_can_be_shown(hers: Client, letter: Letter, opened: Open) -> None:
    opened(reference="R-2")
    assert letters_on(page(hers, "/box/?show=unread")) == [str(letter.id)]


def test_older_pages_follow_one_another_without_gap_or_repetition(
    hers: Client, many: list[str]
) -> None:
    first = page(hers, "/box/")
    second = page(hers, link(first, "next"))
    third = page(hers, link(second, "next"))
    assert letters_on(first) + letters_on(second) + letters_on(third) == many
    assert 'rel="next"' not in third
    assert 'rel="prev"' not in first


def test_newer_pages_lead_back(hers: Client, many: list[str]) -> None:
    second = page(hers, link(page(hers, "/box/"), "next"))
    third = page(hers, link(second, "next"))
    assert letters_on(page(hers, link(third, "prev"))) == letters_on(second)
    assert letters_on(page(hers, link(second, "prev"))) == many[:ON_A_PAGE]


def test_a_page_stands_still_while_letters_arrive(
    hers: Client, many: list[str], send_letter: SendLetter
) -> None:
    older = link(page(hers, "/box/"), "next")
    before = letters_on(page(hers, older))
    send_letter(reference="R-2")
    assert letters_on(page(hers, older)) == before


def test_the_filter_stays_on_older_pages(hers: Client, many: list[str], opened: Open) -> None:
    opened(reference="R-2")
    older = link(page(hers, "/box/?show=unread"), "next")
    assert "show=unread" in older
    assert letters_on(page(hers, older)) == many[ON_A_PAGE : 2 * ON_A_PAGE]


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "-", "1-", "0-0", "1-x", "%00", "1e9-1", "１-２", "-1-1", "9" * 30 + "-" + "0" * 32,
        "9" * 5000 + "-" + "0" * 32, "null", "%ff%fe", "1%0a-2", "' OR 1=1 --", "🂡",
    ],
)  # fmt: skip
@pytest.mark.parametrize("side", ["older", "newer"])
def test_a_cursor_that_is_none_gives_the_first_page(
    hers: Client, many: list[str], side: str, cursor: str
) -> None:
    assert letters_on(page(hers, f"/box/?{side}={cursor}")) == many[:ON_A_PAGE]


@pytest.mark.parametrize("side", ["older", "newer"])
@pytest.mark.parametrize("microseconds", ["0", "-62135596800000000", "253402300799999999"])
def test_a_cursor_beyond_all_letters_gives_a_page_at_the_end(
    hers: Client, many: list[str], side: str, microseconds: str
) -> None:
    cursor = f"{microseconds}-{'0' * 32}"
    shown = letters_on(page(hers, f"/box/?{side}={cursor}"))
    assert shown in (many[:ON_A_PAGE], many[-ON_A_PAGE:])


def test_a_damaged_letter_hides_no_neighbour(
    hers: Client, letter: Letter, send_letter: SendLetter
) -> None:
    broken = send_letter(reference="R-2", subject="壊れる手紙").letter_id
    Envelope.objects.filter(letter_id=broken).update(sealed=b"damaged" * 400)
    shown = page(hers, "/box/")
    assert "国民健康保険税のお知らせ" in shown
    assert "いま表示できない手紙" in shown
    assert len(letters_on(shown)) == 2


def queries_for(http: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        page(http, path)
    return len(queries)


@pytest.mark.parametrize("path", ["/", "/box/", "/due/"])
def test_a_long_list_asks_no_more_questions_than_a_short_one(
    hers: Client, letter: Letter, hanako: Member, power: Sender, path: str
) -> None:
    Letter.objects.update(due="2099-01-01")
    page(hers, path)
    short = queries_for(hers, path)
    fill_with_copies(letter, 20)
    Letter.objects.exclude(id=letter.id).update(sender=power, due="2099-01-01")
    assert queries_for(hers, path) == short
