"""What is forgotten here when a mailbox is closed."""

from mypost.members.models import Member
from mypost.proofing.models import (
    LinkedCard,
    MergeTicket,
    PasscodeRequest,
    PersonKey,
    PostalReport,
)


def forget(*, member: Member, **_others: object) -> None:
    """Delete by what a person was recognised, so that they may come back as a new member."""
    PostalReport.objects.filter(request__member=member).delete()
    PasscodeRequest.objects.filter(member=member).delete()
    LinkedCard.objects.filter(member=member).update(replaced_by=None)
    LinkedCard.objects.filter(member=member).delete()
    PersonKey.objects.filter(member=member).delete()
    MergeTicket.objects.filter(member=member).delete()
