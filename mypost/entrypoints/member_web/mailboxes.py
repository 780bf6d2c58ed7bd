"""Opening a mailbox: at once when the e-mail address is confirmed, or later by its own button."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from mypost.accounts.models import Account
from mypost.common.clock import now
from mypost.common.transactions import reads, writes
from mypost.entrypoints.member_web.auth import AccountRequest, member_of, signed_in_only
from mypost.members import commands as members
from mypost.operators.models import Operator
from mypost.senders.models import Staff


def open_when_confirmed(*, email_address: EmailAddress, **_: object) -> None:
    """Open the mailbox in the transaction that confirms the address (allauth's signal).

    Staff and operators confirm addresses too, at their own doors, and get no mailbox by it.
    """
    account = email_address.user
    if settings.DOOR == "member_web" and not _works_elsewhere(account):
        members.open_mailbox(account, at=now())


@require_safe
@reads
@signed_in_only
def no_mailbox(request: AccountRequest) -> HttpResponse:
    """Tell staff and operators which door is theirs; let others open the mailbox they miss."""
    if member_of(request):
        return redirect("start")
    return render(request, "member_web/mailboxes/no_mailbox.html", _whereabouts(request.user))


@require_POST
@writes
@signed_in_only
def open_mailbox(request: AccountRequest) -> HttpResponse:
    """Open the mailbox of somebody whose address is confirmed."""
    confirmed = EmailAddress.objects.filter(user=request.user, verified=True).exists()
    if not confirmed or _works_elsewhere(request.user):
        return redirect("no_mailbox")
    members.open_mailbox(request.user, at=now())
    return redirect("start")


def _works_elsewhere(account: Account) -> bool:
    return _is_staff(account) or _is_operator(account)


def _is_staff(account: Account) -> bool:
    return Staff.objects.filter(account=account).exists()


def _is_operator(account: Account) -> bool:
    return Operator.objects.filter(account=account).exists()


def _whereabouts(account: Account) -> dict[str, object]:
    return {
        "is_staff": _is_staff(account),
        "is_operator": _is_operator(account),
        "operator_url": settings.OPERATOR_URL,
    }
