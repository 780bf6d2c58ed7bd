"""What the authority takes back, and what follows for the member, at night or at sign-in."""

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from procrastinate.contrib.django.models import ProcrastinateJob

from mypost.accounts.models import Account
from mypost.common.clock import now
from mypost.evidence.models import Line
from mypost.kernel.jpki.revocation import REASONS
from mypost.members import queries as attributes
from mypost.members.models import Member
from mypost.members.reasons import LAPSE_REASONS
from mypost.notifications.models import Notice
from mypost.proofing import cards, watch
from mypost.proofing.challenges import Purpose
from mypost.proofing.errors import CardRefused, CardStopped, CardUnknown
from mypost.proofing.models import LinkedCard
from mypost.proofing.tasks import ask_after_cards
from mypost.verification.sources.platform import CAUSES
from tests.proofing.offices import SESSION, RunningOffice
from tests.proofing.test_cards import link, prove, sign_in


@pytest.fixture
def card(office: RunningOffice, taro: Member) -> LinkedCard:
    """Taro has proved himself with his card, and signs in with it."""
    prove(office, taro, "taro")
    return link(office, taro, "taro")


def look(card: LinkedCard) -> LinkedCard:
    """One round of the watch, for one card."""
    watch.ask_after([card.id], at=now())
    return LinkedCard.objects.get(id=card.id)


def stops_of(card: LinkedCard) -> tuple[str, str]:
    return card.sign_stop_reason, card.auth_stop_reason


def level_of(member: Member) -> int:
    return Member.objects.get(id=member.id).level


def lapsed_for(member: Member) -> str:
    certified = attributes.certified(member)
    assert certified is not None
    return certified.lapse_reason


def told(member: Member) -> set[str]:
    return set(Notice.objects.filter(mailbox_id=member.mailbox_id).values_list("kind", flat=True))


def signed_in(account: Account) -> str:
    """A session of an account, as signing in leaves it; its key."""
    session = SessionStore()
    session.create()
    key = str(session.session_key)
    UserSession.objects.create(user=account, session_key=key, ip="127.0.0.1", user_agent="test")
    return key


def is_signed_in(key: str) -> bool:
    return Session.objects.filter(session_key=key).exists()


def test_a_good_card_stays_as_it_is(card: LinkedCard, taro: Member) -> None:
    LinkedCard.objects.update(checked_at=now() - timedelta(days=1))
    assert stops_of(look(card)) == ("", "")
    assert LinkedCard.objects.get(id=card.id).checked_at > now() - timedelta(minutes=1)
    assert (level_of(taro), lapsed_for(taro)) == (3, "")


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("affiliation_changed", "move"),
        ("affiliation_changed", "name_change"),
        ("affiliation_changed", ""),
        ("cessation_of_operation", "emigration"),
    ],
)
def test_who_moved_keeps_level_and_sign_in_and_is_asked(
    office: RunningOffice, card: LinkedCard, taro: Member, reason: str, cause: str
) -> None:
    office.revoke("taro", "sign", reason, cause)
    assert stops_of(look(card)) == (cause or reason, "")
    assert (level_of(taro), lapsed_for(taro)) == (3, cause or reason)
    assert "certificate_lapsed" in told(taro)
    assert sign_in(office, "taro") == taro


def test_a_lost_card_is_stopped_at_once(
    office: RunningOffice, card: LinkedCard, taro: Member, jiro: Member
) -> None:
    his, strangers = signed_in(taro.account), signed_in(jiro.account)
    office.office.lose("taro", at=now())
    with pytest.raises(CardRefused):
        sign_in(office, "taro")
    card.refresh_from_db()
    assert stops_of(card) == ("loss", "loss")
    assert (is_signed_in(his), is_signed_in(strangers)) == (False, True)
    assert (level_of(taro), lapsed_for(taro)) == (3, "")
    assert "card_stopped" in told(taro)
    assert told(jiro) <= {"level_changed"}


def test_a_renewed_card_counts_as_replaced(
    office: RunningOffice, card: LinkedCard, taro: Member
) -> None:
    key = signed_in(taro.account)
    office.office.renew("taro", at=now())
    assert stops_of(look(card)) == ("renewal", "renewal")
    assert (level_of(taro), lapsed_for(taro), is_signed_in(key)) == (3, "", True)
    with pytest.raises(CardUnknown):
        sign_in(office, "taro")


@pytest.mark.parametrize("reason", ["cessation_of_operation", "unspecified", "ca_compromise"])
def test_a_proof_that_nothing_stands_behind_any_more_is_level_one(
    office: RunningOffice, card: LinkedCard, taro: Member, reason: str
) -> None:
    office.revoke("taro", "sign", reason)
    assert stops_of(look(card)) == (reason, reason)
    assert (level_of(taro), lapsed_for(taro)) == (1, reason)
    change = attributes.level_changes(taro)[0]
    assert (change.source, change.reason) == ("revocation", "certificate_stopped")
    assert {"level_changed", "card_stopped", "certificate_lapsed"} <= told(taro)
    with pytest.raises(CardStopped):
        sign_in(office, "taro")


def test_a_card_on_hold_is_refused_while_it_lasts(
    office: RunningOffice, card: LinkedCard, taro: Member
) -> None:
    office.office.hold("taro", at=now())
    with pytest.raises(CardRefused) as refused:
        sign_in(office, "taro")
    assert refused.value.verdict.reasons == ("certificate_on_hold",)
    assert stops_of(look(card)) == ("", "")
    assert (level_of(taro), lapsed_for(taro)) == (3, "")


def test_after_a_death_nobody_signs_in(
    office: RunningOffice, card: LinkedCard, taro: Member
) -> None:
    key = signed_in(taro.account)
    office.office.die("taro", at=now())
    with pytest.raises(CardUnknown):
        sign_in(office, "taro")
    card.refresh_from_db()
    assert stops_of(card) == ("death", "death")
    assert (level_of(taro), lapsed_for(taro), is_signed_in(key)) == (0, "death", False)
    assert not Account.objects.get(id=taro.account_id).is_active


def test_an_expired_card_stops_and_takes_nothing_with_it(
    office: RunningOffice, card: LinkedCard, taro: Member
) -> None:
    much_later = now() + timedelta(days=6 * 366)
    watch.ask_after([card.id], at=much_later)
    card.refresh_from_db()
    assert stops_of(card) == ("expired", "expired")
    assert (level_of(taro), lapsed_for(taro)) == (3, "")


def test_an_authority_that_does_not_answer_changes_nothing_and_is_asked_again(
    office: RunningOffice, card: LinkedCard, taro: Member
) -> None:
    LinkedCard.objects.update(checked_at=now() - timedelta(days=1))
    office.office.lose("taro", at=now())
    office.go_away()
    assert stops_of(look(card)) == ("", "")
    assert watch.begin(at=now()) == 1
    office.come_back()
    assert stops_of(look(card)) == ("loss", "loss")


def test_a_chunk_waits_when_its_authority_does_not_answer(
    office: RunningOffice, card: LinkedCard, jiro: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunk = [card.id, link(office, jiro, "jiro").id]
    office.go_away()
    asked = []
    for patience in (1, 3):
        monkeypatch.setattr(watch, "PATIENCE", patience)
        before = office.web.asked
        watch.ask_after(chunk, at=now())
        asked.append(office.web.asked - before)
    assert 0 < asked[0] < asked[1]


def test_what_followed_once_does_not_follow_again(
    office: RunningOffice, card: LinkedCard, taro: Member
) -> None:
    office.office.give_up("taro", at=now())
    for _round in range(3):
        look(card)
    stopped = Line.objects.filter(event="CardStopped", mailbox_id=taro.mailbox_id)
    assert stopped.count() == 2, "one for each certificate"
    changed = [change.level for change in attributes.level_changes(taro)]
    assert changed[:2] == [1, 3]


def test_a_replaced_card_takes_no_level_with_it(
    office: RunningOffice, card: LinkedCard, taro: Member
) -> None:
    LinkedCard.objects.filter(id=card.id).update(replaced_by=card)
    office.office.give_up("taro", at=now())
    look(card)
    assert level_of(taro) == 3


def test_a_card_that_proved_nothing_takes_no_level_with_it(
    office: RunningOffice, hanako: Member
) -> None:
    card = link(office, hanako, "hanako")
    office.office.give_up("hanako", at=now())
    assert stops_of(look(card)) == ("", "cessation_of_operation")
    assert level_of(hanako) == 3


def test_a_sign_in_notices_a_move_too(
    office: RunningOffice, card: LinkedCard, taro: Member
) -> None:
    office.office.move("taro", "福島県風見市丘の上１番", "風見市", at=now())
    assert sign_in(office, "taro") == taro
    assert lapsed_for(taro) == "move"


def test_a_strangers_misuse_of_an_open_certificate_stops_nothing(
    office: RunningOffice, card: LinkedCard
) -> None:
    answer = office.answer("taro", Purpose.SIGN_IN)
    stolen = cards.CardAnswer(answer.challenge_id, answer.certificate, b"guessed")
    with pytest.raises(CardRefused):
        cards.sign_in(stolen, session=SESSION, at=now())
    card.refresh_from_db()
    assert stops_of(card) == ("", "")


def test_cards_are_asked_after_once_a_day_the_oldest_first(
    office: RunningOffice, card: LinkedCard, jiro: Member
) -> None:
    other = link(office, jiro, "jiro")
    assert watch.begin(at=now()) == 0
    LinkedCard.objects.filter(id=card.id).update(checked_at=now() - timedelta(hours=23))
    LinkedCard.objects.filter(id=other.id).update(checked_at=now() - timedelta(hours=25))
    assert watch.begin(at=now()) == 2
    assert watch.begin(at=now()) == 2
    (job,) = ProcrastinateJob.objects.filter(task_name="proofing.ask_after_cards")
    assert job.args == {"card_ids": [str(other.id), str(card.id)]}
    ask_after_cards(**job.args)
    assert watch.begin(at=now()) == 0


def test_a_stopped_card_is_not_asked_after(office: RunningOffice, card: LinkedCard) -> None:
    office.office.lose("taro", at=now())
    look(card)
    LinkedCard.objects.update(checked_at=now() - timedelta(days=2))
    assert watch.begin(at=now()) == 0


# What each word ends beyond the certificate itself: the table of mypost/proofing/README.md.
ENDS = {
    "move": {"lapses"},
    "name_change": {"lapses"},
    "affiliation_changed": {"lapses"},
    "emigration": {"lapses"},
    "loss": {"stops_card", "ends_sessions"},
    "key_compromise": {"stops_card", "ends_sessions"},
    "renewal": {"stops_card"},
    "superseded": {"stops_card"},
    "expired": set[str](),
    "cessation_of_operation": {"stops_card", "lapses", "drops_level"},
    "unspecified": {"stops_card", "ends_sessions", "lapses", "drops_level"},
    "ca_compromise": {"stops_card", "ends_sessions", "lapses", "drops_level"},
    "death": {"stops_card", "ends_sessions", "lapses", "ends_account"},
}


def test_every_word_ends_what_the_readme_says_and_no_more() -> None:
    ends = {
        word: {what for what, is_so in asdict(consequence).items() if is_so is True}
        for word, consequence in watch.CONSEQUENCES.items()
    }
    assert ends == ENDS


@pytest.mark.parametrize("word", ENDS)
def test_every_consequence_has_its_reason_and_its_sentence(word: str) -> None:
    assert watch.CONSEQUENCES[word].because
    assert word in LAPSE_REASONS


def test_the_room_tells_of_every_consequence() -> None:
    readme = Path(watch.__file__).with_name("README.md").read_text(encoding="utf-8")
    told = {word for row in readme.splitlines() for word in row.split("|")[1:2]}
    words = {word.strip() for row in told for word in row.split(",")}
    assert {*ENDS, "certificate_hold"} <= words


def test_every_word_of_an_authority_has_its_row() -> None:
    # RFC 5280 §5.3.1, less certificate_hold, and aa_compromise, privilege_withdrawn and
    # remove_from_crl, which no authority of cards gives; then the platform's causes.
    reasons = {
        "unspecified", "key_compromise", "ca_compromise", "affiliation_changed", "superseded",
        "cessation_of_operation",
    }  # fmt: skip
    causes = {"move", "name_change", "death", "emigration", "loss", "renewal"}
    assert reasons | causes <= set(ENDS)
    not_ours = {"aa_compromise", "privilege_withdrawn", "remove_from_crl", "certificate_hold"}
    assert set(REASONS) == reasons | not_ours
    assert set(CAUSES) == causes | {""}


def test_a_word_that_is_new_to_us_counts_as_no_reason_given(card: LinkedCard, taro: Member) -> None:
    watch.follow(card.id, "sign", reason="privilege_withdrawn", cause="", at=now())
    card.refresh_from_db()
    assert stops_of(card) == ("unspecified", "unspecified")
    assert level_of(taro) == 1
