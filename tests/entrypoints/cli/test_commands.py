"""What an operator types."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection

from mypost.accounts.models import Account
from mypost.entrypoints.cli.__main__ import main
from mypost.evidence.models import Line
from mypost.members.models import LevelChange, Member
from mypost.senders.models import Sender, Staff
from tests.entrypoints.signed_in import give_passkey
from tests.told import commits_to

pytestmark = pytest.mark.django_db


def test_a_level_is_set_with_its_reason_as_evidence(
    jiro: Member, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["set-level", "jiro@example.jp", "2", "--reason", "came to the counter"]) == 0
    jiro.refresh_from_db()
    assert jiro.level == 2
    change = LevelChange.objects.get(member=jiro)
    assert (change.source, change.reason) == ("operator", "came to the counter")
    assert Line.objects.filter(event="AssuranceLevelChanged").count() == 1
    assert capsys.readouterr().out == "jiro@example.jp is now at level 2.\n"


def test_each_gets_the_level_that_was_meant_for_them(hanako: Member, jiro: Member) -> None:
    for member, level in ((jiro, "1"), (hanako, "2")):
        assert main(["set-level", member.account.email, level, "--reason", "x"]) == 0
    assert dict(Member.objects.values_list("id", "level")) == {jiro.id: 1, hanako.id: 2}


def test_a_level_without_a_reason_is_refused(jiro: Member) -> None:
    with pytest.raises(SystemExit):
        main(["set-level", "jiro@example.jp", "2"])
    assert not LevelChange.objects.exists()


@pytest.mark.parametrize("level", ["-1", "4", "high"])
def test_there_are_four_levels(jiro: Member, level: str) -> None:
    for known in range(4):
        assert main(["set-level", "JIRO@example.jp", str(known), "--reason", "x"]) == 0
    with pytest.raises(SystemExit):
        main(["set-level", "jiro@example.jp", level, "--reason", "x"])


def test_who_is_no_member_has_no_level(clerk: Staff, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["set-level", "clerk@example.jp", "2", "--reason", "x"]) == 1
    assert capsys.readouterr().out == "No member signs in as clerk@example.jp.\n"


def test_nobody_of_that_address_is_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["set-level", "nobody@example.jp", "2", "--reason", "x"]) == 1
    assert "No member" in capsys.readouterr().out


def test_a_person_is_let_in_to_work_for_a_sender(city: Sender) -> None:
    main(
        ["add-staff", "new@example.jp", "--name", "新人", "--sender", city.code, "--role", "clerk"]
    )
    account = Account.objects.get(email="new@example.jp")
    assert account.sender_staff.sender_id == city.id
    assert (account.sender_staff.role, account.name) == ("clerk", "新人")
    assert may_set_a_password(account)


def may_set_a_password(account: Account) -> bool:
    """Say whether one is set by "forgotten password" only, which mails to a known address."""
    address = EmailAddress.objects.get(user=account)
    is_known = address.email == account.email and address.primary and address.verified
    return is_known and not account.has_usable_password()


def test_the_first_person_of_a_sender_administers_it(city: Sender) -> None:
    main(["add-staff", "new@example.jp", "--name", "新人", "--sender", city.code])
    assert Staff.objects.get().role == "administrator"


def test_no_sender_of_that_code_lets_nobody_in(city: Sender) -> None:
    Sender.objects.update(contract_state="ended")
    for code in ("000000", city.code):
        assert main(["add-staff", "new@example.jp", "--name", "新人", "--sender", code]) == 1
    assert not Account.objects.exists()


def test_who_cannot_be_let_in_leaves_no_account(clerk: Staff) -> None:
    """The account is made first; what fails after it takes it along."""
    given = ["add-staff", "new@example.jp", "--name", "新人", "--sender", clerk.sender.code]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing is pending when tables change
        for table in ("senders_staff", "operators_operator"):
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT is_full CHECK (false) NOT VALID")
    for command in (given, ["add-operator", "new@example.jp", "--name", "長"]):
        with pytest.raises(IntegrityError):
            main(command)
        assert not Account.objects.filter(email="new@example.jp").exists()


def test_a_person_is_let_into_the_back_office() -> None:
    assert main(["add-operator", "boss@example.jp", "--name", "長"]) == 0
    account = Account.objects.get(email="boss@example.jp")
    assert account.operator
    assert account.name == "長"
    assert may_set_a_password(account)


def test_waiting_evidence_is_taken_in_and_counted(
    jiro: Member, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["integrate"]) == 0
    assert capsys.readouterr().out == "1\n"  # his mailbox was made
    assert not Line.objects.filter(leaf_index=None).exists()


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
    assert main(["forget-factors", "Clerk@example.jp", "--reason", " came with her ID "]) == 0
    assert not Authenticator.objects.filter(user=clerk.account).exists()
    line = Line.objects.get(event="FactorsForgotten", subject_id=clerk.account_id)
    assert commits_to(line, reason="came with her ID")


def test_each_keeps_their_factors_until_it_is_about_them(clerk: Staff, jiro: Member) -> None:
    accounts = [clerk.account, jiro.account]
    for account in accounts:
        give_passkey(account)
    while accounts:
        held = Authenticator.objects.values_list("user_id", flat=True)
        assert set(held) == {account.id for account in accounts}
        assert main(["forget-factors", accounts.pop().email, "--reason", "x"]) == 0
    assert not Authenticator.objects.exists()


def test_no_factor_is_forgotten_without_a_reason_or_for_nobody(
    clerk: Staff, capsys: pytest.CaptureFixture[str]
) -> None:
    give_passkey(clerk.account)
    assert main(["forget-factors", "clerk@example.jp", "--reason", " "]) == 1
    assert main(["forget-factors", "nobody@example.jp", "--reason", "x"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told == ["Say why.", "Nobody signs in as nobody@example.jp."]
    with pytest.raises(SystemExit):
        main(["forget-factors", "clerk@example.jp"])
    assert Authenticator.objects.filter(user=clerk.account).exists()
