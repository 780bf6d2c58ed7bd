"""Closing a mailbox: what still works, what ends, what stays."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import F, Model
from django.test import Client

from mypost.accounts.models import Account, SignIn
from mypost.evidence.models import Line
from mypost.letters.models import Letter
from mypost.members import closing
from mypost.members.attributes import NewAttributes
from mypost.members.closing import ask_to_close, close_due, take_back
from mypost.members.commands import declare
from mypost.members.errors import MemberNotFound
from mypost.members.models import CertifiedAttributes, DeclaredAttributes, Member, Sex
from mypost.proofing.models import (
    LinkedCard,
    MergeTicket,
    PasscodeRequest,
    PersonKey,
    PostalReport,
)
from mypost.subscriptions import commands as subscriptions
from mypost.subscriptions.models import Subscription
from mypost.vault import commands as vault
from mypost.vault.errors import ContentGone
from mypost.vault.models import Envelope, MailboxKey
from tests.conftest import LATER, NOW, PASSWORD, SendLetter, make_account
from tests.entrypoints.signed_in import give_passkey

OVER = NOW + timedelta(days=30)  # the last of its days is over at this moment
SAID = NewAttributes(
    name="みなと花子", kana="ミナトハナコ", postal_code="1000001", address="東京都千代田区千代田１",
    building="", birth_date="1980-02-17", sex=Sex.FEMALE,
)  # fmt: skip


OF_A_PERSON: tuple[type[Model], ...] = (
    DeclaredAttributes, CertifiedAttributes, PasscodeRequest, LinkedCard, PersonKey, MergeTicket,
)  # fmt: skip


def know(member: Member, key: str) -> None:
    """Let somebody have proved who they are in every way there is."""
    said = declare(member, SAID, at=NOW)
    CertifiedAttributes.objects.create(
        id=said.id, member=member, source="card", name="港花子", sex="2", birth_date="319800217",
        address="東京都", certified_at=NOW,
    )  # fmt: skip
    asked = PasscodeRequest.objects.create(
        id=said.id, member=member, addressed_to=said, requested_at=NOW, expires_at=LATER
    )
    PostalReport.objects.create(request=asked, event="printed", at=NOW)
    facts = {"member": member, "linked_at": NOW, "checked_at": NOW}
    newer = LinkedCard.objects.create(id=member.id, sign_serial=f"{key} b", **facts)
    LinkedCard.objects.create(id=said.id, sign_serial=f"{key} a", replaced_by=newer, **facts)
    PersonKey.objects.create(kind="platform", key=key, member=member, noted_at=NOW)
    MergeTicket.objects.create(id=said.id, member=member, code_hash=key, expires_at=LATER)


@pytest.fixture
def leaving(hanako: Member, letter: Letter) -> Member:
    """Hanako has a letter, has proved who she is in every way, and wants to leave."""
    know(hanako, "hers")
    give_passkey(hanako.account)
    ask_to_close(hanako, at=NOW)
    hanako.refresh_from_db()
    return hanako


@pytest.fixture
def as_the_worker(leaving: Member) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE mypost_worker")
        yield
        cursor.execute("RESET ROLE")


def events_of(member: Member) -> list[tuple[str, str]]:
    lines = Line.objects.filter(subject_id=member.mailbox_id).order_by("id")
    told = [(line.event, line.entry) for line in lines if line.event.startswith("MailboxClos")]
    return [(event, entry.split('"reasons":["')[1].split('"')[0]) for event, entry in told]


def test_it_closes_thirty_days_after_asking_and_asking_again_keeps_the_date(jiro: Member) -> None:
    assert ask_to_close(jiro, at=NOW) == NOW + timedelta(days=30)
    assert ask_to_close(jiro, at=LATER) == NOW + timedelta(days=30)
    assert events_of(jiro) == [("MailboxClosing", "asked")]


def test_until_then_letters_come_and_open(leaving: Member, send_letter: SendLetter) -> None:
    assert close_due(at=OVER - timedelta(microseconds=1)) == 0
    item = send_letter(reference="R-2")
    assert item.letter_id is not None
    assert vault.open_envelope(leaving.mailbox_id, item.letter_id).subject


def test_it_can_be_taken_back(leaving: Member) -> None:
    take_back(leaving, at=LATER)
    take_back(leaving, at=LATER)
    assert close_due(at=OVER) == 0
    assert MailboxKey.objects.filter(mailbox_id=leaving.mailbox_id).exists()
    assert events_of(leaving) == [("MailboxClosing", "asked"), ("MailboxClosing", "taken_back")]


@pytest.mark.usefixtures("as_the_worker")
def test_the_worker_has_the_rights_to_close_it(leaving: Member) -> None:
    assert close_due(at=OVER) == 1


def test_nothing_opens_any_more(leaving: Member, letter: Letter) -> None:
    assert close_due(at=OVER) == 1
    with pytest.raises(ContentGone):
        vault.open_envelope(leaving.mailbox_id, letter.id)
    for rows in (MailboxKey.objects, Envelope.objects):
        assert not rows.filter(mailbox_id=leaving.mailbox_id).exists()


def test_a_closing_that_is_rolled_back_has_destroyed_nothing(
    leaving: Member, letter: Letter
) -> None:
    with transaction.atomic():
        assert close_due(at=OVER) == 1
        transaction.set_rollback(True)
    opened = vault.open_envelope(leaving.mailbox_id, letter.id)
    assert opened.subject == "国民健康保険税のお知らせ"
    assert DeclaredAttributes.objects.filter(member=leaving).exists()


def test_an_envelope_that_somebody_kept_does_not_open_either(
    leaving: Member, letter: Letter
) -> None:
    kept = Envelope.objects.get(letter_id=letter.id)
    close_due(at=OVER)
    Envelope.objects.bulk_create([kept])
    with pytest.raises(MailboxKey.DoesNotExist):
        vault.open_envelope(leaving.mailbox_id, letter.id)


def test_the_choices_end_and_a_letter_is_refused(
    leaving: Member, letter: Letter, send_letter: SendLetter
) -> None:
    close_due(at=OVER)
    assert not Subscription.objects.filter(mailbox_id=leaving.mailbox_id, ended_at=None).exists()
    assert send_letter(reference="R-2").code == "recipient_unknown"


def test_who_the_person_was_is_forgotten(leaving: Member) -> None:
    close_due(at=OVER)
    for model in OF_A_PERSON:
        assert not model._default_manager.filter(member=leaving).exists(), model


def test_who_the_neighbour_is_is_not(leaving: Member, taro: Member) -> None:
    know(taro, "the neighbour's")
    close_due(at=OVER)
    for model in OF_A_PERSON:
        assert model._default_manager.filter(member=taro).exists(), model
    assert PostalReport.objects.get().request.member == taro


def test_nobody_signs_in_any_more(leaving: Member) -> None:
    email, http = leaving.account.email, Client()
    http.force_login(leaving.account)
    SignIn.objects.create(
        id=leaving.id, account=leaving.account, method="password", succeeded=False, at=NOW
    )
    close_due(at=OVER)
    assert not Account.objects.filter(email=email).exists()
    closed = Account.objects.get(pk=leaving.account_id)
    assert (closed.name, closed.is_active, closed.has_usable_password()) == ("", False, False)
    for rows in (EmailAddress.objects, Authenticator.objects):
        assert not rows.filter(user=closed).exists()
    assert not SignIn.objects.filter(account=closed).exists()
    assert http.get("/box/")["Location"].startswith("/account/login/")


def test_listed_sessions_are_deleted(leaving: Member) -> None:
    Authenticator.objects.filter(user=leaving.account).delete()
    http = Client()
    http.post("/account/login/", {"login": leaving.account.email, "password": PASSWORD})
    key = http.session.session_key
    assert Session.objects.filter(session_key=key).exists()
    close_due(at=OVER)
    assert not Session.objects.filter(session_key=key).exists()


def test_the_address_may_sign_up_anew(leaving: Member) -> None:
    email = leaving.account.email
    close_due(at=OVER)
    assert make_account(email, "花子").pk != leaving.account_id


def test_evidence_stays(leaving: Member, letter: Letter) -> None:
    before = set(Line.objects.values_list("id", flat=True))
    close_due(at=OVER)
    assert before < set(Line.objects.values_list("id", flat=True))
    assert Letter.objects.filter(id=letter.id).exists()
    assert events_of(leaving)[-1] == ("MailboxClosed", "asked")
    leaving.refresh_from_db()
    assert leaving.closed_at == OVER


def test_closing_twice_is_the_same_as_once(leaving: Member) -> None:
    assert [close_due(at=OVER), close_due(at=OVER)] == [1, 0]
    assert [event for event, _ in events_of(leaving)] == ["MailboxClosing", "MailboxClosed"]


def test_a_merged_accounts_mailbox_closes_with_it(hanako: Member, taro: Member) -> None:
    Member.objects.filter(id=taro.id).update(merged_into=hanako)
    hanako.merged_mailboxes = [taro.mailbox_id]
    hanako.save()
    ask_to_close(hanako, at=NOW)
    assert close_due(at=OVER) == 1
    taro.refresh_from_db()
    assert taro.closed_at == OVER
    assert not MailboxKey.objects.filter(mailbox_id__in=hanako.mailboxes).exists()
    assert events_of(taro)[-1] == ("MailboxClosed", "asked")
    assert not Account.objects.filter(email="taro@example.jp").exists()


def test_it_closes_once_also_when_the_merged_account_comes_first(
    hanako: Member, taro: Member
) -> None:
    hanako.merged_mailboxes = [taro.mailbox_id]
    hanako.save()
    Member.objects.filter(id=taro.id).update(merged_into=hanako)
    ask_to_close(hanako, at=NOW)
    earlier = F("closing_at") - timedelta(seconds=1)
    Member.objects.filter(id=taro.id).update(closing_at=earlier)
    assert close_due(at=OVER) == 1
    assert events_of(taro) == [("MailboxClosing", "asked"), ("MailboxClosed", "asked")]


def test_who_asked_first_is_closed_first(
    leaving: Member, taro: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_to_close(taro, at=NOW - timedelta(seconds=1))
    monkeypatch.setattr(closing, "AT_ONCE", 1)
    for closed in (taro, leaving):
        assert close_due(at=OVER) == 1
        closed.refresh_from_db()
        assert closed.closed_at == OVER


def test_an_account_that_another_took_in_is_not_closed_alone(hanako: Member, taro: Member) -> None:
    Member.objects.filter(id=taro.id).update(merged_into=hanako)
    with pytest.raises(MemberNotFound):
        ask_to_close(taro, at=NOW)


def test_the_neighbours_keep_everything(leaving: Member, jiro: Member, taro: Member) -> None:
    declare(jiro, SAID, at=NOW)
    sender = Subscription.objects.filter(mailbox_id=leaving.mailbox_id).values_list("sender_id")
    subscriptions.choose(taro, sender[0][0], at=NOW)
    close_due(at=OVER)
    for neighbour in (jiro, taro):
        assert MailboxKey.objects.filter(mailbox_id=neighbour.mailbox_id).exists()
        assert EmailAddress.objects.filter(user=neighbour.account).exists()
    assert DeclaredAttributes.objects.filter(member=jiro).exists()
    assert Subscription.objects.filter(mailbox_id=taro.mailbox_id, ended_at=None).exists()


def test_one_that_cannot_be_closed_does_not_block_the_next(
    leaving: Member, taro: Member, caplog: pytest.LogCaptureFixture
) -> None:
    ask_to_close(taro, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE accounts_account ADD CONSTRAINT stays"
            " CHECK (name <> '' OR email NOT LIKE %s)",
            [f"{leaving.account_id}%"],
        )
    assert close_due(at=OVER) == 1
    assert "IntegrityError" in caplog.text
    assert "closed.invalid" not in caplog.text  # what the database says may name somebody
    leaving.refresh_from_db()
    taro.refresh_from_db()
    assert (leaving.closed_at, taro.closed_at) == (None, OVER)
    assert MailboxKey.objects.filter(mailbox_id=leaving.mailbox_id).exists()
