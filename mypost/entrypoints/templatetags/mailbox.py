"""What the member's pages show in many places."""

import re

from django import template

from mypost.letters import queries as letters
from mypost.senders.models import Sender

register = template.Library()

LEGAL_FORM = re.compile(
    r"^(株式会社|有限会社|合同会社|合名会社|合資会社|(一般|公益)(社団|財団)法人|(地方)?独立行政法人"
    r"|国立大学法人|学校法人|医療法人|社会福祉法人)\s*"
)


@register.filter
def initial(sender: Sender | None) -> str:
    """Return the character that marks a sender: the first one that says something.

    A sender that the reader may not know now, None, is marked with a dash.
    """
    if sender is None:
        return "—"
    return LEGAL_FORM.sub("", sender.local_name)[:1]


@register.simple_tag(takes_context=True)
def unread_letters(context: template.Context) -> int:
    """Return how many letters the signed-in member has not opened; 0 for everybody else."""
    member = getattr(context["request"].user, "member", None)
    if member is None:
        return 0
    if not hasattr(member, "unread_letters"):  # the frame and the page both ask
        member.unread_letters = letters.count_unread(member)
    unread: int = member.unread_letters
    return unread
