"""What a letter demands now: what its pages show below it, and the way up from there."""

from typing import Any
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from mypost.intake.commands import HandedDocument
from mypost.letters import commands as letters
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.notifications import commands as notifications
from mypost.notifications.models import Alert
from mypost.senders.models import Sender
from tests.conftest import LATER, SendLetter
from tests.entrypoints.member_web.conftest import PDF, openings, page
from tests.entrypoints.signed_in import PASSWORD_RECORD, give_passkey, note_in, signed_in

SUBJECT, SENDER, TOPIC = "国民健康保険税のお知らせ", "みなと市", "tax"
MARK = "sender-mark--municipality"
CARD = {"method": "card"}
# One of each kind; tests/letters/test_demands.py walks through all levels and sign-ins.
DEMANDS: dict[str, dict[str, Any]] = {
    "a level": {"required_assurance": 3},
    "the card now": {"required_aal": 3},
}
LISTS = ("/", "/box/", "/box/?show=unread", "/due/")


def send(send_letter: SendLetter, **fields: Any) -> Letter:
    item = send_letter(due="2099-11-30", topic=TOPIC, **fields)
    return Letter.objects.get(id=item.letter_id)


def lose_the_card(hanako: Member) -> None:
    Member.objects.filter(id=hanako.id).update(level=2)


@pytest.fixture
def below(hanako: Member) -> Client:
    """Hanako's browser, signed in by password alone."""
    return signed_in(hanako.account, PASSWORD_RECORD)


@pytest.fixture
def above(hanako: Member) -> Client:
    """Hanako's browser, signed in with her card."""
    return signed_in(hanako.account, CARD)


def pages_of(letter: Letter) -> list[str]:
    # What is due so late is not of today; there the new letter shows.
    return [*LISTS, f"/letters/{letter.id}/"]


@pytest.mark.parametrize("demand", DEMANDS)
@pytest.mark.parametrize("opened_before", [False, True])
def test_below_its_demand_no_page_shows_the_subject_and_each_names_the_sender(
    below: Client, hanako: Member, send_letter: SendLetter, demand: str, opened_before: bool
) -> None:
    letter = send(send_letter, **DEMANDS[demand])
    if opened_before:
        letters.hand_over(letter.id, reader=hanako, aal=3, at=LATER)
    lose_the_card(hanako)
    for path in ("/box/", "/due/", f"/letters/{letter.id}/"):
        shown = page(below, path)
        assert SUBJECT not in shown
        assert SENDER in shown
        assert f"/letters/{letter.id}/open" not in shown


@pytest.mark.parametrize("demand", DEMANDS)
@pytest.mark.parametrize("opened_before", [False, True])
def test_a_confidential_one_hides_its_sender_too(
    below: Client, hanako: Member, send_letter: SendLetter, demand: str, opened_before: bool
) -> None:
    letter = send(send_letter, confidential=True, **DEMANDS[demand])
    if opened_before:
        letters.hand_over(letter.id, reader=hanako, aal=3, at=LATER)
    lose_the_card(hanako)
    for path in pages_of(letter):
        shown = page(below, path)
        for hidden in (SUBJECT, SENDER, f">{TOPIC}<", MARK, str(letter.sender_id)):
            assert hidden not in shown, (path, hidden)
    assert f'href="/letters/{letter.id}/"' in page(below, "/box/")


def test_a_confidential_one_does_not_show_by_asking_for_its_sender(
    below: Client, above: Client, hanako: Member, city: Sender, send_letter: SendLetter
) -> None:
    letter = send(send_letter, confidential=True, required_aal=3)
    assert str(letter.id) not in page(below, f"/senders/{city.id}/")
    assert SUBJECT in page(above, f"/senders/{city.id}/")


@pytest.mark.parametrize("demand", DEMANDS)
def test_above_its_demand_everything_shows_and_opens(
    above: Client, send_letter: SendLetter, demand: str
) -> None:
    letter = send(send_letter, confidential=True, **DEMANDS[demand])
    for path in ("/", "/box/", "/due/"):
        assert SUBJECT in page(above, path)
        assert SENDER in page(above, path)
    above.post(f"/letters/{letter.id}/open")
    shown = page(above, f"/letters/{letter.id}/")
    assert SUBJECT in shown
    assert SENDER in shown


@pytest.mark.parametrize("demand", DEMANDS)
def test_a_forged_form_opens_nothing_and_gets_no_bytes(
    below: Client, hanako: Member, send_letter: SendLetter, demand: str
) -> None:
    document = HandedDocument("納税通知書.pdf", PDF)
    item = send_letter([document], **DEMANDS[demand])
    lose_the_card(hanako)
    answer = below.post(f"/letters/{item.letter_id}/open")
    assert (answer.status_code, answer["Location"]) == (303, f"/letters/{item.letter_id}/")
    assert openings() == 0
    letters.hand_over(item.letter_id, reader=hanako, aal=3, at=LATER)  # as she was before
    for path in ("documents/1", "receipt"):
        assert below.get(f"/letters/{item.letter_id}/{path}").status_code == 404


# The way up


def test_a_missing_level_leads_to_how_it_is_raised(
    below: Client, hanako: Member, send_letter: SendLetter
) -> None:
    letter = send(send_letter, required_assurance=3)
    lose_the_card(hanako)
    shown = page(below, f"/letters/{letter.id}/")
    assert 'href="/me/#level"' in shown
    assert "step-up" not in shown


def test_the_card_is_asked_for_in_place(below: Client, send_letter: SendLetter) -> None:
    letter = send(send_letter, required_aal=3)
    back = quote(f"/letters/{letter.id}/", safe="")
    assert f'href="/me/card/step-up/?next={back}"' in page(below, f"/letters/{letter.id}/")


@pytest.mark.parametrize(
    ("has", "leads_to"),
    [
        ("a passkey", "/account/2fa/webauthn/reauthenticate/"),
        ("one-time codes", "/account/2fa/reauthenticate/"),
        ("nothing", "/account/2fa/webauthn/add/"),
    ],
)
def test_a_second_factor_is_asked_for_or_first_made(
    below: Client, hanako: Member, send_letter: SendLetter, has: str, leads_to: str
) -> None:
    letter = send(send_letter, required_aal=2)
    if has == "a passkey":
        give_passkey(hanako.account)
    elif has == "one-time codes":
        Authenticator.objects.create(
            user=hanako.account, type=Authenticator.Type.TOTP, data={"secret": ""}
        )
    back = quote(f"/letters/{letter.id}/", safe="")
    assert f'href="{leads_to}?next={back}"' in page(below, f"/letters/{letter.id}/")


def test_once_stepped_up_the_same_page_offers_to_open(
    below: Client, hanako: Member, send_letter: SendLetter
) -> None:
    letter = send(send_letter, required_aal=3, confidential=True)
    note_in(below, hanako.account, PASSWORD_RECORD, CARD)
    assert f'action="/letters/{letter.id}/open"' in page(below, f"/letters/{letter.id}/")
    assert openings() == 0


def test_a_later_weaker_sign_in_closes_it_again(
    hanako: Member, send_letter: SendLetter, above: Client
) -> None:
    letter = send(send_letter, required_aal=3)
    above.post(f"/letters/{letter.id}/open")
    weaker = signed_in(hanako.account, PASSWORD_RECORD)
    assert SUBJECT not in page(weaker, f"/letters/{letter.id}/")


@pytest.mark.parametrize("demand", DEMANDS)
def test_a_stranger_with_a_card_finds_nothing(
    jiro: Member, send_letter: SendLetter, demand: str
) -> None:
    letter = send(send_letter, confidential=True, **DEMANDS[demand])
    Member.objects.filter(id=jiro.id).update(level=3)
    his = signed_in(jiro.account, CARD)
    assert his.get(f"/letters/{letter.id}/").status_code == 404
    assert his.post(f"/letters/{letter.id}/open").status_code == 404
    assert str(letter.id) not in page(his, "/box/")


# The mail


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_mail_about_a_confidential_letter_says_only_that_one_waits(
    hanako: Member, send_letter: SendLetter, mailoutbox: list[Any], language: str
) -> None:
    type(hanako.account).objects.update(language=language)
    letter = send(send_letter, confidential=True)
    alert = Alert.objects.get(letter_id=letter.id)
    Alert.objects.update(due_at=LATER)
    notifications.send(alert.batch_id)
    (mail,) = mailoutbox
    waits = {"ja": "手紙が届いています", "en": "A letter waits for you"}[language]
    assert waits in mail.subject
    assert waits in mail.body
    for hidden in (SENDER, "Minato", SUBJECT, str(letter.sender_id)):
        assert hidden not in f"{mail.subject}{mail.body}"
