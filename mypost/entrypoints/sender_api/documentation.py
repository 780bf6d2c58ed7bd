"""Pages about the API for people: the calls, and the list of problems."""

import json

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from mypost.common.transactions import reads
from mypost.entrypoints.access import public
from mypost.entrypoints.sender_api.api import api
from mypost.entrypoints.sender_api.catalogue import COLUMNS, PROBLEMS, REFUSALS
from mypost.entrypoints.sender_api.limits import BURST, PER_SECOND
from mypost.entrypoints.sender_api.problems import problem as told
from mypost.entrypoints.sender_api.reference import calls_in_groups

FIRST_LETTER = """\
export MYPOST_KEY=mp_test_…
curl -H "Authorization: Bearer $MYPOST_KEY" \\
  -F 'letter={"recipient": "TEST-DELIVERED",
    "reference": "first", "subject": "お知らせ"}' \\
  {base}/letters"""


@public
@require_GET
@reads
def reference(request: HttpRequest) -> HttpResponse:
    """Show every call, from the same description that programs read."""
    base = settings.SENDER_URL + reverse("sender_api:api-root").rstrip("/")
    facts = {
        "first_letter": FIRST_LETTER.replace("{base}", base),
        "a_problem": _a_problem(),
        "groups": calls_in_groups(api.get_openapi_schema(), base=base),
        "burst": f"{BURST:,}",
        "per_second": int(PER_SECOND),
    }
    return render(request, "sender_api/reference.html", facts)


def _a_problem() -> str:
    detail = gettext("At most 120 characters are allowed.")
    written = {
        "type": reverse("api_problem", args=["field_invalid"]),
        "code": "field_invalid",
        "status": PROBLEMS["field_invalid"].status,
        "title": str(PROBLEMS["field_invalid"].title),
        "detail": str(PROBLEMS["field_invalid"].title),
        "instance": reverse("sender_api:submit_letter"),
        "errors": [{"pointer": "/subject", "code": "field_invalid", "detail": detail}],
    }
    return json.dumps(written, ensure_ascii=False, indent=2)


@public
@require_GET
@reads
def problems(request: HttpRequest) -> HttpResponse:
    """List every code."""
    facts = {"problems": PROBLEMS, "refusals": REFUSALS, "columns": COLUMNS}
    return render(request, "sender_api/problems.html", facts)


@public
@require_GET
@reads
def one_problem(request: HttpRequest, code: str) -> HttpResponse:
    """Explain one code."""
    problem, refusal, column = PROBLEMS.get(code), REFUSALS.get(code), COLUMNS.get(code)
    if problem is None and refusal is None and column is None:
        raise Http404
    facts = {"code": code, "problem": problem, "refusal": refusal, "column": column}
    return render(request, "sender_api/problem.html", facts)


@public
@csrf_exempt  # a program brings a key, no cookie, and expects to be told what it did
@reads
def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer an unknown address as a program expects it."""
    return told(request, "not_found")
