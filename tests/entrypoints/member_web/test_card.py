"""The card at the member's door: proof, refusals, the answer from elsewhere, the list."""

import re
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client

from mypost.common.clock import now
from mypost.members.models import Member
from mypost.proofing import watch
from mypost.proofing.models import CardChallenge, LinkedCard
from mypost.verification.models import RecordedVerdict
from tests.conftest import NOW
from tests.entrypoints.active import active_in
from tests.entrypoints.member_web.card_use import (
    DOOR,
    LINK,
    PROVE,
    STEP_UP,
    Answer,
    link,
    question_of,
    read_card,
    use_card,
)  # fmt: skip
from tests.entrypoints.member_web.conftest import browser_of, page, text_of
from tests.proofing.offices import PINS, RunningOffice


def level_of(member: Member) -> int:
    return Member.objects.get(id=member.id).level


# Proof


def test_the_reader_is_asked_in_our_name(his: Client, office: RunningOffice) -> None:
    asked = parse_qs(urlsplit(question_of(his, PROVE)).query)
    assert asked["purpose"] == ["prove"]
    assert asked["return_to"] == [f"{DOOR}{PROVE}answer"]
    shown = httpx.get(question_of(his, PROVE), timeout=10).text
    assert "prove my identity / 本人確認をします" in shown


def test_the_card_proves_who_one_is(his: Client, jiro: Member, office: RunningOffice) -> None:
    status, _shown, leads_to = use_card(his, PROVE, "jiro")
    assert (status, leads_to) == (303, LINK)
    assert level_of(jiro) == 3
    shown = page(his, "/me/")
    assert "本人確認ができました" in shown
    assert "髙橋　次郎" in shown
    assert "福島県みなと市字岬下１番地" in shown
    assert "1996年7月25日" in shown
    assert "平成8年" in shown
    assert office.serial("jiro", "sign") in shown
    assert active_in(shown) == []


def test_it_offers_to_sign_in_with_the_card_and_does_not_do_so_by_itself(
    his: Client, office: RunningOffice
) -> None:
    use_card(his, PROVE, "jiro")
    assert "これからはカードでログインしますか" in page(his, LINK)
    assert not LinkedCard.objects.exclude(auth_serial="").exists()
    link(his, "jiro")
    assert LinkedCard.objects.get().auth_serial == office.serial("jiro", "auth")


def test_a_card_of_the_same_person_elsewhere_leads_to_merging(
    his: Client, hers: Client, hanako: Member, office: RunningOffice
) -> None:
    use_card(hers, PROVE, "hanako")
    status, _shown, leads_to = use_card(his, PROVE, "hanako")
    assert (status, leads_to) == (303, "/me/merge/same-person/")
    assert "もう一つアカウントがあります" in page(his, leads_to)
    assert "hanako@example.jp" not in page(his, leads_to)


def test_an_answer_counts_once(his: Client, jiro: Member, office: RunningOffice) -> None:
    answer = read_card(question_of(his, PROVE), "jiro")
    assert his.post(f"{PROVE}answer", answer).status_code == 303
    assert "challenge_spent" in text_of(his.post(f"{PROVE}answer", answer), 422)


def test_an_answer_counts_in_the_browser_that_asked(
    his: Client, hers: Client, jiro: Member, office: RunningOffice
) -> None:
    answer = read_card(question_of(his, PROVE), "jiro")
    assert "challenge_foreign" in text_of(hers.post(f"{PROVE}answer", answer), 422)
    assert his.post(f"{PROVE}answer", answer).status_code == 303


def test_an_answer_counts_for_its_purpose(hers: Client, office: RunningOffice) -> None:
    answer = read_card(question_of(hers, LINK), "hanako")
    assert "challenge_foreign" in text_of(hers.post(f"{STEP_UP}answer", answer), 422)


def test_an_answer_counts_for_five_minutes(his: Client, office: RunningOffice) -> None:
    answer = read_card(question_of(his, PROVE), "jiro")
    CardChallenge.objects.update(created_at=NOW, expires_at=NOW)
    shown = text_of(his.post(f"{PROVE}answer", answer), 422)
    assert "5分を過ぎたため" in shown


Spoil = Callable[[Answer, RunningOffice], Answer]


def _wrong_kind(answer: Answer, office: RunningOffice) -> Answer:
    signed = office.card("jiro").sign("auth", PINS.auth, b"anything")
    return {**answer, "certificate": b64encode(signed.certificate_der).decode()}


def _revoked(answer: Answer, office: RunningOffice) -> Answer:
    office.revoke("jiro", "sign", "affiliation_changed", "move")
    return answer


def _on_hold(answer: Answer, office: RunningOffice) -> Answer:
    office.revoke("jiro", "sign", "certificate_hold")
    return answer


def _in_production(answer: Answer, office: RunningOffice) -> Answer:
    office.settings.JPKI_WORLD = "production"
    return answer


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_wrong_kind, "certificate_wrong_kind"),
        (_revoked, "certificate_revoked"),
        (_on_hold, "certificate_on_hold"),
        (_in_production, "certificate_for_tests"),
        (lambda a, _: {**a, "certificate": a["certificate"][:400]}, "certificate_malformed"),
        (lambda a, _: {**a, "certificate": ""}, "certificate_malformed"),
        (lambda a, _: {**a, "certificate": "%%%"}, "certificate_malformed"),
        (lambda a, _: {**a, "signature": a["certificate"][:344]}, "signature_wrong"),
        (lambda a, _: {**a, "signature": ""}, "signature_wrong"),
        (lambda a, _: {**a, "challenge_id": "x"}, "challenge_foreign"),
        (lambda a, _: {}, "challenge_foreign"),
    ],
    ids=[
        "wrong-kind", "revoked", "on-hold", "for-tests", "truncated", "empty", "no-base64",
        "wrong-signature", "no-signature", "no-question", "nothing",
    ],
)  # fmt: skip
def test_each_refusal_has_its_code_and_its_words(
    his: Client, jiro: Member, office: RunningOffice, spoil: Spoil, code: str
) -> None:
    answer = spoil(read_card(question_of(his, PROVE), "jiro"), office)
    shown = text_of(his.post(f"{PROVE}answer", answer), 422)
    assert code in shown
    assert "カードを使えませんでした" in shown
    assert active_in(shown) == []
    assert level_of(jiro) == 0


def test_a_refused_answer_is_spent_and_its_verdict_kept(his: Client, office: RunningOffice) -> None:
    answer = read_card(question_of(his, PROVE), "jiro")
    his.post(f"{PROVE}answer", {**answer, "signature": ""})
    assert "challenge_spent" in text_of(his.post(f"{PROVE}answer", answer), 422)
    assert RecordedVerdict.objects.get().reasons == ["signature_wrong"]


def test_nobody_to_ask_means_try_later(his: Client, office: RunningOffice) -> None:
    answer = read_card(question_of(his, PROVE), "jiro")
    office.settings.JPKI_REVOCATION = "none"
    shown = text_of(his.post(f"{PROVE}answer", answer), 503)
    assert "いまはカードを確認できません" in shown


def test_refusals_are_said_in_english_too(in_english: Client, office: RunningOffice) -> None:
    shown = text_of(in_english.post(f"{PROVE}answer", {"challenge_id": "x"}), 422)
    assert "The card was not accepted" in shown
    assert "This answer belongs to no question" in shown


# Without the reader's page


def test_an_answer_may_be_pasted(his: Client, jiro: Member, office: RunningOffice) -> None:
    shown = text_of(his.post(PROVE, {"by_hand": "1"}))
    challenge_id = re.findall(r'name="challenge_id" value="([^"]+)"', shown)[0]
    question = f"{office.settings.CARD_CLIENT_URL}/card?purpose=prove&return_to={DOOR}&challenge="
    text = re.findall(r'id="challenge"[^>]*>([\w-]+)<', shown)[0]
    signed = read_card(question + text, "jiro")
    pasted = f'{{"certificate": "{signed["certificate"]}",\n "signature": "{signed["signature"]}"}}'
    answer = his.post(f"{PROVE}answer", {"challenge_id": challenge_id, "answer": pasted})
    assert answer.status_code == 303
    assert level_of(jiro) == 3


@pytest.mark.parametrize("pasted", ["", "x" * 100_000, "{}", "certificate: \x00"])
def test_nonsense_that_is_pasted_is_refused(
    his: Client, office: RunningOffice, pasted: str
) -> None:
    his.post(PROVE, {"by_hand": "1"})
    challenge = CardChallenge.objects.get()
    fields = {"challenge_id": str(challenge.id), "answer": pasted}
    assert "certificate_malformed" in text_of(his.post(f"{PROVE}answer", fields), 422)


def test_an_answer_from_another_site_is_sent_once_more_from_ours(
    his: Client, jiro: Member, office: RunningOffice
) -> None:
    answer = read_card(question_of(his, PROVE), "jiro")
    cross_site = Client()  # the browser keeps a Lax cookie back
    cross_site.cookies["mypost_language"] = "ja"
    shown = cross_site.post(f"{PROVE}answer", {**answer, "x": "<script>"})
    again = text_of(shown)
    assert "MyPostで続ける" in again
    assert not shown.cookies
    assert active_in(again) == []
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', again))
    assert fields == {**answer, "again": "1"}
    assert his.post(f"{PROVE}answer", fields).status_code == 303
    assert level_of(jiro) == 3


def test_an_answer_without_any_session_begins_anew(db: None) -> None:
    answer = Client().post(f"{PROVE}answer", {"again": "1"})
    assert answer.headers["Location"] == PROVE


def test_who_turns_round_at_the_reader_is_back_at_the_beginning(his: Client) -> None:
    for path in (PROVE, LINK, STEP_UP):
        assert his.get(f"{path}answer").headers["Location"] == path


def test_it_needs_no_token_of_a_form_but_the_questions_session(
    jiro: Member, office: RunningOffice
) -> None:
    guarded = Client(enforce_csrf_checks=True)
    guarded.cookies = browser_of(jiro.account).cookies
    assert guarded.post(PROVE).status_code == 403
    assert "challenge_foreign" in text_of(guarded.post(f"{PROVE}answer", {}), 422)


# The list


def test_the_list_shows_both_certificates_and_stops_them(
    hers: Client, hanako: Member, office: RunningOffice
) -> None:
    use_card(hers, PROVE, "hanako")
    link(hers, "hanako")
    shown = page(hers, "/me/card/")
    assert "これからは、このカード" in shown
    for kind in ("sign", "auth"):
        assert office.serial("hanako", kind) in shown
    card = LinkedCard.objects.get()
    assert hers.post(f"/me/card/{card.id}/stop").status_code == 303
    shown = page(hers, "/me/card/")
    assert "カードを停止しました" in shown
    assert "ご自分で停止しました。" in shown
    assert level_of(hanako) == 3


def test_a_stranger_neither_sees_nor_stops_a_card(
    hers: Client, his: Client, office: RunningOffice
) -> None:
    link(hers, "hanako")
    card = LinkedCard.objects.get()
    assert office.serial("hanako", "auth") not in page(his, "/me/card/")
    assert his.post(f"/me/card/{card.id}/stop").status_code == 404
    assert LinkedCard.objects.get().auth_stopped_at is None


def test_a_moved_member_is_told_why_and_what_to_do(
    hers: Client, hanako: Member, office: RunningOffice
) -> None:
    use_card(hers, PROVE, "hanako")
    office.revoke("hanako", "sign", "affiliation_changed", "move")
    watch.ask_after(LinkedCard.objects.values_list("id", flat=True), at=now())
    shown = page(hers, "/me/")
    assert "証明が切れています" in shown
    assert "新しい署名用電子証明書" in shown
    assert 'href="/me/card/prove/"' in shown
    assert level_of(hanako) == 3


@pytest.mark.parametrize(
    ("ago", "asks_again"),
    [(timedelta(minutes=4, seconds=30), False), (timedelta(minutes=5, seconds=1), True)],
)
def test_who_proved_themselves_five_minutes_ago_confirms_again_before_a_card_signs_in(
    his: Client, office: RunningOffice, ago: timedelta, asks_again: bool
) -> None:
    session = his.session
    session["card_proved_at"] = (now() - ago).isoformat()
    session.save()
    leads_to = his.post(LINK).headers["Location"]
    assert leads_to.startswith("/account/reauthenticate/") is asks_again
    assert CardChallenge.objects.exists() is not asks_again
