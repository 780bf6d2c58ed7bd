"""Sets the scene inside a running house: a city, its key, members; and says what is there.

Runs as a process of its own, because the test's Django belongs to another database.
"""

from collections.abc import Callable

import django

django.setup()

from mypost.accounts.models import Account
from mypost.common.clock import now
from mypost.intake import ledger
from mypost.intake.models import Consignment, Item
from mypost.letters.models import Letter
from mypost.members import commands as members
from mypost.members.models import Member
from mypost.senders import commands as senders
from mypost.senders.models import Scope, Sender, Staff
from mypost.subscriptions import commands as subscriptions
from mypost.subscriptions.queries import pseudonyms_of
from tests.journeys.asking import answer_each


def set_up(count: int) -> dict[str, object]:
    """A city with an API key, and so many members who chose it."""
    at = now()
    sender = Sender(name="みなと市", code="072991", kind=Sender.Kind.MUNICIPALITY)
    senders.apply_for_contract(sender, at=at)
    senders.move_contract(sender.id, Sender.ContractState.ACTIVE, reason="test", at=at)
    clerk = Account.objects.create_user("clerk@example.jp", "not-used-here", name="職員")
    staff = senders.add_staff(sender, clerk, Staff.Role.ADMINISTRATOR, at=at)
    _key, secret = senders.make_api_key(staff, name="t", live=True, scopes=list(Scope), at=at)
    pseudonyms = []
    for number in range(count):
        account = Account.objects.create_user(f"m{number}@example.jp", None, name=f"会員{number}")
        member = members.open_mailbox(account, at=at)
        pseudonyms.append(subscriptions.choose(member, sender.id, at=at).pseudonym)
    return {"secret": secret, "pseudonyms": pseudonyms}


def make_keys(*emails: str) -> dict[str, object]:
    """A live key for each of these people's senders."""
    secrets = {}
    for email in emails:
        staff = Staff.objects.get(account__email=email)
        _key, secrets[email] = senders.make_api_key(
            staff, name="t", live=True, scopes=list(Scope), at=now()
        )
    return dict(secrets)


def name_for(email: str, staff_email: str) -> str:
    """The pseudonym by which a sender knows a member."""
    member = Member.objects.get(account__email=email)
    sender_id = Staff.objects.get(account__email=staff_email).sender_id
    return pseudonyms_of(sender_id, [member.mailbox_id])[member.mailbox_id]


def account_for() -> dict[str, object]:
    """What the ledger says, and what is really there."""
    consignments = Consignment.objects.all()
    return {
        "broken": ledger.check(),
        "pending": sum(c.pending for c in consignments),
        "in_mailbox": sum(c.in_mailbox for c in consignments),
        "states": sorted(c.state for c in consignments),
        "letters": Letter.objects.count(),
        "items": Item.objects.count(),
    }


if __name__ == "__main__":
    acts: dict[str, Callable[..., object]] = {
        "set-up": set_up,
        "make-keys": make_keys,
        "name-for": name_for,
        "account-for": account_for,
    }
    answer_each(lambda act, *given: acts[act](*given))
