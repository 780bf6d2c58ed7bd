"""The evidence log, as the operator watches it: its head, and what it still owes."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from mypost.common.transactions import reads
from mypost.entrypoints.operator_web.auth import OperatorRequest, operators_only
from mypost.evidence import queries

MOST_SHOWN = 20


@operators_only
@reads
def show_log(request: OperatorRequest) -> HttpResponse:
    """Show the newest signed checkpoints, and how many lines wait for their place."""
    content = {
        "place": "evidence",
        "checkpoints": queries.recent_checkpoints(MOST_SHOWN),
        "backlog": queries.backlog(),
        "verifier_key": settings.LOG_VERIFIER_KEY,
        "checkpoint_url": f"{settings.MEMBER_URL}/log/checkpoint",
    }
    return render(request, "operator_web/evidence/log.html", content)
