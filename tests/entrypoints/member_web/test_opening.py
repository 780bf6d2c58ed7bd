"""A letter is opened by its reader's own act, once, and by nothing else."""

import pytest
from django.test import Client

from mypost.accounts.models import Account
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.vault.models import Envelope
from tests.conftest import SendLetter
from tests.entrypoints.member_web.conftest import browser_of, openings, page, text_of

SUBJECT = "国民健康保険税のお知らせ"
TEXT = "納期限は11月30日です。"


def is_unopened(letter: Letter) -> bool:
    letter.refresh_from_db()
    return letter.state == "consigned" and letter.handed_over_at is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Purpose": "prefetch"},
        {"Purpose": "prefetch", "X-Moz": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"HX-Request": "true"},
    ],
)
@pytest.mark.parametrize("path", ["", "open", "documents/1", "receipt"])
def test_no_get_opens_a_letter(
    hers: Client, letter: Letter, path: str, headers: dict[str, str]
) -> None:
    hers.get(f"/letters/{letter.id}/{path}", headers=headers)
    assert is_unopened(letter)
    assert openings() == 0


@pytest.mark.parametrize("method", ["head", "options", "put", "delete", "patch"])
@pytest.mark.parametrize("path", ["", "open"])
def test_no_other_method_opens_a_letter(
    hers: Client, letter: Letter, path: str, method: str
) -> None:
    getattr(hers, method)(f"/letters/{letter.id}/{path}")
    assert is_unopened(letter)
    assert openings() == 0


@pytest.mark.parametrize("path", ["/", "/box/", "/box/?show=unread", "/due/"])
def test_a_list_shows_the_subject_and_opens_nothing(
    hers: Client, send_letter: SendLetter, path: str
) -> None:
    letter = Letter.objects.get(id=send_letter(due="2099-11-30").letter_id)
    if path != "/":  # what is due so late is not of today; the new letter is
        assert SUBJECT in page(hers, path)
    assert SUBJECT in page(hers, "/")
    assert is_unopened(letter)
    assert openings() == 0


def test_the_page_of_an_unopened_letter_holds_nothing_of_its_content(
    hers: Client, letter: Letter
) -> None:
    shown = page(hers, f"/letters/{letter.id}/")
    assert SUBJECT not in shown
    assert TEXT not in shown
    assert "みなと市" in shown
    assert f'action="/letters/{letter.id}/open"' in shown


def test_it_says_before_that_the_sender_will_know(hers: Client, letter: Letter) -> None:
    told = "開封すると、開封したことと時刻が差出人に通知されます。"
    assert told in page(hers, f"/letters/{letter.id}/")


def test_a_list_says_so_once_for_each_sender(hers: Client, send_letter: SendLetter) -> None:
    for reference in ("R-1", "R-2", "R-3"):
        send_letter(reference=reference)
    assert page(hers, "/box/").count("letter-row__reports") == 1


def test_opening_goes_to_the_letter_and_is_on_record(hers: Client, letter: Letter) -> None:
    answer = hers.post(f"/letters/{letter.id}/open")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/letters/{letter.id}/")
    letter.refresh_from_db()
    assert letter.state == "handed_over"
    assert openings() == 1
    shown = page(hers, answer.headers["Location"])
    assert SUBJECT in shown
    assert TEXT in shown


def test_opening_again_adds_no_evidence(hers: Client, letter: Letter) -> None:
    for _ in range(3):
        assert hers.post(f"/letters/{letter.id}/open").status_code == 303
    assert openings() == 1


def test_a_form_from_another_site_opens_nothing(hanako: Member, letter: Letter) -> None:
    guarded = Client(enforce_csrf_checks=True)
    guarded.cookies = browser_of(hanako.account).cookies
    text_of(guarded.post(f"/letters/{letter.id}/open"), 403)
    assert is_unopened(letter)


def test_a_confidential_letter_shows_no_subject_and_the_way_up(
    hers: Client, hanako: Member, send_letter: SendLetter
) -> None:
    letter = Letter.objects.get(id=send_letter(required_assurance=3).letter_id)
    Member.objects.filter(id=hanako.id).update(level=1)
    for path in ("/", "/box/", f"/letters/{letter.id}/"):
        shown = page(hers, path)
        assert SUBJECT not in shown
        assert "本人確認が必要な手紙" in shown
        assert f"/letters/{letter.id}/open" not in shown
    assert 'href="/me/#level"' in page(hers, f"/letters/{letter.id}/")


def test_a_confidential_letter_stays_closed_to_a_forged_form(
    hers: Client, hanako: Member, send_letter: SendLetter
) -> None:
    letter = Letter.objects.get(id=send_letter(required_assurance=3).letter_id)
    Member.objects.filter(id=hanako.id).update(level=1)
    answer = hers.post(f"/letters/{letter.id}/open")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/letters/{letter.id}/")
    assert is_unopened(letter)
    assert openings() == 0


def test_a_letter_that_was_opened_closes_when_the_level_is_lost(
    hers: Client, hanako: Member, send_letter: SendLetter
) -> None:
    letter = Letter.objects.get(id=send_letter(required_assurance=3).letter_id)
    hers.post(f"/letters/{letter.id}/open")
    Member.objects.filter(id=hanako.id).update(level=1)
    assert SUBJECT not in page(hers, f"/letters/{letter.id}/")


def test_content_that_does_not_open_leaves_no_opening_on_record(
    hers: Client, letter: Letter
) -> None:
    Envelope.objects.filter(letter_id=letter.id).update(sealed=b"damaged" * 400)
    shown = text_of(hers.post(f"/letters/{letter.id}/open"), 503)
    assert letter.number in shown
    assert "content_damaged" in shown
    assert is_unopened(letter)
    assert openings() == 0


def test_content_that_is_gone_is_said_so(hers: Client, letter: Letter) -> None:
    Envelope.objects.filter(letter_id=letter.id).delete()
    assert "content_gone" in text_of(hers.post(f"/letters/{letter.id}/open"), 503)
    assert is_unopened(letter)


def test_a_sign_in_that_ran_out_opens_nothing_afterwards(nobodys: Client, letter: Letter) -> None:
    answer = nobodys.post(f"/letters/{letter.id}/open")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/login/?next=/")
    assert is_unopened(letter)


def test_a_closed_account_comes_in_no_more(hers: Client, hanako: Member, letter: Letter) -> None:
    Account.objects.filter(id=hanako.account_id).update(is_active=False)
    assert hers.post(f"/letters/{letter.id}/open").status_code == 302
    assert is_unopened(letter)
