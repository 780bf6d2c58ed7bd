"""Commands that need the database."""

import argparse

from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db import transaction

from mypost.accounts import commands as accounts
from mypost.accounts.models import Account
from mypost.common.clock import now
from mypost.entrypoints import worker
from mypost.entrypoints.cli import rights
from mypost.evidence import commands as evidence
from mypost.intake import ledger
from mypost.members import commands as members
from mypost.members.models import AssuranceLevel, Member
from mypost.operators import commands as operators
from mypost.senders import commands as senders
from mypost.senders.models import Sender, Staff

FIRST_PASSWORD = "The first password is set through “forgotten password”."  # noqa: S105  no secret


def run(given: argparse.Namespace) -> int:
    """Run one command; return its exit status."""
    if given.command == "migrate":
        return migrate()
    if given.command == "worker":
        return worker.run(concurrency=given.concurrency)
    if given.command == "integrate":
        print(evidence.integrate(at=now()))
        return 0
    if given.command == "check-ledger":
        return check_ledger()
    if given.command == "add-staff":
        return add_staff(given.email, given.name, given.sender, Staff.Role(given.role))
    if given.command == "add-operator":
        return add_operator(given.email, given.name)
    if given.command == "forget-factors":
        return forget_factors(given.email, given.reason)
    return set_level(given.email, AssuranceLevel(given.level), given.reason)


def migrate() -> int:
    """Bring tables, roles and grants up to date. Doing it twice is the same as once."""
    with rights.one_at_a_time():
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        rights.settle()
    return 0


def check_ledger() -> int:
    """Print what is not whole; exit status 1 when anything is not."""
    broken = ledger.check()
    for rule, count in broken.items():
        print(f"{count} {rule}")
    if not broken:
        print("The ledger is whole.")
    return 1 if broken else 0


def add_staff(email: str, name: str, code: str, role: Staff.Role) -> int:
    """Let a person work for the sender with this code."""
    sender = Sender.objects.exclude(contract_state=Sender.ContractState.ENDED)
    employer = sender.filter(code=code).first()
    if employer is None:
        print(f"No sender has the code {code}.")
        return 1
    with transaction.atomic():
        senders.add_staff(employer, _new_account(email, name), role, at=now())
    print(f"{email} works for {employer.name}. {FIRST_PASSWORD}")
    return 0


def add_operator(email: str, name: str) -> int:
    """Let a person into the back office; it asks for a passkey at the first sign-in."""
    with transaction.atomic():
        operators.add_operator(_new_account(email, name), at=now())
    print(f"{email} may enter the back office. {FIRST_PASSWORD}")
    return 0


def _new_account(email: str, name: str) -> Account:
    account = Account.objects.create_user(email, None, name=name)
    EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=True)
    return account


def forget_factors(email: str, reason: str) -> int:
    """Let somebody who lost their passkey register a new one."""
    account = Account.objects.filter(email__iexact=email).first()
    if account is None or not reason.strip():
        print(f"Nobody signs in as {email}." if account is None else "Say why.")
        return 1
    count = accounts.forget_factors(account, reason=reason.strip(), at=now())
    print(f"{count} factors of {email} are forgotten; every session has ended.")
    return 0


def set_level(email: str, level: AssuranceLevel, reason: str) -> int:
    """Set a member's level with its reason on record."""
    account = Account.objects.filter(email__iexact=email).first()
    member = Member.objects.of_account(account.id).first() if account else None
    if member is None:
        print(f"No member signs in as {email}.")
        return 1
    members.set_level(member.id, level, source="operator", reason=reason, at=now())
    print(f"{email} is now at level {int(level)}.")
    return 0
