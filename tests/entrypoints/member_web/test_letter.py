"""The page of an opened letter: all of it without scripts, and nothing in it that acts."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from mypost.intake.commands import HandedDocument
from mypost.intake.drafts import fault_of_name, in_one_form
from mypost.letters.models import Letter
from mypost.notifications import commands as notifications
from mypost.notifications.models import Alert
from mypost.senders.models import Sender
from tests.conftest import LATER, SendLetter
from tests.entrypoints.active import ATTACKS, active_in
from tests.entrypoints.member_web.conftest import PDF, Deliver, Open, a_content, page
from tests.vectors import naughty_strings

MARKDOWN = """\
# 納付について

納期限は**11月30日**です。
口座振替の方は[こちら](https://city.example.jp/pay)。

### 窓口

| 場所 | 時間 |
| --- | --- |
| 本庁 | 8時30分 |

- 通帳
- 印鑑
"""


def test_it_shows_text_documents_and_number(hers: Client, with_document: Letter) -> None:
    shown = page(hers, f"/letters/{with_document.id}/")
    assert "納期限は11月30日です。" in shown
    assert "納税通知書.pdf" in shown
    assert with_document.number in shown


def test_a_document_can_be_had_without_scripts(hers: Client, with_document: Letter) -> None:
    shown = page(hers, f"/letters/{with_document.id}/")
    assert f'href="/letters/{with_document.id}/documents/1" download' in shown
    assert shown.index("<template>") < shown.index("<iframe") < shown.index("</template>")


def test_the_frame_of_a_document_has_neither_origin_nor_cookies(
    hers: Client, with_document: Letter
) -> None:
    shown = page(hers, f"/letters/{with_document.id}/")
    assert '<iframe class="document__frame" sandbox="allow-scripts" src="/viewer/"' in shown


def test_text_is_shown_as_its_sender_meant_it(hers: Client, opened: Open) -> None:
    shown = page(hers, f"/letters/{opened(body=MARKDOWN).id}/")
    for html in (
        "<h2>納付について</h2>",
        "<h3>窓口</h3>",
        "<strong>11月30日</strong>です。<br>",
        '<a href="https://city.example.jp/pay" rel="noopener noreferrer">こちら</a>',
        "<td>本庁</td>",
        "<li>通帳</li>",
    ):
        assert html in shown


def test_it_says_in_which_language_the_letter_speaks(in_english: Client, opened: Open) -> None:
    shown = page(in_english, f"/letters/{opened().id}/")
    assert '<html lang="en">' in shown
    assert '<h1 lang="ja">国民健康保険税のお知らせ</h1>' in shown


def test_it_says_what_is_to_be_done_until_when(hers: Client, opened: Open) -> None:
    shown = page(hers, f"/letters/{opened(due='2099-11-30').id}/")
    assert "2099年11月30日（月）" in shown
    assert re.search(r"あと\d+日", shown)


def test_it_tells_the_letters_whole_story(
    hers: Client, opened: Open, integrated: Callable[[], None]
) -> None:
    letter = opened()
    shown = page(hers, f"/letters/{letter.id}/")
    told = [
        "差出人から引き受けました",
        "郵便受けに届きました",
        "あなたが開封し、差出人に通知しました",
    ]
    assert re.findall("|".join(told), shown) == told
    assert "公開台帳の" not in shown
    integrated()
    assert page(hers, f"/letters/{letter.id}/").count("公開台帳の") == len(told)


def test_it_tells_whom_to_ask(hers: Client, opened: Open, city: Sender) -> None:
    Sender.objects.filter(id=city.id).update(support="電話 0246-00-1111")
    assert "電話 0246-00-1111" in page(hers, f"/letters/{opened().id}/")


def test_a_letter_stays_readable_when_its_sender_has_gone(
    hers: Client, opened: Open, city: Sender
) -> None:
    letter = opened()
    hers.post(f"/senders/{city.id}/leave")
    Sender.objects.filter(id=city.id).update(contract_state="ended")
    assert "納期限は11月30日です。" in page(hers, f"/letters/{letter.id}/")
    assert "いまは選べません" in page(hers, f"/senders/{city.id}/")


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_a_sender_writes_acts(hers: Client, opened: Open, attack: str) -> None:
    in_one_line = " ".join(attack.split())[:120]
    letter = opened(subject=in_one_line, body=attack)
    assert active_in(page(hers, f"/letters/{letter.id}/")) == []
    assert active_in(page(hers, "/box/")) == []


def in_groups_of(size: int, texts: list[str]) -> list[list[str]]:
    return [texts[start : start + size] for start in range(0, len(texts), size)]


def test_no_naughty_subject_acts_or_breaks_a_list(hers: Client, deliver: Deliver) -> None:
    for subjects in in_groups_of(25, naughty_strings()):
        deliver(*[a_content(subject=subject[:120]) for subject in subjects])
        assert active_in(page(hers, "/box/")) == []


def test_no_naughty_text_acts_or_breaks_a_letter(hers: Client, deliver: Deliver) -> None:
    groups = in_groups_of(20, naughty_strings())
    letters = deliver(*[a_content(subject=g[0], body="\n\n".join(g)) for g in groups])
    for letter in letters:
        hers.post(f"/letters/{letter.id}/open")
        assert active_in(page(hers, f"/letters/{letter.id}/")) == []


def test_no_naughty_name_of_a_document_acts_or_breaks_a_page(
    hers: Client, send_letter: SendLetter
) -> None:
    allowed = list(dict.fromkeys(in_one_form(n) for n in naughty_strings() if not fault_of_name(n)))
    documents = [HandedDocument(name, PDF) for name in allowed[::7][:20]]
    item = send_letter(documents)
    hers.post(f"/letters/{item.letter_id}/open")
    assert active_in(page(hers, f"/letters/{item.letter_id}/")) == []
    for position in range(1, len(documents) + 1):
        answer = hers.get(f"/letters/{item.letter_id}/documents/{position}")
        assert (answer.status_code, answer.content) == (200, PDF)


def test_an_alert_is_part_of_the_story(
    hers: Client, opened: Open, mailoutbox: list[object]
) -> None:
    letter = opened()
    alert = Alert.objects.get(letter_id=letter.id)
    Alert.objects.update(due_at=LATER)
    notifications.send(alert.batch_id)
    assert "メールでお知らせしました" in page(hers, f"/letters/{letter.id}/")
