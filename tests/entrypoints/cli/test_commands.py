"""What an operator types."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection

from mypost.accounts.models import Account
from mypost.entrypoints.cli.__main__ import main
from mypost.evidence.models import Line
from mypost.members.models import LevelChange, Member
from mypost.senders.models import Sender, Staff
from tests.entrypoints.signed_in import give_passkey

pytestmark = pytest.mark.django_db


def test_a_level_is_set_with_its_reason_as_evidence(jiro: Member) -> None:
    assert main(["set-level", "jiro@example.jp", "2", "--reason", "came to the counter"]) == 0
    jiro.refresh_from_db()
    assert jiro.level == 2
    assert LevelChange.objects.get(member=jiro).reason == "came to the counter"
    assert Line.objects.filter(event="AssuranceLevelChanged").count() == 1


def test_a_level_without_a_reason_is_refused(jiro: Member) -> None:
    with pytest.raises(SystemExit):
        main(["set-level", "jiro@example.jp", "2"])
    assert not LevelChange.objects.exists()


def test_nobody_of_that_address_is_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["set-level", "nobody@example.jp", "2", "--reason", "x"]) == 1
    assert "No member" in capsys.readouterr().out


def test_a_person_is_let_in_to_work_for_a_sender(city: Sender) -> None:
    main(
        ["add-staff", "new@example.jp", "--name", "新人", "--sender", city.code, "--role", "clerk"]
    )
    account = Account.objects.get(email="new@example.jp")
    assert account.sender_staff.sender_id == city.id
    assert not account.has_usable_password()


def test_no_sender_of_that_code_lets_nobody_in() -> None:
    assert main(["add-staff", "new@example.jp", "--name", "新人", "--sender", "000000"]) == 1
    assert not Account.objects.exists()


def test_a_person_is_let_into_the_back_office() -> None:
    assert main(["add-operator", "boss@example.jp", "--name", "長"]) == 0
    assert Account.objects.get(email="boss@example.jp").operator


def test_the_ledger_is_told_whole(letter: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-ledger"]) == 0
    assert "whole" in capsys.readouterr().out


def test_a_ledger_that_is_not_whole_is_told_so(
    letter: object, capsys: pytest.CaptureFixture[str]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM vault_envelope")
        cursor.execute("DELETE FROM notifications_alert")
    assert main(["check-ledger"]) == 1
    told = capsys.readouterr().out
    assert "1 letters without an envelope" in told
    assert "1 letters that owe no alert" in told


def test_who_lost_a_passkey_may_register_another(clerk: Staff) -> None:
    give_passkey(clerk.account)
    assert main(["forget-factors", "clerk@example.jp", "--reason", "came with her ID"]) == 0
    assert not Authenticator.objects.filter(user=clerk.account).exists()
    assert Line.objects.filter(event="FactorsForgotten", subject_id=clerk.account_id).count() == 1


def test_no_factor_is_forgotten_without_a_reason_or_for_nobody(clerk: Staff) -> None:
    give_passkey(clerk.account)
    assert main(["forget-factors", "clerk@example.jp", "--reason", " "]) == 1
    assert main(["forget-factors", "nobody@example.jp", "--reason", "x"]) == 1
    assert Authenticator.objects.filter(user=clerk.account).exists()
